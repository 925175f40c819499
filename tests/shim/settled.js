// Settles bodies of the function `probe`, with a wire that gives back what it is given.

import { setTimeout as sleep } from 'node:timers/promises';

import { probeModule } from './probe.js';

const { settle } = probeModule('settle.js');

export const host = { project: 'p', database: '(default)' };

/** Settles a body of orders; `calls` gathers what was asked of the wire. */
export async function settled(orders, { calls = [], delayMs = 0 } = {}) {
  return settle(Buffer.from(orders), host, async (step) => {
    calls.push({ ...step, bytes: Buffer.from(step.bytes).toString() });
    await sleep(delayMs);
    return { messages: [step.bytes], status: 0, detail: '' };
  });
}

export const answersOf = ({ log }) => log.answers;
