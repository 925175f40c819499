'use strict';

// The step loop: asks the Wasm for the next step, takes it, and brings the result, until the Wasm has a response.

const { setTimeout: sleep } = require('node:timers/promises');
const { Aborted } = require('./body.js');
const { Invocation, Stale, Trap, functionName } = require('./wasm.js');

// How often a request begins again because another one broke the instance that it ran in. After that the sender's
// redelivery is the better second try.
const MOST_RESTARTS = 2;

// The latest time at which an invocation begins again. The Wasm counts its 45 s from the beginning of the first, and looks at them
// after each call, the longest of which takes 10 s. The function's own end comes after 50.
const LATEST_BEGINNING_MS = 35_000;

// A panic's text may be long, and so may that of a call; a log line shouldn't be, and what is filed can't be.
const LONGEST_TEXT = 1_000;

// The statuses of what went well: HTTP's and gRPC's.
const FETCHED = 200;
const CALLED = 0;

/**
 * Handles one request, `{head: {method, path, headers}, caller, body, host}`. The last two are functions: the Wasm accepts the head
 * before the body, `{bytes, end, droppedBytes}`, and `{project, database}` are asked for. `call` does an rpc or a fetch, and answers with its status, what came, and the `detail` of a
 * failure; it never throws. Answers `{status, headers, body, outcome, isFault, severity, log, lines}`, and never throws either.
 */
async function invoke(request, call) {
  // The text of the last call that failed. The Wasm judges by the status alone, but an operator needs the words.
  let detail;
  const noted = async (step) => {
    const answer = await call(step);
    if (answer.status !== (step.kind === 'fetch' ? FETCHED : CALLED)) detail = answer.detail.slice(0, LONGEST_TEXT);
    return answer;
  };
  const { response, restarts, trap } = await runUntilAnswered(request, noted);
  const log = { ...response.log };
  if (trap !== undefined) {
    Object.assign(log, told(trap));
    // A fault with another reason is one of filing: both are to be mended.
    if (response.isFault && response.log.reason !== log.reason) log.unfiled = response.log.reason;
  }
  if (response.isFault) log.detail = detail;
  if (restarts > 0) log.restarts = restarts;
  return { ...response, log };
}

/**
 * Begins again in a fresh instance when the one of before was broken: as before, if it was by another request. If it was by this
 * one, the Wasm is told so; a message is then left to redelivery, or filed if it has come too often.
 */
async function runUntilAnswered(request, call) {
  // Set once the project is known, which may have to be asked for: the time of a delivery runs from then on.
  const clock = { beganAtMs: undefined };
  let restarts = 0;
  let trap;
  for (;;) {
    try {
      const invocation = new Invocation(request.head, request.caller, trap && textOf(trap));
      return { response: await run(invocation, request, clock, call), restarts, trap };
    } catch (error) {
      if (error instanceof Aborted) return { response: aborted(error), restarts, trap };
      const isFirstTrap = error instanceof Trap && trap === undefined;
      if (isFirstTrap) trap = error;
      const mayBeginAgain = isFirstTrap || (error instanceof Stale && restarts < MOST_RESTARTS);
      if (!mayBeginAgain || Date.now() - (clock.beganAtMs ?? Date.now()) > LATEST_BEGINNING_MS) return { response: fault(error), restarts, trap };
      if (!isFirstTrap) restarts += 1;
    }
  }
}

async function run(invocation, request, clock, call) {
  let step;
  let lateTrap;
  try {
    step = invocation.begin(clock.beganAtMs);
    while (step.kind !== 'done') step = await stepAfter(step, invocation, request, clock, call);
  } finally {
    lateTrap = invocation.free();
  }
  // The response stands: it would be wrong to file what was applied. But it is a bug, and has to be seen.
  return lateTrap === undefined ? step : { ...step, severity: 'ERROR', log: { ...step.log, ...told(lateTrap) } };
}

async function stepAfter(step, invocation, request, clock, call) {
  switch (step.kind) {
    case 'body': {
      const [body, host] = [await request.body(), await request.host()];
      clock.beganAtMs ??= Date.now();
      return invocation.body(body, host, clock.beganAtMs);
    }
    case 'rpc':
      return invocation.answered(await call(step));
    case 'fetch':
      return invocation.fetched(await call(step));
    case 'wait':
      await sleep(step.ms);
      return invocation.waited();
    default:
      throw new Error(`the Wasm asks for a step of kind ${step.kind}, which this host doesn't know`);
  }
}

/** The response to a request that nobody answered: the sender tries again. */
function fault(error) {
  const log = { consumer: functionName, ...told(error) };
  return { status: 500, headers: { 'boma-outcome': 'FAULT' }, outcome: 'FAULT', isFault: true, severity: 'ERROR', log };
}

/** For the log alone: nobody is there any more to hear it. */
function aborted(error) {
  const log = { consumer: functionName, reason: error.message };
  return { status: 400, headers: {}, outcome: 'ABORTED', isFault: false, severity: 'WARNING', log };
}

/** An error's fields of the log line. `stack_trace` is where Error Reporting looks for a stack. */
const told = (error) => ({ reason: textOf(error), stack_trace: error.stack });

const textOf = (error) => error.message.slice(0, LONGEST_TEXT);

module.exports = { invoke };
