'use strict';

// The metadata server of Google Cloud, which knows project and service account. node:http, because fetch takes longer to load.

const http = require('node:http');

/** For the whole answer, so that one that trickles in doesn't outlast the call that waits for it. */
const TIMEOUT_MS = 3_000;

/** The text at this path below /computeMetadata/v1/. */
function read(path, env = process.env) {
  const host = env.GCE_METADATA_HOST || 'metadata.google.internal';
  return new Promise((resolve, reject) => {
    const fail = (why, remedy) => {
      reject(new Error(`the metadata server ${host} was asked for ${path}: ${why}${remedy === undefined ? '' : `; ${remedy}`}`));
    };
    const notThere = (why) => fail(why, 'it is there on Google Cloud only; elsewhere the settings of emulators are needed');
    // An agent of its own: the common one may go through a proxy that the environment names.
    const request = http.get(`http://${host}/computeMetadata/v1/${path}`, { headers: { 'metadata-flavor': 'Google' }, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', (error) => notThere(error.message));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else fail(`it answered ${response.statusCode}`, remedies[response.statusCode]);
      });
    });
    const tooLong = setTimeout(() => {
      notThere(`no answer within ${TIMEOUT_MS} ms`);
      request.destroy();
    }, TIMEOUT_MS);
    request.on('error', (error) => notThere(error.message));
    request.on('close', () => clearTimeout(tooLong));
  });
}

const NO_IDENTITY = 'check which service account this function runs as, and that it still exists';
const remedies = { 403: NO_IDENTITY, 404: NO_IDENTITY };

module.exports = { read };
