'use strict';

// HTTPS requests to Google, for the little that has no gRPC. Bounded in time and size, and to a few of Google's own hosts: what asks for
// another one is no module of ours.

const https = require('node:https');

const HOSTS = ['www.googleapis.com', 'identitytoolkit.googleapis.com'];

const MAX_BYTES = 256 * 1024;

/**
 * A function that does one request: `{method, url, body, withAccessToken, timeoutMs}` -> `{status, cacheControl, body, detail}`. It never
 * throws: where nobody answered the status is 0, and `detail` says why.
 */
function openFetch({ accessToken, request = https.request }) {
  return async function fetched(step) {
    try {
      const url = new URL(step.url);
      if (url.protocol !== 'https:' || !HOSTS.includes(url.host)) return failure(`${url.host} is none of the hosts that are asked`);
      const headers = step.body === undefined ? {} : { 'content-type': 'application/json' };
      if (step.withAccessToken) headers.authorization = `Bearer ${await accessToken()}`;
      const answer = await sent(request, url, { method: step.method, headers, body: step.body, timeoutMs: step.timeoutMs });
      return answer.status === 200 ? answer : { ...answer, detail: `${url.host} answered ${answer.status}` };
    } catch (error) {
      return failure(error.message);
    }
  };
}

function sent(request, url, { method, headers, body, timeoutMs }) {
  return new Promise((resolve, reject) => {
    // For the whole answer: one that trickles in would outlast any timeout between two pieces.
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = request(url, { method, headers, signal, agent: false }, (response) => {
      const chunks = [];
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) response.destroy(new Error(`${url.host} answered with more than ${MAX_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode, cacheControl: response.headers['cache-control'] ?? '', body: Buffer.concat(chunks), detail: '' });
      });
    });
    asked.on('error', (error) => reject(signal.aborted ? new Error(`${url.host} did not answer within ${timeoutMs} ms`) : error));
    asked.end(body);
  });
}

const failure = (detail) => ({ status: 0, cacheControl: '', body: Buffer.alloc(0), detail });

module.exports = { openFetch };
