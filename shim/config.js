'use strict';

// The environment of this function: project, database, endpoints, and the one caller that it has.

const metadataServer = require('./metadata-server.js');

const FIRST_EDITION = ['drained', 'in-flight'];

/** Refuses a deployed function that would talk to an emulator: it would drop every event and say that all is well. */
function refuseEmulatorsInProduction(env = process.env) {
  if (!env.K_SERVICE) return;
  const setting = Object.keys(env).find((name) => name.endsWith('_EMULATOR_HOST') && env[name] !== '');
  if (setting !== undefined) throw new Error(`${setting} is set in a deployed function; remove it from its settings`);
}

/**
 * `{email, audience}` of the one caller that this function has: what `BOMA_CALLER` and `BOMA_AUDIENCE` say. Deployed, a function
 * has both, or says in its settings why anybody may call it. Elsewhere nothing is asked of the caller unless they are set.
 */
function expectedCaller({ unauthenticated }, env = process.env) {
  if (unauthenticated !== undefined) return null;
  const { BOMA_CALLER: email, BOMA_AUDIENCE: audience } = env;
  if (!env.K_SERVICE && !email && !audience) return null;
  if (!email) throw new Error('BOMA_CALLER is not set; it must be the email of the service account that calls this function');
  if (!audience) throw new Error('BOMA_AUDIENCE is not set; it must be the URL to which the tokens of this function\'s caller are made out');
  return { email, audience };
}

/**
 * HOST:PORT of a service: what this setting names, or else `usual`. A regional endpoint is a matter of order, too: Pub/Sub
 * keeps it among messages that were published in one region.
 */
function endpointNamed(setting, usual, env = process.env) {
  const named = env[setting];
  if (!named) return usual;
  const [, port] = /^[a-z0-9]+(?:[.-][a-z0-9]+)*:(\d{1,5})$/i.exec(named) ?? [];
  if (Number(port) >= 1 && Number(port) <= 65_535) return named;
  // Without the value: one that was taken for a URL may have a password in it.
  throw new Error(`${setting} must be HOST:PORT and nothing else, such as ${usual}`);
}

/**
 * A function that answers with `{project, database, firstEdition, unsignedTokens}`. The project is asked for once, again only after a failure.
 * `firstEdition`, where it is set: whether messages may still come on topics as the first edition used them.
 */
function hostConfig({ env = process.env, read = metadataServer.read } = {}) {
  // Off the cloud people sign in at nobody's, as with an emulator. Deployed, tokens are signed, whatever else is set.
  const tokens = env.K_SERVICE ? {} : { unsignedTokens: true };
  const settings = { database: env.FIRESTORE_DATABASE || '(default)', ...firstEditionOf(env), ...tokens };
  const named = env.GOOGLE_CLOUD_PROJECT || env.GCLOUD_PROJECT;
  let asked = named ? Promise.resolve({ project: named, ...settings }) : null;

  return function host() {
    asked ??= askedFor().catch((error) => {
      asked = null;
      throw error;
    });
    return asked;
  };

  async function askedFor() {
    if (!env.K_SERVICE) throw new Error('GOOGLE_CLOUD_PROJECT is not set');
    return { project: await read('project/project-id'), ...settings };
  }
}

function firstEditionOf({ BOMA_FIRST_EDITION: word }) {
  if (!word) return {};
  if (FIRST_EDITION.includes(word)) return { firstEdition: word };
  throw new Error(`BOMA_FIRST_EDITION must be ${FIRST_EDITION.join(' or ')}`);
}

module.exports = { refuseEmulatorsInProduction, expectedCaller, endpointNamed, hostConfig };
