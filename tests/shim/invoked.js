// Invokes the function `probe` with bodies of orders, over a wire that gives back what it is given.

import { setTimeout as sleep } from 'node:timers/promises';

import { probeModule } from './probe.js';

const { invoke } = probeModule('invoke.js');

export const host = { project: 'p', database: '(default)' };
export const head = { method: 'POST', path: '/', headers: [] };

/** Invokes it with a body; `call` does its rpcs. */
export const invokedWith = (body, call) => invoke({ head, caller: null, body: () => ({ bytes: Buffer.from(body) }), host: () => host }, call);

/** Invokes it with a body of orders; `calls` gathers what was asked of the wire. */
export async function invoked(orders, { calls = [], delayMs = 0 } = {}) {
  return invokedWith(orders, async (step) => {
    calls.push({ ...step, bytes: Buffer.from(step.bytes).toString() });
    await sleep(delayMs);
    return { messages: [step.bytes], status: 0, detail: '' };
  });
}

export const answersOf = ({ log }) => log.answers;
