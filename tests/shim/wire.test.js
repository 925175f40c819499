import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { status } from '@grpc/grpc-js';

import { openWire } from '../../shim/wire.js';
import { startEchoServer } from './echo-server.js';

const unasked = async () => assert.fail('an emulator needs no token');
let server;
let wire;

before(async () => {
  server = await startEchoServer();
  wire = openWire({ env: { FIRESTORE_EMULATOR_HOST: server.host, PUBSUB_EMULATOR_HOST: server.host }, accessToken: unasked });
});

after(() => {
  wire.close();
  server.close();
});

const step = (path, call, bytes, more = {}) => ({
  target: 'firestore',
  path: `/probe.Echo/${path}`,
  call,
  timeoutMs: 5_000,
  metadata: {},
  bytes,
  ...more,
});
const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);
const plain = (messages) => messages.map((message) => [...message]);

test('a unary call brings the bytes back as they are', async () => {
  const answer = await wire.call(step('Unary', 'unary', everyByte));
  assert.deepEqual({ ...answer, messages: plain(answer.messages) }, { messages: [[...everyByte]], status: 0, detail: 'OK' });
});

test('bytes that are a part of a larger buffer are sent alone', async () => {
  const part = everyByte.subarray(10, 20);
  assert.deepEqual(plain((await wire.call(step('Unary', 'unary', part))).messages), [[...part]]);
});

test('an empty message is a message', async () => {
  assert.deepEqual(plain((await wire.call(step('Unary', 'unary', new Uint8Array()))).messages), [[]]);
});

test('a message of several megabytes comes back whole', async () => {
  // Above 4 MiB, which is what grpc-js receives unless told otherwise.
  const large = new Uint8Array(5_000_000).fill(7);
  const { messages, status: code } = await wire.call(step('Stream', 'serverStream', large));
  assert.equal(code, 0);
  assert.deepEqual(messages.map((message) => message.length), [5_000_000, 5_000_000, 5_000_000]);
});

test('a server stream brings every message, in order', async () => {
  const answer = await wire.call(step('Stream', 'serverStream', Uint8Array.of(1, 2)));
  assert.deepEqual(plain(answer.messages), [[1, 2], [1, 2], [1, 2]]);
  assert.equal(answer.status, 0);
});

test('what goes by a bidirectional stream is answered by a message of its own', async () => {
  const answer = await wire.call(step('Bidi', 'bidi', Uint8Array.of(9)));
  assert.deepEqual(plain(answer.messages), [[9]]);
  assert.equal(answer.status, 0);
});

test('requests with the same metadata share a stream, in which each gets its own answer', async () => {
  const before = server.seen.length;
  const ask = (value) => wire.call(step('Bidi', 'bidi', Uint8Array.of(value), { metadata: { 'x-goog-request-params': 'write_stream=a' } }));
  const answers = await Promise.all(Array.from({ length: 100 }, (_, value) => ask(value)));
  answers.push(await ask(100));
  assert.deepEqual(answers.map(({ messages }) => messages[0][0]), Array.from({ length: 101 }, (_, value) => value));
  assert.equal(server.seen.length, before + 1);
  await wire.call(step('Bidi', 'bidi', Uint8Array.of(1), { metadata: { 'x-goog-request-params': 'write_stream=b' } }));
  assert.equal(server.seen.length, before + 2);
});

test('a stream that the service ended is followed by another, and what it left unanswered is asked again', async () => {
  const before = server.seen.length;
  const ask = (value) => wire.call(step('Once', 'bidi', Uint8Array.of(value)));
  const both = await Promise.all([ask(1), ask(2)]);
  const third = await ask(3);
  assert.deepEqual([...both, third].map(({ messages, status: code }) => [messages[0][0], code]), [[1, 0], [2, 0], [3, 0]]);
  assert.equal(server.seen.length, before + 3);
});

test('who is not answered in time ends the stream: a late answer would be taken for the next one', { timeout: 10_000 }, async () => {
  const ask = (value, timeoutMs) => wire.call(step('Seldom', 'bidi', Uint8Array.of(value), { timeoutMs }));
  const [late, behind] = await Promise.all([ask(0, 100), ask(0, 5_000)]);
  assert.equal(late.status, status.DEADLINE_EXCEEDED);
  assert.equal(behind.status, status.UNAVAILABLE);
  assert.deepEqual(plain((await ask(7, 5_000)).messages), [[7]]);
});

test('what ends a stream is refused alone: those behind it may try again', async () => {
  const ask = (value) => wire.call(step('Picky', 'bidi', Uint8Array.of(value)));
  const [first, refused, ...behind] = await Promise.all([1, 0, 2, 3].map(ask));
  assert.deepEqual([first.status, refused.status, refused.detail], [0, status.INVALID_ARGUMENT, 'a nought']);
  for (const { status: code } of behind) assert.ok(code === 0 || code === status.UNAVAILABLE, `${code}`);
  assert.deepEqual(plain((await ask(4)).messages), [[4]]);
});

