'use strict';

// The entry point of a deployed function: HTTP in, HTTP out. The one file that knows functions-framework.

const functions = require('@google-cloud/functions-framework');

const { readBody } = require('./body.js');
const { refuseEmulatorsInProduction, expectedCaller, hostConfig } = require('./config.js');
const { accessTokens } = require('./credentials.js');
const settings = require('./function.json');
const { invoke } = require('./invoke.js');
const { line } = require('./log.js');
const { watchRequests, isEnding } = require('./requests.js');
const { functionName } = require('./wasm.js');
const { openWire } = require('./wire.js');

refuseEmulatorsInProduction();
const caller = expectedCaller(settings);
const host = hostConfig();
const wire = openWire({ accessToken: accessTokens() });

watchRequests();

// Cloud Functions takes letters, digits and underscores for the name of a function in its code.
const entryPoint = functionName.replaceAll('-', '_');

// Exactly two parameters: a third would make functions-framework take it for another style of function.
functions.http(entryPoint, async (request, response) => {
  leaveDomain();
  if (isEnding()) {
    response.status(503).set('connection', 'close').end();
    return;
  }
  const beganAt = performance.now();
  let project;
  let body;
  const answer = await invoke({
    head: { method: request.method, path: request.originalUrl, headers: request.rawHeaders },
    caller,
    // Once: an invocation that begins again is given the same bytes.
    body: () => (body ??= readBody(request)),
    async host() {
      const config = await host();
      project = config.project;
      return config;
    },
  }, wire.call);

  if (answer.outcome !== undefined) {
    const durationMs = Math.round(performance.now() - beganAt);
    const lines = [...(answer.lines ?? []), line(answer, { durationMs, project })];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  // Not by `send`, which answers some GETs with 304 by itself. A fault's reason stays in the log, which needs a right to be read.
  response.status(answer.status).set(answer.headers).end(answer.body === undefined ? undefined : `${answer.body}\n`);
});

/**
 * The framework runs each request in a node:domain. Inside it every promise, every emitter and every emit pays for the
 * domain, which makes a third of a delivery's CPU, and connections belong to the request that happened to open them. What
 * the domain is there for, this function doesn't leave to it: `invoke` never throws. What is thrown elsewhere, in a callback
 * of a library, then ends the instance, and the messages in it are delivered again.
 */
function leaveDomain() {
  process.domain?.exit();
}
