// However the stack ends, nothing of it is left.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import test, { after } from 'node:test';
import { runningStack } from '../../local/stack-file.js';
import { standInFunctions } from '../stack/stand-ins.js';
import { until } from '../stack/until.js';

const GONE_WITHIN_MS = 6000;
const SUPERVISOR = fileURLToPath(new URL('supervisor.js', import.meta.url));
const files = standInFunctions({ noting: { topics: { payments: ['Paid'] } } }, { Paid: 'payments' });
after(() => files.remove());

async function supervised() {
  const child = spawn(process.execPath, [SUPERVISOR, files.project, files.dist, files.stateDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, lines, stack: JSON.parse((await lines.next()).value) };
}

function portsOf({ firestore, pubsub, router, functions }) {
  return [firestore, pubsub, router, ...Object.values(functions).map((url) => new URL(url).host)].map((host) => Number(host.split(':')[1]));
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

const groupIsAlive = (pid) => {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function everythingGone({ pids: { supervisor: _, ...pids }, ...stack }) {
  let left;
  await until(() => `left behind: ${left.join(', ')}`, async () => {
    left = [
      ...Object.entries(pids).filter(([, pid]) => groupIsAlive(pid)).map(([name]) => name),
      ...(await Promise.all(portsOf(stack).map(isOpen))).map((open, index) => open && `port ${index}`).filter(Boolean),
    ];
    return left.length === 0;
  }, { withinMs: GONE_WITHIN_MS, everyMs: 100 });
}

test('a supervisor that is killed outright leaves no orphan, and its leftover file is cleaned up with a note', async () => {
  const { child, stack } = await supervised();
  assert.ok((await Promise.all(portsOf(stack).map(isOpen))).every(Boolean));
  child.kill('SIGKILL');
  await once(child, 'exit');
  await everythingGone(stack);
  const said = [];
  assert.equal(await runningStack(files.stateDir, (line) => said.push(line)), undefined);
  assert.equal(said.length, 1);
  assert.ok(!existsSync(join(files.stateDir, 'stack.json')));
});

test('Ctrl-C ends everything, with its own status', async () => {
  const { child, stack } = await supervised();
  assert.equal((await runningStack(files.stateDir)).router, stack.router);
  child.kill('SIGINT');
  const [status] = await once(child, 'exit');
  assert.equal(status, 130);
  assert.ok(!existsSync(join(files.stateDir, 'stack.json')));
  await everythingGone(stack);
});

for (const part of ['firestore', 'functions', 'router']) {
  test(`when ${part} crashes, everything ends and the sentence names it`, async () => {
    const { child, lines, stack } = await supervised();
    const exited = once(child, 'exit');
    process.kill(-stack.pids[part], 'SIGKILL');
    assert.match((await lines.next()).value, { firestore: /Firestore/, functions: /functions/, router: /router/ }[part]);
    assert.equal((await exited)[0], 1);
    await everythingGone(stack);
  });
}
