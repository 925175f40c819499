'use strict';

// The entry point of a deployed function: HTTP in, HTTP out. The one file that knows functions-framework.

const diagnostics = require('node:diagnostics_channel');
const functions = require('@google-cloud/functions-framework');

const { refuseEmulatorsInProduction, expectedCaller, hostConfig } = require('./config.js');
const { accessTokens } = require('./credentials.js');
const settings = require('./function.json');
const { invoke } = require('./invoke.js');
const { line } = require('./log.js');
const { functionName } = require('./wasm.js');
const { openWire } = require('./wire.js');

refuseEmulatorsInProduction();
const caller = expectedCaller(settings);
const host = hostConfig();
const wire = openWire({ accessToken: accessTokens() });

// Node tells of each request here before anybody else sees it.
diagnostics.subscribe('http.server.request.start', ({ request }) => leaveUnparsed(request));

// Cloud Functions takes letters, digits and underscores for the name of a function in its code.
const entryPoint = functionName.replaceAll('-', '_');

// Exactly two parameters: a third would make functions-framework take it for another style of function.
functions.http(entryPoint, async (request, response) => {
  leaveDomain();
  const beganAt = performance.now();
  let project;
  const answer = await invoke({
    head: { method: request.method, path: request.originalUrl, headers: request.rawHeaders },
    caller,
    // Absent when the request has no body.
    body: () => request.rawBody ?? Buffer.alloc(0),
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
 * Makes the framework hand over the bytes as they came, whatever the sender calls them. Otherwise it parses JSON that nobody
 * here looks at; hands over nothing where there is no content-type; and what it can't parse or inflate it refuses before this
 * function is asked, with a piece of the text on stderr, where no payload may stand.
 */
function leaveUnparsed({ headers }) {
  headers['content-type'] = 'application/octet-stream';
  delete headers['content-encoding'];
}

/**
 * The framework runs each request in a node:domain. Inside it every promise, every emitter and every emit pays for the
 * domain, which makes a third of a delivery's CPU, and connections belong to the request that happened to open them. What
 * the domain is there for, this function doesn't leave to it: `invoke` never throws. What is thrown elsewhere, in a callback
 * of a library, then ends the instance, and the messages in it are delivered again.
 */
function leaveDomain() {
  process.domain?.exit();
}
