// A developer's shell behind a company's proxy: nothing that is called on this machine goes through it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import test, { after } from 'node:test';
import { readFunctions } from '../../manifest/functions.js';
import { exceptLoopback } from '../../local/proxies.js';
import { runReplay } from '../../local/run/run.js';
import { deployedNode } from '../stack/deployed-node.js';
import { standInFunctions } from '../stack/stand-ins.js';

const SUPERVISOR = fileURLToPath(new URL('supervisor.js', import.meta.url));
const SETTINGS = ['http_proxy', 'https_proxy', 'all_proxy', 'grpc_proxy'];
const files = standInFunctions({ noting: { topics: { payments: ['Paid'] } } }, { Paid: 'payments' });
after(() => files.remove());

/** Takes connections and ends them, as one would that can't reach what it is asked for. */
async function brokenProxy() {
  let taken = 0;
  const server = net.createServer((socket) => { taken += 1; socket.destroy(); }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${server.address().port}`;
  const env = Object.fromEntries(SETTINGS.flatMap((name) => [[name, address], [name.toUpperCase(), address]]));
  return { env: { ...env, NODE_USE_ENV_PROXY: '1' }, taken: () => taken, close: () => server.close() };
}

// Node 24 takes proxies from the environment of itself, when it is told to; before it this setting says nothing.
const NODES = [['this Node', () => process.execPath], ['the Node of functions', deployedNode]];
const EXCEPTED = [[undefined, 'nothing'], ['example.com', 'another host'], ['*', 'everything']];
for (const [[which, node], [noProxy, what]] of NODES.flatMap((one) => EXCEPTED.map((other) => [one, other]))) {
  test(`a stack on ${which} and a replay through it call no proxy where ${what} is excepted`, async () => {
    const proxy = await brokenProxy();
    const except = noProxy === undefined ? {} : { no_proxy: noProxy, NO_PROXY: noProxy };
    const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^no_/i.test(name)));
    const child = spawn(node(), [SUPERVISOR, files.project, files.dist, files.stateDir], {
      stdio: ['ignore', 'pipe', 'inherit'], env: { ...others, ...proxy.env, ...except }, timeout: 60_000,
    });
    try {
      const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
      assert.ok(value, 'the stack ended while it was starting');
      const stack = JSON.parse(value);
      const event = { id: '00000000-0000-4000-8000-000000000001', type: 'Paid', subject: 'U' };
      const events = join(files.dir, 'events.ndjson');
      writeFileSync(events, JSON.stringify(event));
      const report = join(files.dir, 'report.json');
      Object.assign(process.env, proxy.env);
      const status = await runReplay({
        files: [events], total: 1, report, barrier: true, stack, stateDir: files.stateDir, ...readFunctions(files.dist),
        setUp: { installed: false, seconds: 0 }, startedMs: Date.now(), say: () => {}, signal: AbortSignal.timeout(60_000),
      });
      assert.deepEqual({ status, applied: JSON.parse(readFileSync(report, 'utf8')).applied, taken: proxy.taken() }, { status: 0, applied: 1, taken: 0 });
    } finally {
      for (const name of Object.keys(proxy.env)) delete process.env[name];
      child.kill('SIGINT');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      proxy.close();
    }
  });
}

const LOOPBACK = 'localhost,127.0.0.1,::1';
for (const [given, due] of [
  [{}, { no_proxy: LOOPBACK, NO_PROXY: LOOPBACK }],
  [{ NO_PROXY: 'a.example, b.example' }, { no_proxy: `a.example,b.example,${LOOPBACK}`, NO_PROXY: `a.example,b.example,${LOOPBACK}` }],
  [{ no_proxy: LOOPBACK, NO_PROXY: 'a.example' }, { no_proxy: LOOPBACK, NO_PROXY: `a.example,${LOOPBACK}` }],
  [{ no_proxy: '*' }, { no_proxy: '*', NO_PROXY: '*', no_grpc_proxy: LOOPBACK }],
  [{ no_grpc_proxy: 'a.example' }, { no_proxy: LOOPBACK, NO_PROXY: LOOPBACK, no_grpc_proxy: `a.example,${LOOPBACK}` }],
]) {
  test(`${JSON.stringify(given)} and loopback`, () => assert.deepEqual(exceptLoopback({ ...given }), due));
}
