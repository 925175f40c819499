'use strict';

// The step loop: asks the Wasm what to do next, does it, and brings the result, until the Wasm says that it is done.

const { setTimeout: sleep } = require('node:timers/promises');
const { Delivery, Stale, consumer } = require('./wasm.js');

// How often a delivery begins again because another one broke the instance that it ran in. After that the sender's
// redelivery is the better second try.
const MOST_RESTARTS = 2;

// And how late it may. Each beginning gives it 45 s anew, and the function's own end comes after 50.
const LATEST_RESTART_MS = 5_000;

// A panic's text may be long, and so may that of a call; a log line shouldn't be.
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
  const { settled, restarts } = await converseAgain(body, host, noted);
  const log = { ...settled.log };
  if (settled.status === 500) log.detail = detail;
  if (restarts > 0) log.restarts = restarts;
  return { ...settled, log };
}

async function converseAgain(body, host, call) {
  const beganAtMs = Date.now();
  for (let restarts = 0; ; restarts += 1) {
    try {
      return { settled: await converse(body, host, call), restarts };
    } catch (error) {
      const mayBeginAgain = restarts < MOST_RESTARTS && Date.now() - beganAtMs <= LATEST_RESTART_MS;
      if (error instanceof Stale && mayBeginAgain) continue;
      return { settled: fault(error), restarts };
    }
  }
}

async function converse(body, host, call) {
  const delivery = new Delivery(body, host);
  try {
    let step = delivery.begin();
    for (;;) {
      switch (step.kind) {
        case 'rpc':
          step = delivery.answered(await call(step));
          break;
        case 'wait':
          await sleep(step.ms);
          step = delivery.waited();
          break;
        case 'done':
          return step;
        default:
          throw new Error(`the Wasm asks for a step of kind ${step.kind}, which this host doesn't know`);
      }
    }
  } finally {
    delivery.free();
  }
}

/** What becomes of a delivery that nobody settled: the sender tries again. */
function fault(error) {
  const reason = error.message.slice(0, LONGEST_TEXT);
  // Where Error Reporting looks for a stack.
  const log = { consumer, reason, stack_trace: error.stack };
  return { status: 500, outcome: 'FAULT', severity: 'ERROR', log };
}

module.exports = { settle, fault };
