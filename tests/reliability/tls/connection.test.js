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

function wireTo(host, more) {
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

test('after eight attempts to connect that failed, the ninth still comes soon', { timeout: 20_000 }, async () => {
  // With the pauses of grpc-js's own, which grow up to two minutes, this takes longer than the test may.
  let attempts = 0;
  const outage = net.createServer((socket) => {
    attempts += 1;
    socket.resetAndDestroy();
  });
  outage.listen(0, '127.0.0.1');
  await once(outage, 'listening');
  const { port } = outage.address();
  const wire = wireTo(`localhost:${port}`);
  while (attempts < 8) {
    assert.equal((await wire.call()).status, status.UNAVAILABLE);
    await wait(20);
  }
  outage.close();
  await once(outage, 'close');
  await frontEnd(port);
  while ((await wire.call()).status !== status.OK) await wait(20);
});

test('a connection that died without a word fails one call, and the next has a new one', async () => {
  const { proxy, wire } = await throughProxy();
  await isAnswered(wire);
  proxy.swallow();
  const { status: code, detail } = await wire.call('Unary', { timeoutMs: TIMEOUT_MS });
  assert.equal(code, status.DEADLINE_EXCEEDED);
  assert.match(detail, new RegExp(`^${proxy.host}: it did not answer in time \\([\\d.]+s\\)$`));
  await isAnswered(wire);
  assert.equal(proxy.taken(), 2);
});

test('many calls on a connection that died make one new connection, not many', async () => {
  const { proxy, wire } = await throughProxy();
  await isAnswered(wire);
  proxy.swallow();
  await Promise.all(Array.from({ length: 10 }, () => wire.call('Unary', { timeoutMs: TIMEOUT_MS })));
  await Promise.all(Array.from({ length: 10 }, () => isAnswered(wire)));
  assert.equal(proxy.taken(), 2);
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
