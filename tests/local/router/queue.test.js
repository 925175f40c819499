import assert from 'node:assert/strict';
import test from 'node:test';
import { PRODUCTION_RETRY, backOffMs } from '../../../local/router/back-off.js';
import { deadLetter } from '../../../local/router/dead-letter.js';
import { ConsumerQueue } from '../../../local/router/queue.js';

const SUBSCRIPTION = 'projects/p/subscriptions/payments.payments';

function queueOf(messages, { limit = 16 } = {}) {
  const queue = new ConsumerQueue({ limit });
  for (const [messageId, key, subscription = SUBSCRIPTION] of messages) queue.add({ subscription, messageId, key, ackId: `lease of ${messageId}` });
  return queue;
}

function all(queue, nowMs = 0) {
  const messages = [];
  for (let next = queue.next(nowMs); next; next = queue.next(nowMs)) messages.push(next);
  return messages;
}
const ids = (messages) => messages.map(({ messageId }) => messageId);

test('one message of a key is in flight, and the next follows it', () => {
  const queue = queueOf([['1', 'K'], ['2', 'K'], ['3', 'L']]);
  const flying = all(queue);
  assert.deepEqual(ids(flying), ['1', '3']);
  queue.finished(flying[0]);
  assert.deepEqual(ids(all(queue)), ['2']);
});

test('no more are in flight than the limit', () => {
  const queue = queueOf(Array.from({ length: 40 }, (_, index) => [String(index), `K${index}`]));
  const flying = all(queue);
  assert.equal(flying.length, 16);
  queue.finished(flying[3]);
  assert.deepEqual(ids(all(queue)), ['16']);
});

test('a failed message keeps its key back for the back-off, and no other key', () => {
  const queue = queueOf([['1', 'K'], ['2', 'K']]);
  const [first] = all(queue);
  queue.failed(first, 0);
  queue.add({ subscription: SUBSCRIPTION, messageId: '3', key: 'L', ackId: 'x' });
  assert.deepEqual(ids(all(queue, 999)), ['3']);
  assert.equal(queue.nextDueMs(), 1000);
  assert.deepEqual(queue.state(), { inFlight: 1, queued: 0, blocked: 2 });
  const [again] = all(queue, 1000);
  assert.equal(again.messageId, '1');
  assert.equal(again.attempt, 2);
});

test('messages without a key are not ordered among themselves', () => {
  const queue = queueOf([['1', ''], ['2', ''], ['3', undefined]]);
  const flying = all(queue);
  assert.equal(flying.length, 3);
  queue.failed(flying[0], 0);
  assert.deepEqual(queue.state(), { inFlight: 2, queued: 0, blocked: 1 });
});

test('of one key in two subscriptions of a consumer only one message is in flight', () => {
  const queue = queueOf([['1', 'K', 'a'], ['2', 'K', 'b']]);
  const flying = all(queue);
  assert.deepEqual(ids(flying), ['1']);
  queue.finished(flying[0]);
  assert.deepEqual(ids(all(queue)), ['2']);
});

test('but a back-off in one of them does not hold up the other', () => {
  const queue = queueOf([['1', 'K', 'a'], ['2', 'K', 'b']]);
  const [first] = all(queue);
  queue.failed(first, 0);
  assert.deepEqual(ids(all(queue, 1)), ['2']);
});

test('a redelivered copy is not queued again, and its lease takes the place of the old one', () => {
  const queue = queueOf([['1', 'K']]);
  assert.equal(queue.add({ subscription: SUBSCRIPTION, messageId: '1', key: 'K', ackId: 'new' }), false);
  const [only, ...others] = all(queue);
  assert.equal(only.ackId, 'new');
  assert.deepEqual(others, []);
  queue.finished(only);
  assert.equal(queue.add({ subscription: SUBSCRIPTION, messageId: '1', key: 'K', ackId: 'newer' }), true);
});

test('after everything is finished, nothing is held', () => {
  const queue = queueOf([['1', 'K'], ['2', 'K'], ['3', '']]);
  for (let round = 0; round < 3; round += 1) for (const each of all(queue)) queue.finished(each);
  assert.deepEqual(queue.state(), { inFlight: 0, queued: 0, blocked: 0 });
  assert.deepEqual([...queue.held()], []);
});

test('the order of every key survives random failures', () => {
  const queue = queueOf(Array.from({ length: 3000 }, (_, index) => [String(index), `K${index % 37}`]));
  const lastOf = new Map();
  let seed = 12345;
  const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
  let nowMs = 0;
  let finished = 0;
  while (finished < 3000) {
    const flying = all(queue, nowMs);
    assert.equal(new Set(flying.map(({ key }) => key)).size, flying.length, 'two of one key at once');
    for (const message of flying) {
      if (random() < 0.3) {
        queue.failed(message, nowMs);
        continue;
      }
      assert.ok(Number(message.messageId) > (lastOf.get(message.key) ?? -1), 'out of order');
      lastOf.set(message.key, Number(message.messageId));
      queue.finished(message);
      finished += 1;
    }
    nowMs = Math.max(nowMs, queue.nextDueMs() ?? nowMs);
  }
});

test('production tries 100 times', () => assert.equal(PRODUCTION_RETRY.maxAttempts, 100));

test('a queue waits as long as it is told', () => {
  const queue = new ConsumerQueue({ limit: 1, retry: { firstMs: 7, longestMs: 10 } });
  queue.add({ subscription: SUBSCRIPTION, messageId: '1', key: 'K', ackId: 'x' });
  queue.failed(queue.next(0), 0);
  assert.equal(queue.nextDueMs(), 7);
  queue.failed(queue.next(7), 7);
  assert.equal(queue.nextDueMs(), 17);
});

test('the back-off doubles from 1 s and stays at 600 s', () => {
  assert.deepEqual([1, 2, 3, 10, 11, 100].map((attempt) => backOffMs(attempt)), [1000, 2000, 4000, 512_000, 600_000, 600_000]);
});

test('a dead letter carries the original attributes and what Pub/Sub would add', () => {
  const { topic, messages: [letter] } = deadLetter({
    subscription: SUBSCRIPTION, messageId: '7', publishTime: '2026-01-01T00:00:00.000Z', key: 'K', data: Buffer.from('x'),
    attributes: { type: 'PaymentReceived' }, attempt: 100,
  });
  assert.equal(topic, 'projects/p/topics/dead-letters');
  assert.equal(letter.orderingKey, 'K');
  assert.equal(letter.attributes.type, 'PaymentReceived');
  assert.equal(letter.attributes.CloudPubSubDeadLetterSourceDeliveryCount, '100');
  assert.equal(letter.attributes.CloudPubSubDeadLetterSourceSubscription, 'payments.payments');
});
