import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { accessTokens } from '../../shim/credentials.js';
import { read } from '../../shim/metadata-server.js';
import { startMetadataServer, token } from './fake-metadata-server.js';

const MINUTE_MS = 60_000;
const TOKEN_PATH = 'instance/service-accounts/default/token';
let open = null;

afterEach(() => {
  open?.close();
  open = null;
});

async function fakeMetadataServer(answer) {
  open = await startMetadataServer(answer);
  return { requests: open.requests, read: (path) => read(path, open.env) };
}

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
  const noTokens = ['<html>secret</html>', '{"access_token":"secret"}', '{"expires_in":"secret"}', 'null'];
  // What no header may have in it would come back in the text of the error that says so.
  const unfit = ['se\ncret', 'secrét', ''].map((text) => token(text).text);
  for (const text of [...noTokens, ...unfit]) {
    const accessToken = accessTokens({ read: async () => text });
    const message = `the metadata server answered with something that is no token when it was asked for ${TOKEN_PATH}`;
    await assert.rejects(accessToken(), { message });
  }
});

test('a token that was refused is replaced once, however many were refused with it', async () => {
  const server = await fakeMetadataServer((count) => token(`number ${count}`));
  const accessToken = accessTokens({ read: server.read });
  await accessToken();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => accessToken('number 1')));
  assert.deepEqual(new Set(tokens), new Set(['number 2']));
  assert.equal(await accessToken('number 1'), 'number 2', 'one who learned late that it was refused');
  assert.equal(server.requests.length, 2);
});

test('a token that was refused never serves again, not even while there is no other', async () => {
  const server = await fakeMetadataServer((count) => (count === 1 ? token('refused') : { status: 503, text: '' }));
  const accessToken = accessTokens({ read: server.read });
  await accessToken();
  await assert.rejects(accessToken('refused'), /it answered 503/);
  await assert.rejects(accessToken(), /it answered 503/);
});

test('no metadata server at all: the error says what was asked, of whom, and what to do', async () => {
  const env = { GCE_METADATA_HOST: '127.0.0.1:1' };
  const accessToken = accessTokens({ read: (path) => read(path, env) });
  const message = `the metadata server 127.0.0.1:1 was asked for ${TOKEN_PATH}: connect ECONNREFUSED 127.0.0.1:1; ` +
    'it is there on Google Cloud only; elsewhere the settings of emulators are needed';
  await assert.rejects(accessToken(), { message });
});

test('where nobody is known to the metadata server, the error says where to look', async () => {
  const server = await fakeMetadataServer(() => ({ status: 404, text: 'not found' }));
  const accessToken = accessTokens({ read: server.read });
  await assert.rejects(accessToken(), /it answered 404; check which service account this function runs as/);
});

test('a metadata server that is silent, or that never comes to an end, is given three seconds', { timeout: 30_000 }, async (t) => {
  const answers = [{ isSilent: true }, { trickle: 'x' }];
  const servers = await Promise.all(answers.map((answer) => startMetadataServer(() => answer)));
  t.after(() => servers.forEach((server) => server.close()));
  await Promise.all(servers.map(({ env }) => {
    const accessToken = accessTokens({ read: (path) => read(path, env) });
    return assert.rejects(accessToken(), /service-accounts\/default\/token: no answer within 3000 ms; it is there on Google/);
  }));
});
