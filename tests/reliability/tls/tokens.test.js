// Whom the service doesn't know or doesn't let: a token that is refused is replaced and the call sent once more, once only.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { status } from '@grpc/grpc-js';

import { startEchoServer } from '../../shim/echo-server.js';
import { startMetadataServer, token } from '../../shim/fake-metadata-server.js';
import { certificateAuthority } from './certificates.js';
import { startFrontEnd } from './front-end.js';
import { startWireProcess } from './wire-in-process.js';

const REFUSED_BY_GRPC = { status: status.UNAUTHENTICATED, message: 'Request had invalid authentication credentials.' };
const REFUSED_BY_HTTP = { httpStatus: 401 };
const authority = certificateAuthority('The test authority');
let echo;
let front;
let metadata;
let wires;
let wire;
let answerForToken;
let judge;

before(async () => {
  wires = startWireProcess({ trusts: authority.certificate });
  echo = await startEchoServer();
  front = await startFrontEnd({ identity: authority.issue(['localhost']), behind: echo.host, judge: (call) => judge(call) });
});

beforeEach(async () => {
  answerForToken = (count) => token(`ya29.number-${count}`);
  judge = () => undefined;
  front.calls.length = 0;
  metadata = await startMetadataServer((count) => answerForToken(count));
  wire = wires.open({ ...metadata.env, FIRESTORE_ENDPOINT: front.host });
});

afterEach(() => {
  wire.close();
  metadata.close();
});

after(async () => {
  await wires.stop();
  await front.stop();
  echo.close();
});

const manyCalls = () => Promise.all(Array.from({ length: 20 }, (_, i) => wire.call('Unary', { text: `call ${i}` })));
const tokensSeen = () => front.calls.map(({ token: seen }) => seen);
const ofToken = (wanted) => tokensSeen().filter((seen) => seen === wanted).length;

test('a token is fetched once for many calls', async () => {
  await manyCalls();
  await manyCalls();
  assert.equal(metadata.tokenRequests(), 1);
  assert.equal(ofToken('ya29.number-1'), 40);
});

for (const [how, refusal] of [['by gRPC', REFUSED_BY_GRPC], ['by an HTTP 401', REFUSED_BY_HTTP]]) {
  test(`a token that is refused ${how} is replaced, and the call sent once more`, async () => {
    judge = (call) => (call.token === 'ya29.number-1' ? refusal : undefined);
    const { status: code, messages } = await wire.call('Unary', { text: 'again' });
    assert.deepEqual([code, messages], [status.OK, ['again']]);
    assert.deepEqual(tokensSeen(), ['ya29.number-1', 'ya29.number-2']);
  });
}

test('of twenty calls that are refused at once each is sent once more, and one token is fetched for all of them', async () => {
  judge = (call) => (call.token === 'ya29.number-1' ? REFUSED_BY_GRPC : undefined);
  const answers = await manyCalls();
  assert.deepEqual(answers.map(({ messages }) => messages[0]), Array.from({ length: 20 }, (_, i) => `call ${i}`));
  assert.equal(metadata.tokenRequests(), 2);
  assert.deepEqual([ofToken('ya29.number-1'), ofToken('ya29.number-2'), front.calls.length], [20, 20, 40]);
});

test('a stream that is kept is as good as the token that it was opened with: another token opens another stream', async () => {
  answerForToken = (count) => token(`ya29.number-${count}`, count === 1 ? 1 : 3_600);
  const append = (text) => wire.call('Bidi', { text, kind: 'bidi' });
  assert.deepEqual([(await append('a')).messages, (await append('b')).messages, tokensSeen()], [['a'], ['b'], ['ya29.number-1']]);
  await sleep(1_000);
  assert.deepEqual([(await append('c')).messages, tokensSeen()], [['c'], ['ya29.number-1', 'ya29.number-2']]);
});

test('a stream whose token is refused is opened once more with another, for all that wait in it', async () => {
  judge = (call) => (call.token === 'ya29.number-1' ? REFUSED_BY_GRPC : undefined);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => wire.call('Bidi', { text: `row ${i}`, kind: 'bidi' })));
  assert.deepEqual(answers.map(({ messages }) => messages[0]), Array.from({ length: 20 }, (_, i) => `row ${i}`));
  assert.deepEqual([metadata.tokenRequests(), tokensSeen()], [2, ['ya29.number-1', 'ya29.number-2']]);
});

test('a second refusal is final, and told in the words of the service', async () => {
  judge = () => REFUSED_BY_GRPC;
  const { status: code, detail } = await wire.call();
  assert.deepEqual([code, detail], [status.UNAUTHENTICATED, REFUSED_BY_GRPC.message]);
  assert.deepEqual(tokensSeen(), ['ya29.number-1', 'ya29.number-2']);
  assert.equal(metadata.tokenRequests(), 2);
});

test('the second sending has what is left of the time, not as much again', async () => {
  judge = (call) => (call.token === 'ya29.number-1' ? { ...REFUSED_BY_GRPC, afterMs: 300 } : undefined);
  const { status: code } = await wire.call('Unary', { timeoutMs: 10_000 });
  assert.equal(code, status.OK);
  const timeLeftMs = front.calls.map(({ timeoutMs }) => timeoutMs);
  assert.ok(timeLeftMs[1] <= 9_700, `the service was told of ${timeLeftMs.join(' and then of ')} ms`);
});

test('no permission: one call, no other token, and the words of the service', async () => {
  judge = () => ({ status: status.PERMISSION_DENIED, message: 'Missing or insufficient permissions.' });
  const { status: code, detail } = await wire.call();
  assert.deepEqual([code, detail], [status.PERMISSION_DENIED, 'Missing or insufficient permissions.']);
  assert.deepEqual([front.calls.length, metadata.tokenRequests()], [1, 1]);
});

test('when there is no other token, the call may be tried again, and its text says what was asked of whom', async () => {
  answerForToken = (count) => (count === 1 ? token('ya29.number-1') : { status: 500, text: 'ya29.secret' });
  judge = () => REFUSED_BY_GRPC;
  const { status: code, detail } = await wire.call();
  assert.equal(code, status.UNAVAILABLE);
  const { GCE_METADATA_HOST: host } = metadata.env;
  assert.equal(detail, `the metadata server ${host} was asked for instance/service-accounts/default/token: it answered 500`);
  assert.equal(front.calls.length, 1);
});
