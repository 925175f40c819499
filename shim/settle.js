'use strict';

// The step loop: asks the Wasm what to do next, does it, and brings the result, until the Wasm says that it is done.

const { setTimeout: sleep } = require('node:timers/promises');
const { Delivery, Stale, Trap, consumer } = require('./wasm.js');

// How often a delivery begins again because another one broke the instance that it ran in. After that the sender's
// redelivery is the better second try.
const MOST_RESTARTS = 2;

// And how late any conversation may begin. The Wasm counts its 45 s from the beginning of the first, and looks at them after
// each call, the longest of which takes 10 s. The function's own end comes after 50.
const LATEST_BEGINNING_MS = 35_000;

// A panic's text may be long, and so may that of a call; a log line shouldn't be, and what is filed can't be.
const LONGEST_TEXT = 1_000;

/**
 * Handles one message. `call` does an rpc and answers `{messages, status, detail}`; it never throws.
 * Answers `{status, outcome, severity, log}`, and never throws either.
 */
async function settle(body, host, call) {
  // What the last call that failed said. The Wasm judges by the status alone, but whoever mends a fault wants the words.
  let detail;
  const noted = async (step) => {
    const answer = await call(step);
    if (answer.status !== 0) detail = answer.detail.slice(0, LONGEST_TEXT);
    return answer;
  };
  const { settled, restarts, trap } = await converseUntilSettled(body, host, noted);
  const log = { ...settled.log };
  if (trap !== undefined) {
    Object.assign(log, told(trap));
    // A fault with another reason is one of filing: both are to be mended.
    if (settled.status === 500 && settled.log.reason !== log.reason) log.unfiled = settled.log.reason;
  }
  if (settled.status === 500) log.detail = detail;
  if (restarts > 0) log.restarts = restarts;
  return { ...settled, log };
}

/**
 * Begins again in a fresh instance when the one of before was broken: as before, if it was by another delivery. If it was by
 * this one, the message isn't decided any more; the Wasm leaves it to redelivery, or files it if it has come too often.
 */
async function converseUntilSettled(body, host, call) {
  const beganAtMs = Date.now();
  let restarts = 0;
  let trap;
  for (;;) {
    try {
      const delivery = new Delivery(body, host, trap && textOf(trap));
      return { settled: await converse(delivery, beganAtMs, call), restarts, trap };
    } catch (error) {
      const isFirstTrap = error instanceof Trap && trap === undefined;
      if (isFirstTrap) trap = error;
      const mayBeginAgain = isFirstTrap || (error instanceof Stale && restarts < MOST_RESTARTS);
      if (!mayBeginAgain || Date.now() - beganAtMs > LATEST_BEGINNING_MS) return { settled: fault(error), restarts, trap };
      if (!isFirstTrap) restarts += 1;
    }
  }
}

async function converse(delivery, beganAtMs, call) {
  let step;
  let lateTrap;
  try {
    step = delivery.begin(beganAtMs);
    while (step.kind !== 'done') step = await stepAfter(step, delivery, call);
  } finally {
    lateTrap = delivery.free();
  }
  // What it came to stands: it would be wrong to file what was applied. But it is a bug, and whoever mends it must hear of it.
  return lateTrap === undefined ? step : { ...step, severity: 'ERROR', log: { ...step.log, ...told(lateTrap) } };
}

async function stepAfter(step, delivery, call) {
  switch (step.kind) {
    case 'rpc':
      return delivery.answered(await call(step));
    case 'wait':
      await sleep(step.ms);
      return delivery.waited();
    default:
      throw new Error(`the Wasm asks for a step of kind ${step.kind}, which this host doesn't know`);
  }
}

/** What becomes of a delivery that nobody settled: the sender tries again. */
function fault(error) {
  return { status: 500, outcome: 'FAULT', severity: 'ERROR', log: { consumer, ...told(error) } };
}

/** An error's fields of the log line. `stack_trace` is where Error Reporting looks for a stack. */
const told = (error) => ({ reason: textOf(error), stack_trace: error.stack });

const textOf = (error) => error.message.slice(0, LONGEST_TEXT);

module.exports = { settle, fault };
