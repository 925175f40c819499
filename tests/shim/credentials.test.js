import assert from 'node:assert/strict';
import http from 'node:http';
import { afterEach, test } from 'node:test';

import { accessTokens } from '../../shim/credentials.js';
import { read } from '../../shim/metadata-server.js';

const MINUTE_MS = 60_000;
let open = null;

afterEach(() => {
  open?.close();
  open = null;
});

/** A metadata server that answers as `answer(request)` says: `{status, text}`. */
async function fakeMetadataServer(answer) {
  const requests = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.headers['metadata-flavor']} ${request.url}`);
    const { status = 200, text } = answer(requests.length);
    response.writeHead(status).end(text);
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open = server;
  const env = { GCE_METADATA_HOST: `127.0.0.1:${server.address().port}` };
  return { requests, read: (path) => read(path, env) };
}

const token = (text, seconds) => ({ text: JSON.stringify({ access_token: text, expires_in: seconds, token_type: 'Bearer' }) });

test('a token is fetched once, and asked for as the metadata server wants it', async () => {
  const server = await fakeMetadataServer(() => token('first', 3600));
  const accessToken = accessTokens({ read: server.read });
  assert.equal(await accessToken(), 'first');
  assert.equal(await accessToken(), 'first');
  assert.deepEqual(server.requests, ['Google /computeMetadata/v1/instance/service-accounts/default/token']);
});

test('many who ask at once wait for one fetch', async () => {
  const server = await fakeMetadataServer((count) => token(`number ${count}`, 3600));
  const accessToken = accessTokens({ read: server.read });
  const tokens = await Promise.all(Array.from({ length: 20 }, () => accessToken()));
  assert.deepEqual(new Set(tokens), new Set(['number 1']));
  assert.equal(server.requests.length, 1);
});

test('a token is renewed five minutes before its end', async () => {
  const server = await fakeMetadataServer((count) => token(`number ${count}`, 3600));
  let nowMs = 0;
  const accessToken = accessTokens({ read: server.read, now: () => nowMs });
  assert.equal(await accessToken(), 'number 1');
  nowMs = 55 * MINUTE_MS - 1;
  assert.equal(await accessToken(), 'number 1');
  nowMs = 55 * MINUTE_MS;
  assert.equal(await accessToken(), 'number 2');
});

test('a token that comes with four minutes is kept for two of them', async () => {
  const server = await fakeMetadataServer((count) => token(`number ${count}`, 240));
  let nowMs = 0;
  const accessToken = accessTokens({ read: server.read, now: () => nowMs });
  await accessToken();
  nowMs = 2 * MINUTE_MS - 1;
  assert.equal(await accessToken(), 'number 1');
  nowMs = 2 * MINUTE_MS;
  assert.equal(await accessToken(), 'number 2');
});

test('while the renewal fails, the old token serves until its end', async () => {
  const server = await fakeMetadataServer((count) => (count === 1 ? token('old', 3600) : { status: 503, text: '' }));
  let nowMs = 0;
  const accessToken = accessTokens({ read: server.read, now: () => nowMs });
  await accessToken();
  nowMs = 59 * MINUTE_MS;
  assert.equal(await accessToken(), 'old');
  nowMs = 60 * MINUTE_MS;
  await assert.rejects(accessToken(), /service-accounts\/default\/token: it answered 503/);
});

test('a failure is told, and the next one who asks tries again', async () => {
  const server = await fakeMetadataServer((count) => (count === 1 ? { status: 500, text: '' } : token('second', 3600)));
  const accessToken = accessTokens({ read: server.read });
  await assert.rejects(accessToken(), /it answered 500/);
  assert.equal(await accessToken(), 'second');
});

test('an answer that is no token is told without its text', async () => {
  for (const text of ['<html>secret</html>', '{"access_token":"secret"}', '{"expires_in":"secret"}', 'null']) {
    const accessToken = accessTokens({ read: async () => text });
    await assert.rejects(accessToken(), { message: 'the metadata server answered with something that is no token' });
  }
});

test('no metadata server at all is a clear error', async () => {
  const accessToken = accessTokens({ read: (path) => read(path, { GCE_METADATA_HOST: '127.0.0.1:1' }) });
  await assert.rejects(accessToken(), /^Error: the metadata server was asked for .*token: connect ECONNREFUSED/);
});
