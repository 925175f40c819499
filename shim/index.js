'use strict';

// The entry point of a deployed function: HTTP in, HTTP out. The one file that knows functions-framework.

const functions = require('@google-cloud/functions-framework');

const { refuseEmulatorsInProduction, hostConfig } = require('./config.js');
const { accessTokens } = require('./credentials.js');
const { line } = require('./log.js');
const { settle, fault } = require('./settle.js');
const { consumer } = require('./wasm.js');
const { openWire } = require('./wire.js');

refuseEmulatorsInProduction();
const host = hostConfig();
const wire = openWire({ accessToken: accessTokens() });

// Exactly two parameters: a third would make functions-framework take it for another style of function.
functions.http(consumer, async (request, response) => {
  leaveDomain();
  if (request.method !== 'POST') {
    response.status(405).set('allow', 'POST').end();
    return;
  }
  const beganAt = performance.now();
  // Absent when the request has no content-type; what that is worth is for the Wasm to say.
  const body = request.rawBody ?? Buffer.alloc(0);
  const { settled, project } = await settledIn(body);

  const durationMs = Math.round(performance.now() - beganAt);
  process.stdout.write(`${line(settled, { durationMs, project })}\n`);
  // Nothing of the reason goes to the caller: it is in the log, for those who may read it.
  response.status(settled.status).set('boma-outcome', settled.outcome).end();
});

/**
 * The framework runs each request in a node:domain. Inside it every promise, every emitter and every emit pays for the
 * domain, which makes a third of a delivery's CPU, and connections belong to the request that happened to open them. What
 * the domain is there for, this function doesn't leave to it: `settle` never throws. What is thrown elsewhere, in a callback
 * of a library, then ends the instance, and the messages in it are delivered again.
 */
function leaveDomain() {
  process.domain?.exit();
}

async function settledIn(body) {
  try {
    const config = await host();
    return { settled: await settle(body, config, wire.call), project: config.project };
  } catch (error) {
    return { settled: fault(error) };
  }
}
