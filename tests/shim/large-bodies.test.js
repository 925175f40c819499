// Bodies that are larger than any event: what is kept of them, and that they don't fill the instance's memory.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';

import { CALLER, bearer } from './caller-token.js';
import { startEmptyFirestore } from './empty-firestore.js';
import { startByFramework } from './framework-child.js';

const KIB = 1024;
const KEPT_BYTES = 512 * KIB;
const MESSAGE_BYTES = 10_000_000; // Pub/Sub's own limit.
const AT_ONCE = 16;
const MOST_MB = 200;

let firestore;
let payments;
let guarded;
let greeter;

before(async () => {
  firestore = await startEmptyFirestore();
  const settings = { FIRESTORE_EMULATOR_HOST: firestore.host, PUBSUB_EMULATOR_HOST: '127.0.0.1:1', GOOGLE_CLOUD_PROJECT: 'p' };
  const deployed = { name: 'payments', dist: 'dist' };
  [payments, guarded, greeter] = await Promise.all([
    startByFramework(settings, deployed), startByFramework({ ...settings, ...CALLER }, deployed), startByFramework(settings, { name: 'greeter' }),
  ]);
});

after(() => {
  for (const each of [payments, guarded, greeter]) each?.stop();
  firestore?.close();
});

/** A push body as Pub/Sub posts it, its fields in Pub/Sub's order. */
function pushOf({ data, messageId, attempt = 1 }) {
  const message = { attributes: { type: 'PaymentReceived' }, data, messageId, message_id: messageId, orderingKey: 'k', publishTime: '2026-11-01T10:00:00Z' };
  return Buffer.from(JSON.stringify({ deliveryAttempt: attempt, message, subscription: 'projects/p/subscriptions/payments.payments' }));
}

async function posted(body, headers = {}) {
  const response = await fetch(payments.url, { method: 'POST', headers, body });
  return { status: response.status, outcome: response.headers.get('boma-outcome') };
}

const FILED = { status: 204, outcome: 'MALFORMED' };

test('of a larger body 512 KiB are filed, with the size of all of it, and it is acknowledged', async () => {
  firestore.letters.clear();
  const body = pushOf({ data: 'QUFB'.repeat(2_000_000 / 4), messageId: '1' });
  assert.deepEqual(await posted(body), FILED);
  const [{ kind, reason, bodyBytes, truncated, body: kept }] = firestore.letters.values();
  assert.deepEqual({ kind, reason, bodyBytes, truncated }, { kind: 'MALFORMED', reason: 'body: larger than 524288 bytes', bodyBytes: body.length, truncated: true });
  assert.ok(kept.equals(body.subarray(0, KEPT_BYTES)));
});

test('a body of 512 KiB is read whole', async () => {
  firestore.letters.clear();
  const body = Buffer.from(`{"note":"${'n'.repeat(KEPT_BYTES - 11)}"}`);
  assert.equal(body.length, KEPT_BYTES);
  assert.deepEqual(await posted(body), FILED);
  assert.deepEqual(await posted(Buffer.concat([body, Buffer.from(' ')])), FILED);
  assert.deepEqual([...firestore.letters.values()].map(({ reason }) => reason), ['message: missing', 'body: larger than 524288 bytes']);
});

/** Of an HTTP function, with and without a length. */
async function answeredTo(body, isChunked) {
  const headers = { 'content-type': 'application/json', ...(isChunked ? {} : { 'content-length': body.length }) };
  const request = http.request(`${greeter.url}probes`, { method: 'POST', headers });
  for (let at = 0; at < body.length; at += 64 * KIB) request.write(body.subarray(at, at + 64 * KIB));
  request.end();
  const [response] = await once(request, 'response');
  let said = '';
  for await (const text of response) said += text;
  return { status: response.statusCode, type: response.headers['content-type'], said };
}

