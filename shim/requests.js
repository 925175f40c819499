'use strict';

// The server that functions-framework opened, taken over from it at its first request. What it is asked is counted until it is answered:
// a SIGTERM waits for that.

const diagnostics = require('node:diagnostics_channel');

// Node tells of each request here before anybody else hears of it.
const REQUEST_START = 'http.server.request.start';

// Cloud Run kills an instance 10 s after its SIGTERM.
const DRAINED_WITHIN_MS = 8_000;

// The second is a terminal's.
const SIGNALS = ['SIGTERM', 'SIGINT'];

let server;
let inFlight = 0;
let isDraining = false;

/**
 * Lets `answer` hear the requests in the framework's place, as they came and with their bodies unread. The framework would read up to 1 GB
 * before this function is asked who calls; parse JSON that nobody here looks at; answer what it can't read, parse, inflate or route by
 * itself, with a stack and a piece of the text on stderr; and run each request in a node:domain, for which every promise and every emitter
 * pays from the first one on (docs/decisions/functions-cpu.md).
 */
function takeOverRequests(answer) {
  diagnostics.subscribe(REQUEST_START, function first(asked) {
    diagnostics.unsubscribe(REQUEST_START, first);
    if (!takeOverSignals()) return;
    server = asked.server;
    server.removeAllListeners('request');
    server.on('request', (request, response) => counted(request, response, answer));
  });
}

function counted(request, response, answer) {
  inFlight += 1;
  response.once('close', () => {
    inFlight -= 1;
    if (isDraining) endIfDrained();
  });
  if (isDraining) {
    // It is for another instance.
    response.writeHead(503, { connection: 'close' }).end();
    return;
  }
  answer(request, response);
}

/**
 * The framework ends the process at once when it gets a signal. It listens for them once it serves, so its listener is looked for at the
 * first request; before that there is nothing to wait for. Answers whether there was one: in a process that was begun by something else
 * than the framework's own program, with all functions in it, no server is known to be this function's.
 */
function takeOverSignals() {
  const theirs = SIGNALS.flatMap((signal) => process.listeners(signal).filter(isFrameworks).map((listener) => ({ signal, listener })));
  for (const { signal, listener } of theirs) {
    process.off(signal, listener);
    process.on(signal, drain);
  }
  return theirs.length > 0;
}

const isFrameworks = (listener) => String(listener).includes('sendCrashResponse');

/** A second signal changes nothing: the first has said it. */
function drain() {
  if (isDraining) return;
  isDraining = true;
  server.close();
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), DRAINED_WITHIN_MS);
  endIfDrained();
}

/** What is unanswered by then is delivered again. */
function endIfDrained() {
  if (inFlight === 0) process.exit(0);
}

module.exports = { takeOverRequests };
