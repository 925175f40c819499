// The built function as it is deployed, but for functions-framework, with a gRPC server in Firestore's place.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { startEchoServer } from './echo-server.js';
import { refusedStart, startFunction } from './function-child.js';

let echo;
let probe;
const delivered = (...request) => probe.delivered(...request);

before(async () => {
  echo = await startEchoServer();
  probe = await startFunction({ FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p' });
});

after(() => {
  probe.stop();
  echo.close();
});

test('a delivery goes through HTTP, Wasm and gRPC and back', async () => {
  const { status, outcome, text, lines } = await delivered('echo:a;stream:b;bidi:c');
  assert.deepEqual([status, outcome, text], [204, 'APPLIED', '']);
  assert.equal(lines.length, 1);
  const [{ durationMs, ...line }] = lines;
  assert.ok(Number.isInteger(durationMs));
  assert.deepEqual(line, {
    severity: 'INFO',
    message: 'APPLIED',
    outcome: 'APPLIED',
    answers: '0 [a],0 [b+b+b],0 [c]',
    attempt: 1,
    database: '(default)',
    project: 'p',
  });
});

test('a panic is 500 to the caller, without its text, and one line in the log, with it', async () => {
  const { status, outcome, text, lines } = await delivered('panic:between us');
  assert.deepEqual([status, outcome, text], [500, 'FAULT', '']);
  assert.equal(lines.length, 1);
  assert.equal(lines[0].severity, 'ERROR');
  assert.match(lines[0].message, /between us/);
});

test('50 posted at once, one of which traps: 49 are settled', async () => {
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, i) => delivered(i === 30 ? 'wait:20;panic:boom' : `echo:${i};wait:40;echo:${i}`)),
  );
  const count = (wanted) => responses.filter(({ outcome }) => outcome === wanted).length;
  assert.deepEqual([count('APPLIED'), count('FAULT')], [49, 1]);
});

const contentTypes = {
  'no content-type': {},
  'one that is no type': { 'content-type': '/' },
  'a form\'s': { 'content-type': 'application/x-www-form-urlencoded' },
  'text in another alphabet': { 'content-type': 'text/plain; charset=utf-16' },
  'JSON in an alphabet that there is not': { 'content-type': 'application/json; charset=klingon' },
  'a CloudEvent\'s': { 'content-type': 'application/cloudevents+json' },
};
for (const [name, headers] of Object.entries(contentTypes)) {
  test(`with ${name} the bytes arrive as they are`, async () => {
    const { status, lines } = await delivered('echo:{"a"=ř', headers);
    assert.equal(status, 204);
    assert.deepEqual(lines.map(({ answers }) => answers), ['0 [{"a"=ř]']);
  });
}

test('an empty body is for the Wasm to judge', async () => {
  const { status, lines } = await delivered('');
  assert.deepEqual([status, lines[0].answers], [204, '']);
});

test('a compressed body is refused, readable or not, and nothing is said', async () => {
  const from = probe.logged().length;
  for (const [encoding, body] of [['gzip', gzipSync('echo:a')], ['gzip', 'not gzip at all'], ['klingon', 'echo:a']]) {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const response = await fetch(probe.url, { method: 'POST', headers, body });
    assert.deepEqual([response.status, await response.text()], [415, '']);
  }
  assert.equal((await delivered('echo:a', { 'content-encoding': 'identity' })).status, 204);
  const logged = probe.logged().slice(from);
  assert.equal(logged.trim().split('\n').length, 1, logged);
});

test('a GET is no delivery', async () => {
  assert.equal((await fetch(probe.url)).status, 405);
});

test('deployed with an emulator setting it does not start', async () => {
  const { code, complaint } = await refusedStart({ FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p', K_SERVICE: 'probe' });
  assert.equal(code, 1);
  assert.match(complaint, /FIRESTORE_EMULATOR_HOST is set in a deployed function/);
});
