// The CPU time of one invocation in the Wasm and the shim's step loop, without HTTP and gRPC: the case files' transcripts, over and
// over, answered with what they were answered natively.
//
//   cargo test -p case-runner --test cases && node bench/invocations.js [--rounds N] [--dist DIR]... [FUNCTION...]
//
// With several folders it takes them in turn, so that what else runs on the machine falls on all alike, and prints each one's median.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TRANSCRIPTS = join(ROOT, 'target', 'transcripts');
const require = createRequire(import.meta.url);

const WARM_UP = 300;
const AT_A_TIME = 1_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '9' }, dist: { type: 'string', multiple: true, default: [join(ROOT, 'dist')] } },
});
const functions = positionals.length > 0 ? positionals : ['access', 'kyc', 'payments', 'profile'];

const transcripts = readdirSync(TRANSCRIPTS)
  .map((file) => JSON.parse(readFileSync(join(TRANSCRIPTS, file), 'utf8')))
  .filter((it) => functions.includes(it.function) && it.afterTrap === undefined && it.exchanges.every(({ kind }) => kind === 'rpc'));
if (transcripts.length === 0) throw new Error(`there is no transcript of ${functions.join(', ')} in ${TRANSCRIPTS}`);

const now = Date.now;
const costs = new Map(values.dist.map((dist) => [dist, []]));
for (const dist of values.dist) await cost(dist, WARM_UP);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const dist of values.dist) costs.get(dist).push(await cost(dist, AT_A_TIME));
}
for (const [dist, each] of costs) {
  const sorted = each.sort((a, b) => a - b);
  const shown = (value) => value.toFixed(1);
  console.log(`${dist}: ${shown(sorted[sorted.length >> 1])} us of CPU per invocation (${shown(sorted[0])} to ${shown(sorted.at(-1))}, ${each.length} rounds of ${AT_A_TIME}, ${transcripts.length} transcripts)`);
}

/** Microseconds of CPU per invocation, over all transcripts in turn. */
async function cost(dist, count) {
  const before = process.cpuUsage();
  for (let i = 0; i < count; i += 1) await invokeAsIn(transcripts[i % transcripts.length], dist);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function invokeAsIn({ function: name, project, body, exchanges, now: times }, dist) {
  const { invoke } = require(resolve(dist, name, 'invoke.js'));
  let next = 0;
  Date.now = () => times[Math.min(next, times.length - 1)];
  const head = { method: 'POST', path: '/', headers: ['content-type', 'application/json', 'host', 'f.example.app', 'user-agent', 'APIs-Google'] };
  const request = { head, caller: null, body: () => ({ bytes: Buffer.from(body, 'base64') }), host: () => ({ project, database: '(default)' }) };
  await invoke(request, async () => {
    const { status, messages } = exchanges[next];
    next += 1;
    return { status, messages: messages.map((message) => Buffer.from(message, 'base64')), detail: '' };
  });
  Date.now = now;
}
