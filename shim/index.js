'use strict';

// The entry point of a deployed function: HTTP in, HTTP out. The one file that knows functions-framework.

const diagnostics = require('node:diagnostics_channel');
const functions = require('@google-cloud/functions-framework');

const { refuseEmulatorsInProduction, expectedCaller, hostConfig } = require('./config.js');
const { accessTokens } = require('./credentials.js');
const settings = require('./function.json');
const { line } = require('./log.js');
const { settle, fault } = require('./settle.js');
const { consumer, forbidden } = require('./wasm.js');
const { openWire } = require('./wire.js');

refuseEmulatorsInProduction();
const caller = expectedCaller(settings);
const host = hostConfig();
const wire = openWire({ accessToken: accessTokens() });

// Node tells of each request here before anybody else sees it.
diagnostics.subscribe('http.server.request.start', ({ request }) => leaveUnparsed(request));

// Cloud Functions takes letters, digits and underscores for the name of a function in its code.
const entryPoint = consumer.replaceAll('-', '_');

// Exactly two parameters: a third would make functions-framework take it for another style of function.
functions.http(entryPoint, async (request, response) => {
  leaveDomain();
  if (request.method !== 'POST') {
    response.status(405).set('allow', 'POST').end();
    return;
  }
  if (isEncoded(request)) {
    response.status(415).set('accept-encoding', 'identity').end();
    return;
  }
  const beganAt = performance.now();
  const { settled, project } = await settledIn(request);

  const durationMs = Math.round(performance.now() - beganAt);
  const lines = [...(settled.lines ?? []), line(settled, { durationMs, project })];
  process.stdout.write(`${lines.join('\n')}\n`);
  response.status(settled.status).set('boma-outcome', settled.outcome);
  // A response with this status must say how one proves who one is.
  if (settled.status === 401) response.set('www-authenticate', 'Bearer');
  if (settled.answer !== undefined) response.type('application/json').send(`${settled.answer}\n`);
  // Nothing of a message's reason goes to the caller: it is in the log, for those who may read it.
  else response.end();
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
 * Nobody who posts messages compresses them. What comes compressed was changed on its way, and is refused until that is
 * mended: filed as it is, it could never be read again.
 */
function isEncoded({ headersDistinct }) {
  // These are read from what came over the wire, and know nothing of the change to the others.
  const encodings = headersDistinct['content-encoding'] ?? [];
  return encodings.some((encoding) => encoding.toLowerCase() !== 'identity');
}

/**
 * The framework runs each request in a node:domain. Inside it every promise, every emitter and every emit pays for the
 * domain, which makes a third of a delivery's CPU, and connections belong to the request that happened to open them. What
 * the domain is there for, this function doesn't leave to it: `settle` never throws. What is thrown elsewhere, in a callback
 * of a library, then ends the instance, and the messages in it are delivered again.
 */
function leaveDomain() {
  process.domain?.exit();
}

async function settledIn({ headersDistinct, rawBody }) {
  try {
    const refused = caller === null ? undefined : forbidden(headersDistinct, caller);
    if (refused !== undefined) return { settled: refused };
    // Absent when the request has no body; what that is worth is for the Wasm to say.
    const body = rawBody ?? Buffer.alloc(0);
    const config = await host();
    return { settled: await settle(body, config, wire.call), project: config.project };
  } catch (error) {
    return { settled: fault(error) };
  }
}
