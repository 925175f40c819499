// The connection is lost in every way there is, and the next call gets another one.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { status } from '@grpc/grpc-js';

import { startEchoServer } from '../../shim/echo-server.js';
import { startMetadataServer, token } from '../../shim/fake-metadata-server.js';
import { certificateAuthority } from './certificates.js';
import { startFrontEnd } from './front-end.js';
import { startSwallowingProxy } from './swallowing-proxy.js';
import { startWireProcess } from './wire-in-process.js';

// Above the second after which a silent connection is given up.
const TIMEOUT_MS = 1_500;

const authority = certificateAuthority('The test authority');
const identity = authority.issue(['localhost']);
const toStop = [];
let echo;
let metadata;
let wires;

before(async () => {
  wires = startWireProcess({ trusts: authority.certificate });
  echo = await startEchoServer();
  metadata = await startMetadataServer(() => token('ya29.any'));
});

afterEach(async () => {
  while (toStop.length > 0) await toStop.pop()();
});

after(async () => {
  await wires.stop();
  metadata.close();
  echo.close();
});

async function frontEnd(port) {
  const front = await startFrontEnd({ identity, behind: echo.host, port });
  toStop.push(front.stop);
  return front;
}

function wireTo(host, more = {}) {
  const wire = wires.open({ ...metadata.env, FIRESTORE_ENDPOINT: host, ...more });
  toStop.push(wire.close);
  return wire;
}

async function throughProxy() {
  const front = await frontEnd();
  const proxy = await startSwallowingProxy(front.port);
  toStop.push(proxy.close);
  const wire = wireTo(proxy.host, { PUBSUB_ENDPOINT: front.host });
  // So that the token is there, and a call has all its time for the connection.
  await wire.call('Unary', { target: 'pubsub' });
  return { proxy, wire };
}

async function isAnswered(wire) {
  const { status: code, detail } = await wire.call();
  assert.equal(code, status.OK, detail);
}

/** The first call may meet the end of the old connection, and is the delivery's to repeat; the second may not. */
async function isAnsweredAgain(wire) {
  const { status: code } = await wire.call();
  if (code !== status.UNAVAILABLE) assert.equal(code, status.OK);
  await isAnswered(wire);
}

test('a server that says goodbye before it ends is left for a new connection', async () => {
  const front = await frontEnd();
  const wire = wireTo(front.host);
  await isAnswered(wire);
  await front.goAway();
  await isAnsweredAgain(wire);
  assert.equal(front.connections(), 2);
});

test('a server that was restarted is found again', async () => {
  const front = await frontEnd();
  const wire = wireTo(front.host);
  await isAnswered(wire);
  toStop.splice(toStop.indexOf(front.stop), 1);
  await front.stop();
  const again = await frontEnd(front.port);
  await isAnsweredAgain(wire);
  assert.equal(again.connections(), 1);
});

test('after fourteen attempts to connect that failed, the next still comes soon', { timeout: 20_000 }, async () => {
  // This takes six seconds. With pauses that go on growing it takes longer than the test may.
  let attempts = 0;
  const outage = net.createServer((socket) => {
    attempts += 1;
    socket.resetAndDestroy();
  });
  outage.listen(0, '127.0.0.1');
  await once(outage, 'listening');
  const { port } = outage.address();
  const wire = wireTo(`localhost:${port}`);
  while (attempts < 14) {
    assert.equal((await wire.call()).status, status.UNAVAILABLE);
    await wait(20);
  }
  outage.close();
  await once(outage, 'close');
  await frontEnd(port);
  while ((await wire.call()).status !== status.OK) await wait(20);
});

test('a connection that died without a word fails the calls on it, and the next call has a new one', async () => {
  const { proxy, wire } = await throughProxy();
  await isAnswered(wire);
  proxy.swallow();
  const [first, ...later] = [0, 100, 200].map((moreMs) => wire.call('Unary', { timeoutMs: TIMEOUT_MS + moreMs }));
  const { status: code, detail } = await first;
  assert.equal(code, status.DEADLINE_EXCEEDED);
  assert.match(detail, new RegExp(`^${proxy.host}: it did not answer in time \\([\\d.]+s\\)$`));
  await isAnswered(wire);
  // Those that end later, on the old one, leave the new one alone.
  for (const call of later) {
    assert.equal((await call).status, status.DEADLINE_EXCEEDED);
    await isAnswered(wire);
  }
  assert.equal(proxy.taken(), 2);
});

test('a connection that died is not taken over from another function of the same process', async () => {
  const proxy = await startSwallowingProxy(Number(echo.host.split(':')[1]));
  toStop.push(proxy.close);
  const [one, other] = [1, 2].map(() => wireTo('', { FIRESTORE_EMULATOR_HOST: proxy.host }));
  await isAnswered(one);
  await isAnswered(other);
  proxy.swallow();
  assert.equal((await one.call('Unary', { timeoutMs: TIMEOUT_MS })).status, status.DEADLINE_EXCEEDED);
  await isAnswered(one);
});

test('a server that takes the connection and then says nothing is left, too', async () => {
  const { proxy, wire } = await throughProxy();
  proxy.isHung = true;
  const { status: code, detail } = await wire.call('Unary', { timeoutMs: TIMEOUT_MS });
  assert.equal(code, status.DEADLINE_EXCEEDED);
  assert.match(detail, new RegExp(`^${proxy.host}: there was no connection to it in time \\([\\d.]+s\\)$`));
  proxy.isHung = false;
  await isAnswered(wire);
  assert.equal(proxy.taken(), 2);
});

test('a slow call is not held against a connection on which others are answered', async () => {
  const { proxy, wire } = await throughProxy();
  let isOver = false;
  const slow = wire.call('Never', { timeoutMs: TIMEOUT_MS }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await isAnswered(wire);
    await wait(50);
  }
  assert.equal((await slow).status, status.DEADLINE_EXCEEDED);
  await isAnswered(wire);
  assert.equal(proxy.taken(), 1);
});

test('a call with little time left says nothing against the connection', async () => {
  const { proxy, wire } = await throughProxy();
  await isAnswered(wire);
  assert.equal((await wire.call('Never', { timeoutMs: 50 })).status, status.DEADLINE_EXCEEDED);
  await isAnswered(wire);
  assert.equal(proxy.taken(), 1);
});
