'use strict';

// The entry point of a deployed function: HTTP in, HTTP out. The one file that knows functions-framework.

const functions = require('@google-cloud/functions-framework');

const { readBody } = require('./body.js');
const { refuseEmulatorsInProduction, expectedCaller, hostConfig } = require('./config.js');
const { accessTokens } = require('./credentials.js');
const { openFetch } = require('./fetch.js');
const settings = require('./function.json');
const { invoke } = require('./invoke.js');
const { line } = require('./log.js');
const { takeOverRequests } = require('./requests.js');
const { functionName } = require('./wasm.js');
const { openWire } = require('./wire.js');

refuseEmulatorsInProduction();
const caller = expectedCaller(settings);
const host = hostConfig();
const accessToken = accessTokens();
const wire = openWire({ accessToken });
const fetched = openFetch({ accessToken });
const call = (step) => (step.kind === 'fetch' ? fetched(step) : wire.call(step));

/** Takes a request of Node's own `http`, and never throws. */
async function answer(request, response) {
  const beganAt = performance.now();
  let project;
  let body;
  const answered = await invoke({
    head: { method: request.method, path: request.url, headers: request.rawHeaders },
    caller,
    // Once: an invocation that begins again is given the same bytes.
    body: () => (body ??= readBody(request)),
    async host() {
      const config = await host();
      project = config.project;
      return config;
    },
  }, call);

  let logged = '';
  if (answered.outcome !== undefined) {
    for (const each of answered.lines ?? []) logged += `${each}\n`;
    logged += `${line(answered, { durationMs: Math.round(performance.now() - beganAt), project })}\n`;
  }
  if (finished.length === 0) setImmediate(sendFinished);
  finished.push({ answered, response, logged });
}

/** What this turn of the event loop has come to. */
let finished = [];

/** One write of the log for all of them, and then their responses: once those are out, an instance may get no more CPU. */
function sendFinished() {
  const all = finished;
  finished = [];
  let logged = '';
  for (const each of all) logged += each.logged;
  if (logged !== '') process.stdout.write(logged);
  for (const { response, answered: { status, headers, body } } of all) {
    // A fault's reason stays in the log, which needs a right to be read.
    response.writeHead(status, headers).end(body === undefined ? undefined : `${body}\n`);
  }
}

// Cloud Functions takes letters, digits and underscores for the name of a function in its code. What is registered is never asked: its
// server is taken over at the first request.
functions.http(functionName.replaceAll('-', '_'), () => {
  throw new Error('functions-framework has kept its requests to itself');
});
takeOverRequests(answer);

// For a process with more than one function, in which each has a server of its own.
module.exports = { answer };
