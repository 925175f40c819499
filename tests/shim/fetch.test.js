// What the shim fetches by HTTPS: from a few hosts of Google's, bounded in time and size, and never with a token that isn't asked for.

import assert from 'node:assert/strict';
import http from 'node:http';
import { afterEach, test } from 'node:test';

import { openFetch } from '../../shim/fetch.js';

const KEYS = 'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com';
const LOOKUP = 'https://identitytoolkit.googleapis.com/v1/projects/p/accounts:lookup';

const servers = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A fetch whose requests, to whichever host, come to `answer` without TLS; with what came. */
async function fetchAnsweredBy(answer) {
  const came = [];
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      came.push({ method: request.method, host: request.headers.host, path: request.url, authorization: request.headers.authorization, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  servers.push(server);
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const request = (url, options, heard) => http.request({
    ...options, host: '127.0.0.1', port: server.address().port, path: url.pathname, headers: { ...options.headers, host: url.host },
  }, heard);
  return { came, fetched: openFetch({ accessToken: async () => 'the-functions-own', request }) };
}

const get = (url, more) => ({ kind: 'fetch', method: 'GET', url, withAccessToken: false, timeoutMs: 5_000, ...more });

test('what is asked for comes with its status and how long it is good', async () => {
  const { came, fetched } = await fetchAnsweredBy((response) => response.writeHead(200, { 'cache-control': 'public, max-age=7' }).end('{"keys":[]}'));
  const { body, ...answer } = await fetched(get(KEYS));
  assert.deepEqual({ ...answer, body: body.toString() }, { status: 200, cacheControl: 'public, max-age=7', detail: '', body: '{"keys":[]}' });
  assert.deepEqual(came, [{ method: 'GET', host: 'www.googleapis.com', path: new URL(KEYS).pathname, authorization: undefined, body: '' }]);
});

test('a request in the name of the function has its token and its body', async () => {
  const { came, fetched } = await fetchAnsweredBy((response) => response.end('{}'));
  const { status } = await fetched(get(LOOKUP, { method: 'POST', body: '{"localId":["u"]}', withAccessToken: true }));
  assert.equal(status, 200);
  assert.deepEqual(came.map(({ authorization, body }) => [authorization, body]), [['Bearer the-functions-own', '{"localId":["u"]}']]);
});

test('an answer that says no is told with its status, and with the host for the log', async () => {
  const { fetched } = await fetchAnsweredBy((response) => response.writeHead(403).end('{}'));
  const { status, detail } = await fetched(get(LOOKUP));
  assert.deepEqual([status, detail], [403, 'identitytoolkit.googleapis.com answered 403']);
});

test('no other host is asked, and none without TLS', async () => {
  const { came, fetched } = await fetchAnsweredBy((response) => response.end('{}'));
  for (const url of ['https://example.com/keys', 'http://www.googleapis.com/keys', 'https://www.googleapis.com:8443/keys', 'https://www.googleapis.com.example.com/', 'https://169.254.169.254/', 'keys']) {
    const { status, body } = await fetched(get(url, { withAccessToken: true }));
    assert.deepEqual([status, body.length], [0, 0], url);
  }
  assert.deepEqual(came, []);
});

test('an answer that takes long, grows large or breaks off is none', async () => {
  const slow = await fetchAnsweredBy((response) => response.write('{'));
  const { status, detail } = await slow.fetched(get(KEYS, { timeoutMs: 50 }));
  assert.deepEqual([status, detail], [0, 'www.googleapis.com did not answer within 50 ms']);
  const large = await fetchAnsweredBy((response) => response.end(Buffer.alloc(300 * 1024)));
  assert.equal((await large.fetched(get(KEYS))).status, 0);
  const broken = await fetchAnsweredBy((response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('{');
    setImmediate(() => response.destroy());
  });
  assert.equal((await broken.fetched(get(KEYS))).status, 0);
});

test('without a token of its own nothing is asked in its name', async () => {
  const { fetched } = await fetchAnsweredBy((response) => response.end('{}'));
  assert.equal((await fetched(get(LOOKUP))).status, 200);
  const without = openFetch({ accessToken: async () => { throw new Error('the metadata server is gone'); }, request: () => assert.fail('asked') });
  const { status, detail } = await without(get(LOOKUP, { withAccessToken: true }));
  assert.deepEqual([status, detail], [0, 'the metadata server is gone']);
});
