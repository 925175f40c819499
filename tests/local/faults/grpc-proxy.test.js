// The proxy between the shim's own transport and a small gRPC server that counts what it was asked.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import { after, afterEach, before, test } from 'node:test';

import { status } from '@grpc/grpc-js';

import { startGrpcProxy } from '../../../local/faults/grpc-proxy.js';
import { LATE, NO_FAULTS, STATUSES, faultPlan } from '../../../local/faults/plan.js';
import { openWire } from '../../../shim/wire.js';
import { startEchoServer } from '../../shim/echo-server.js';
import { until } from '../../stack/until.js';

const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);
const open = [];
let server;

before(async () => { server = await startEchoServer(); });
after(() => server.close());
afterEach(() => { for (const each of open.splice(0)) each.close(); });

/** A proxy with this plan and a transport to it: { proxy, call(path, kind, bytes, timeoutMs) }. */
async function proxied(plan = NO_FAULTS) {
  const proxy = await startGrpcProxy({ target: server.host, plan });
  const wire = openWire({ env: { FIRESTORE_EMULATOR_HOST: proxy.host }, accessToken: assert.fail });
  open.push(wire, proxy);
  server.seen.splice(0);
  return {
    proxy,
    call: (path, kind = 'unary', bytes = everyByte, timeoutMs = 5_000) => wire.call({
      target: 'firestore', path: `/probe.Echo/${path}`, call: kind, timeoutMs, metadata: { 'x-goog-request-params': 'database=a' }, bytes,
    }),
  };
}

/** A plan whose every call of Unary meets this. */
function always(fault, when) {
  const card = { fault, when, ...(fault === 'delay' ? { delayMs: 150 } : {}) };
  const plan = faultPlan({ seed: 1, decks: {} });
  return { ...plan, decide: (method) => (method === 'Unary' ? card : undefined) };
}

const sameBytes = ({ messages, status: code }, copies = 1) => {
  assert.equal(code, status.OK);
  assert.deepEqual(messages.map((message) => [...message]), Array.from({ length: copies }, () => [...everyByte]));
};

const untilSeen = (count) => until(
  () => `the server has seen ${server.seen.length} calls, not ${count}`,
  () => server.seen.length >= count, { withinMs: 5_000, everyMs: 10 },
);

test('bytes, metadata, statuses with their details, and streams both ways go through as they are', async () => {
  const { call } = await proxied();
  sameBytes(await call('Unary'));
  assert.equal(server.seen[0]['x-goog-request-params'], 'database=a');
  sameBytes(await call('Stream', 'serverStream'), 3);
  sameBytes(await call('Bidi', 'bidi'));
  assert.deepEqual(await call('Refuse'), { messages: [], status: status.FAILED_PRECONDITION, detail: 'the stored version does not match' });
  const brokenOff = await call('BreakOff', 'serverStream');
  assert.deepEqual([brokenOff.messages.length, brokenOff.status, brokenOff.detail], [1, status.ABORTED, 'broken off']);
  const large = await call('Stream', 'serverStream', new Uint8Array(3_000_000).fill(7));
  assert.deepEqual(large.messages.map(({ length }) => length), [3_000_000, 3_000_000, 3_000_000]);
});

test('200 calls at once each get their own answer', async () => {
  const { call } = await proxied();
  const answers = await Promise.all(Array.from({ length: 200 }, (_, value) => call('Unary', 'unary', Uint8Array.of(value))));
  assert.deepEqual(answers.map(({ messages }) => messages[0]?.[0]), Array.from({ length: 200 }, (_, value) => value));
});

test('a call that its caller gives up is given up behind the proxy, too', async () => {
  const silent = http2.createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const proxy = await startGrpcProxy({ target: `127.0.0.1:${silent.address().port}` });
  const wire = openWire({ env: { FIRESTORE_EMULATOR_HOST: proxy.host }, accessToken: assert.fail });
  open.push(wire, proxy, silent);
  const reached = once(silent, 'stream');
  const answer = wire.call({ target: 'firestore', path: '/probe.Echo/Unary', call: 'unary', timeoutMs: 300, metadata: {}, bytes: everyByte });
  const [stream] = await reached;
  stream.on('error', () => {});
  const closed = once(stream, 'close');
  assert.equal((await answer).status, status.DEADLINE_EXCEEDED);
  await closed;
  assert.notEqual(stream.rstCode, 0);
});

