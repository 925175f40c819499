'use strict';

// Requests before functions-framework sees them: left as they came, and counted until they are answered. A SIGTERM waits for those.

const diagnostics = require('node:diagnostics_channel');

// Cloud Run kills an instance 10 s after its SIGTERM.
const DRAINED_WITHIN_MS = 8_000;

const servers = new Set();
let inFlight = 0;
let isDraining = false;

/** Node tells of each request here before anybody else sees it: those of every server of this process. */
function watchRequests() {
  diagnostics.subscribe('http.server.request.start', ({ request, response, server }) => {
    leaveUnparsed(request);
    if (servers.size === 0 && !takeOverSignal()) return;
    servers.add(server);
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
      if (isDraining) endIfDrained();
    });
  });
}

/**
 * Makes the framework hand over the request as it came, whatever the sender calls it, and its body unread. Otherwise it reads up to 1 GB
 * before this function is asked who calls; parses JSON that nobody here looks at; and what it can't read, parse, inflate or route it
 * answers itself, with a stack and a piece of the text on stderr. To it each request is one for `/` that has no body.
 */
function leaveUnparsed(request) {
  request.originalUrl ??= request.url;
  request.url = '/';
  for (const name of ['content-type', 'content-encoding', 'content-length', 'transfer-encoding']) delete request.headers[name];
}

/**
 * The framework ends the process at once when it gets a SIGTERM. It listens for one once it serves, so its listener is looked for at the
 * first request; before that there is nothing to wait for. Answers whether there was one: a process that was begun by something else
 * than the framework's own program, with all functions in it, ends as that wants.
 */
function takeOverSignal() {
  const theirs = process.listeners('SIGTERM').filter((listener) => String(listener).includes('sendCrashResponse'));
  if (theirs.length === 0) return false;
  for (const listener of theirs) process.off('SIGTERM', listener);
  process.once('SIGTERM', drain);
  return true;
}

function drain() {
  isDraining = true;
  for (const server of servers) {
    server.close();
    server.closeIdleConnections();
  }
  setTimeout(() => process.exit(0), DRAINED_WITHIN_MS);
  endIfDrained();
}

/** What is unanswered by then is delivered again. */
function endIfDrained() {
  if (inFlight === 0) process.exit(0);
}

/** Whether no new request may begin: it is for another instance. */
const isEnding = () => isDraining;

module.exports = { watchRequests, isEnding };
