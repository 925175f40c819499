// Streams that the transport keeps, through the proxy: each message in them is a call with a card of its own.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { status } from '@grpc/grpc-js';

import { startGrpcProxy } from '../../../local/faults/grpc-proxy.js';
import { LATE, LOST, faultPlan } from '../../../local/faults/plan.js';
import { openWire } from '../../../shim/wire.js';
import { startEchoServer } from '../../shim/echo-server.js';

const open = [];
let server;

before(async () => { server = await startEchoServer(); });
after(() => server.close());
afterEach(() => { for (const each of open.splice(0)) each.close(); });

/** Appends through a proxy that deals the cards in turn; `appended()` is how many have come to the server. */
async function appending(cards = []) {
  const plan = { ...faultPlan({ seed: 1, decks: {} }), decide: () => cards.shift() };
  const proxy = await startGrpcProxy({ target: server.host, plan });
  const wire = openWire({ env: { BIGQUERY_STORAGE_EMULATOR_HOST: proxy.host }, accessToken: assert.fail });
  open.push(wire, proxy);
  server.seen.splice(0);
  const append = async (value, timeoutMs = 5_000) => {
    const answer = await wire.call({ target: 'bigquery', path: '/probe.Echo/AppendRows', call: 'bidi', timeoutMs, metadata: {}, bytes: Uint8Array.of(value) });
    return answer.status === status.OK ? answer.messages[0][0] : status[answer.status];
  };
  return { append, appended: () => server.seen.length };
}

test('without a fault each gets its own answer', async () => {
  const { append, appended } = await appending();
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map((value) => append(value))), [1, 2, 3, 4]);
  assert.equal(await append(5), 5);
  assert.equal(appended(), 5);
});

test('a status before the server strikes the first, and those behind it are asked again', async () => {
  const { append, appended } = await appending([{ fault: 'UNAVAILABLE', when: 'before' }]);
  assert.equal(await append(1), 'UNAVAILABLE');
  assert.equal(appended(), 0);
  assert.equal(await append(2), 2);
});

test('a status in a stream that has answered is met by asking once more', async () => {
  const { append, appended } = await appending([undefined, { fault: 'UNAVAILABLE', when: 'before' }]);
  assert.deepEqual([await append(1), await append(2), appended()], [1, 2, 2]);
});

test('an answer that is lost after the server was asked makes a second row, not none', async () => {
  const { append, appended } = await appending([undefined, { fault: LOST, when: 'after' }]);
  assert.deepEqual([await append(1), await append(2), appended()], [1, 2, 3]);
});

test('what is told too late was not told', { timeout: 10_000 }, async () => {
  const { append, appended } = await appending([undefined, { fault: LATE, when: 'after' }]);
  assert.deepEqual([await append(1), await append(2, 200), await append(3), appended()], [1, 'DEADLINE_EXCEEDED', 3, 3]);
});

test('a connection that is cut is made again', async () => {
  const { append } = await appending([undefined, { fault: 'cut', when: 'before' }]);
  assert.deepEqual([await append(1), await append(2)], [1, 2]);
});