test('who comes while another one has waited long isn\'t held up by it', { timeout: 10_000 }, async () => {
  const ask = (value, timeoutMs) => wire.call(step('Seldom', 'bidi', Uint8Array.of(value), { timeoutMs }));
  const slow = ask(0, 4_000);
  await sleep(1_100);
  const beganAt = performance.now();
  assert.deepEqual(plain((await ask(7, 5_000)).messages), [[7]]);
  assert.ok(performance.now() - beganAt < 2_000);
  assert.equal((await slow).status, status.DEADLINE_EXCEEDED);
});

test('a stream of a host that does not answer is UNAVAILABLE, and of a method that it does not have UNIMPLEMENTED', async () => {
  const nowhere = openWire({ env: { FIRESTORE_EMULATOR_HOST: '127.0.0.1:1' }, accessToken: unasked });
  assert.equal((await nowhere.call(step('Bidi', 'bidi', everyByte))).status, status.UNAVAILABLE);
  nowhere.close();
  assert.equal((await wire.call(step('NoSuchMethod', 'bidi', everyByte))).status, status.UNIMPLEMENTED);
});

test('an error is a status with its detail', async () => {
  const answer = await wire.call(step('Refuse', 'unary', everyByte));
  assert.deepEqual(answer, { messages: [], status: status.FAILED_PRECONDITION, detail: 'the stored version does not match' });
});

test('a stream that breaks off brings what came before', async () => {
  const answer = await wire.call(step('BreakOff', 'serverStream', Uint8Array.of(5)));
  assert.deepEqual(plain(answer.messages), [[5]]);
  assert.equal(answer.status, status.ABORTED);
});

test('a call ends at its deadline', { timeout: 10_000 }, async () => {
  const beganAt = performance.now();
  const answer = await wire.call(step('Never', 'unary', everyByte, { timeoutMs: 100 }));
  const tookMs = performance.now() - beganAt;
  assert.equal(answer.status, status.DEADLINE_EXCEEDED);
  assert.ok(tookMs >= 90 && tookMs < 2_000, `it took ${tookMs} ms`);
});

test('a method that the server does not have is UNIMPLEMENTED', async () => {
  assert.equal((await wire.call(step('NoSuchMethod', 'unary', everyByte))).status, status.UNIMPLEMENTED);
});

test('a host that does not answer is UNAVAILABLE', async () => {
  const nowhere = openWire({ env: { FIRESTORE_EMULATOR_HOST: '127.0.0.1:1' }, accessToken: unasked });
  assert.equal((await nowhere.call(step('Unary', 'unary', everyByte))).status, status.UNAVAILABLE);
  nowhere.close();
});

test('what the Wasm should not have asked for is a status, too', async () => {
  assert.equal((await wire.call(step('Unary', 'unary', everyByte, { target: 'toString' }))).status, status.UNIMPLEMENTED);
  assert.equal((await wire.call(step('Unary', 'semaphore', everyByte))).status, status.INTERNAL);
  assert.equal((await wire.call(step('Unary', 'unary', everyByte, { metadata: { 'no good': 'name' } }))).status, status.INTERNAL);
});

test('metadata goes along, and emulators are told that the owner asks', async () => {
  await wire.call(step('Unary', 'unary', everyByte, { target: 'pubsub', metadata: { 'x-goog-request-params': 'topic=a' } }));
  const { authorization, 'x-goog-request-params': params } = server.seen.at(-1);
  assert.deepEqual({ authorization, params }, { authorization: 'Bearer owner', params: 'topic=a' });
});

test('without a token a call is UNAVAILABLE, and says why', async () => {
  const accessToken = async () => {
    throw new Error('the metadata server answered 503');
  };
  const real = openWire({ env: {}, accessToken });
  const answer = await real.call(step('Unary', 'unary', everyByte));
  assert.deepEqual(answer, { messages: [], status: status.UNAVAILABLE, detail: 'the metadata server answered 503' });
  real.close();
});

test('100 calls at once each get their own answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, value) => wire.call(step('Unary', 'unary', Uint8Array.of(value)))),
  );
  assert.deepEqual(answers.map(({ messages }) => messages[0][0]), Array.from({ length: 100 }, (_, value) => value));
});

test('a proxy of the environment is not asked for what is on this machine', async (t) => {
  for (const name of ['grpc_proxy', 'https_proxy', 'http_proxy']) {
    process.env[name] = 'http://127.0.0.1:1';
    t.after(() => delete process.env[name]);
  }
  const own = openWire({ env: { FIRESTORE_EMULATOR_HOST: server.host }, accessToken: unasked });
  const answer = await own.call(step('Unary', 'unary', everyByte));
  own.close();
  assert.deepEqual([answer.status, answer.detail], [0, 'OK']);
});