for (const [name, code] of Object.entries(STATUSES)) {
  test(`${name} before: the server never hears of the call; after: it has carried it out`, async () => {
    for (const [when, heard] of [['before', 0], ['after', 1]]) {
      const plan = always(name, when);
      const { call } = await proxied(plan);
      const { messages, status: answered, detail } = await call('Unary');
      assert.deepEqual([messages, answered], [[], code]);
      assert.ok(detail.endsWith(`${name} by plan`), detail); // The transport may say before it where that came from.
      assert.equal(server.seen.length, heard, when);
      assert.deepEqual(plan.struck(), { Unary: { [`${name} ${when}`]: 1 } });
    }
  });
}

test('a dropped call is never answered, before or after; others on the connection go on', async () => {
  for (const [when, heard] of [['before', 0], ['after', 1]]) {
    const { call } = await proxied(always('drop', when));
    const dropped = call('Unary', 'unary', everyByte, 500);
    sameBytes(await call('Stream', 'serverStream'), 3);
    assert.equal((await dropped).status, status.DEADLINE_EXCEEDED);
    assert.equal(server.seen.length, 1 + heard, when);
  }
});

test('a delayed call is answered rightly, later', async () => {
  for (const when of ['before', 'after']) {
    const { call } = await proxied(always('delay', when));
    const beganAtMs = performance.now();
    sameBytes(await call('Unary'));
    assert.ok(performance.now() - beganAtMs >= 140, when);
    assert.equal(server.seen.length, 1);
  }
});

test('a late call reaches the server when its caller has given it up', async () => {
  const { call } = await proxied(always(LATE, 'before'));
  const late = call('Unary', 'unary', everyByte, 400);
  await wait(100);
  assert.equal(server.seen.length, 0);
  assert.equal((await late).status, status.DEADLINE_EXCEEDED);
  await untilSeen(1);
});

test('a reset breaks the one stream: the call has failed, its neighbours have not', async () => {
  for (const [when, heard] of [['before', 0], ['after', 1]]) {
    const { call } = await proxied(always('reset', when));
    const [reset, neighbour] = await Promise.all([call('Unary'), call('Bidi', 'bidi')]);
    assert.equal(reset.status, status.INTERNAL);
    sameBytes(neighbour);
    assert.equal(server.seen.length, 1 + heard, when);
  }
});

test('a cut breaks the whole connection, so every call on it; what had been passed on is carried out, and the next call connects anew', async () => {
  for (const when of ['before', 'after']) {
    const { proxy, call } = await proxied(always('cut', when));
    const held = proxy.hold('Refuse', 'after');
    const neighbour = call('Refuse');
    await held.reached;
    const answers = await Promise.all([call('Unary'), neighbour]);
    assert.deepEqual(answers.map(({ status: code }) => code), [status.UNAVAILABLE, status.UNAVAILABLE], when);
    held.release();
    sameBytes(await call('Stream', 'serverStream'), 3);
    assert.equal(server.seen.length, when === 'before' ? 2 : 3);
  }
});

test('a call held before is passed on when it is released, and one whose caller has gone is not', async () => {
  const { proxy, call } = await proxied();
  const held = proxy.hold('Unary', 'before');
  const patient = call('Unary');
  const impatient = call('Unary', 'unary', everyByte, 300);
  await held.reached;
  assert.equal((await impatient).status, status.DEADLINE_EXCEEDED);
  await wait(200); // Until the proxy knows it, too.
  assert.deepEqual([held.held, server.seen.length], [2, 0]);
  held.release();
  sameBytes(await patient);
  sameBytes(await call('Unary'));
  assert.equal(server.seen.length, 2);
});

test('a call held after has been carried out, and its answer comes when it is released', async () => {
  const { proxy, call } = await proxied();
  const held = proxy.hold('Unary', 'after');
  const answer = call('Unary');
  await held.reached;
  assert.equal(server.seen.length, 1);
  held.release();
  sameBytes(await answer);
});

test('a server that is not there is a failure of the call, not of the proxy', async () => {
  const proxy = await startGrpcProxy({ target: '127.0.0.1:1' });
  const wire = openWire({ env: { FIRESTORE_EMULATOR_HOST: proxy.host }, accessToken: assert.fail });
  open.push(wire, proxy);
  for (let call = 0; call < 3; call += 1) {
    const { status: code } = await wire.call({ target: 'firestore', path: '/probe.Echo/Unary', call: 'unary', timeoutMs: 5_000, metadata: {}, bytes: everyByte });
    assert.notEqual(code, status.OK);
  }
});
