'use strict';

// The server that tells a program on Google Cloud who it is. node:http and not fetch, which takes longer to load.

const http = require('node:http');

const TIMEOUT_MS = 3_000;

/** The text at this path below /computeMetadata/v1/. */
function read(path, env = process.env) {
  const host = env.GCE_METADATA_HOST ?? 'metadata.google.internal';
  const url = `http://${host}/computeMetadata/v1/${path}`;
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`the metadata server was asked for ${path}: ${why}`));
    const request = http.get(url, { headers: { 'metadata-flavor': 'Google' }, timeout: TIMEOUT_MS }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', (error) => fail(error.message));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else fail(`it answered ${response.statusCode}`);
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    request.on('error', (error) => fail(error.message));
  });
}

module.exports = { read };