for (const [how, isChunked] of [['with', false], ['without', true]]) {
  test(`an HTTP function refuses a body above 512 KiB ${how} a length by 413, and reads one of 512 KiB`, async () => {
    const body = Buffer.from(`{"note":"${'n'.repeat(KEPT_BYTES - 11)}"}`);
    assert.equal(body.length, KEPT_BYTES);
    assert.equal((await answeredTo(body, isChunked)).status, 400);
    for (const larger of [Buffer.concat([body, Buffer.from(' ')]), Buffer.alloc(MESSAGE_BYTES, ' ')]) {
      const { status, type, said } = await answeredTo(larger, isChunked);
      assert.deepEqual({ status, type }, { status: 413, type: 'application/problem+json' });
      assert.deepEqual(JSON.parse(said), { title: 'Content Too Large', status: 413 });
    }
  });
}

test('a large message is one letter however often it comes, and another message is another letter', async () => {
  firestore.letters.clear();
  const data = 'QUFB'.repeat(1_000_000 / 4);
  for (const attempt of [1, 2, 10]) assert.deepEqual(await posted(pushOf({ data, messageId: '7', attempt })), FILED);
  assert.equal(firestore.letters.size, 1);
  assert.deepEqual(await posted(pushOf({ data, messageId: '8' })), FILED);
  assert.equal(firestore.letters.size, 2);
});

test('a large body without a length is counted, too', async () => {
  firestore.letters.clear();
  const request = http.request(payments.url, { method: 'POST' });
  const piece = Buffer.alloc(64 * KIB, 'x');
  for (let i = 0; i < 20; i += 1) request.write(piece);
  request.end();
  const [response] = await once(request, 'response');
  response.resume();
  assert.equal(response.statusCode, 204);
  const [{ bodyBytes, truncated }] = firestore.letters.values();
  assert.deepEqual({ bodyBytes, truncated }, { bodyBytes: 20 * piece.length, truncated: true });
});

test('a caller is judged before any byte of the body is there', async () => {
  const request = http.request(guarded.url, { method: 'POST', headers: { 'content-length': MESSAGE_BYTES } });
  request.flushHeaders();
  const [response] = await once(request, 'response');
  assert.equal(response.statusCode, 401);
  request.on('error', () => {});
  request.destroy();

  const known = http.request(guarded.url, { method: 'POST', headers: { 'content-length': MESSAGE_BYTES, 'authorization': bearer() } });
  known.flushHeaders();
  const answered = await Promise.race([once(known, 'response').then(() => true), new Promise((resolve) => { setTimeout(resolve, 500); })]);
  assert.equal(answered, undefined, 'the caller that it knows is waited for');
  known.on('error', () => {});
  known.destroy();
});

test(`${AT_ONCE} messages of 10 MB at once keep the process under ${MOST_MB} MB`, async (t) => {
  firestore.letters.clear();
  const data = 'QUFB'.repeat(Math.ceil(MESSAGE_BYTES / 3));
  const beforeMb = payments.peakMb();
  for (let round = 0; round < 3; round += 1) {
    const all = Array.from({ length: AT_ONCE }, (_, i) => posted(pushOf({ data, messageId: `${round}-${i}` })));
    assert.deepEqual(await Promise.all(all), all.map(() => FILED));
  }
  assert.equal(firestore.letters.size, 3 * AT_ONCE);
  const peakMb = payments.peakMb();
  t.diagnostic(`at most ${peakMb.toFixed(0)} MB, ${beforeMb.toFixed(0)} before`);
  assert.ok(peakMb < MOST_MB, `it took ${peakMb.toFixed(0)} MB`);
});

/** A body of so many bytes, each a chunk of its own. */
async function postedByteByByte(length) {
  const socket = net.connect({ host: '127.0.0.1', port: payments.port });
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => { answer += text; });
  const chunks = '1\r\nx\r\n'.repeat(length);
  socket.write(`POST / HTTP/1.1\r\nhost: f\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

test(`${AT_ONCE} bodies that come a byte at a time keep the process under ${MOST_MB} MB`, async (t) => {
  const all = await Promise.all(Array.from({ length: AT_ONCE }, () => postedByteByByte(100 * KIB)));
  assert.deepEqual(all, all.map(() => 204));
  const peakMb = payments.peakMb();
  t.diagnostic(`at most ${peakMb.toFixed(0)} MB`);
  assert.ok(peakMb < MOST_MB, `it took ${peakMb.toFixed(0)} MB`);
});
