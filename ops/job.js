// A job's Wasm module, run in this process: by the shim's own step loop and over its transport, with the operator's credentials.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import { parseExactly } from '../local/exact-json.js';

const HEAD = { method: 'POST', path: '/', headers: [] };
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
const { DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE } = grpc.status;
const PASSING_TROUBLE = new Set([DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE]);

/**
 * `folder`: the built module. `target`: see `openTarget`. `patienceMs`: for so long the calls of a run are repeated when they fail in
 * passing, beside the repeats of the job itself, which last less than a second.
 *
 * { run(parameters) => { outcome, answer, lines, failure, crash }, close }. `failure`: the last call that failed, { code, message }; `crash`: what
 * the module said when it broke.
 */
export function openJob(folder, { host, env, accessToken, quotaProject }, { patienceMs = 0 } = {}) {
  const require = createRequire(join(folder, 'index.js'));
  const { invoke } = require('./invoke.js');
  const { openWire } = require('./wire.js');
  const wire = openWire({ env, accessToken });
  // Google's own clients send it by themselves. A function's account needs none.
  const ofQuota = quotaProject === undefined ? {} : { 'x-goog-user-project': quotaProject };
  return {
    async run(parameters) {
      const giveUpMs = performance.now() + patienceMs;
      let failure;
      const call = async (step) => {
        const answer = await patiently(() => wire.call({ ...step, metadata: { ...step.metadata, ...ofQuota } }), giveUpMs);
        if (answer.status !== 0) failure = failureOf(answer);
        return answer;
      };
      const request = { head: HEAD, caller: null, body: async () => ({ bytes: Buffer.from(JSON.stringify(parameters)) }), host: async () => host };
      const { outcome, body, lines = [], log } = await invoke(request, call);
      const answer = body ? parseExactly(body.toString()) : { faults: [log.reason] };
      if (answer.error !== undefined) throw new Error(`The job can't read its parameters: ${answer.error}`);
      const crash = log?.stack_trace === undefined ? undefined : log.reason;
      return { outcome, answer, lines, failure, crash };
    },
    close: wire.close,
  };
}

async function patiently(call, giveUpMs) {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const answer = await call();
    if (!PASSING_TROUBLE.has(answer.status) || performance.now() + pauseMs > giveUpMs) return answer;
    await sleep(pauseMs);
  }
}

/** In the words of Google's own clients. */
function failureOf({ status, detail }) {
  return { code: status, message: `${status} ${grpc.status[status]}: ${detail}` };
}
