// What the router does when its connection to Pub/Sub breaks, and when a message can't be delivered at all.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import test, { after, before } from 'node:test';
import { createTopicsAndSubscriptions, pubsubClients, subscriptionName, topicName } from '../../local/pubsub.js';
import { listen } from '../../local/replay/notices.js';
import { startedByHand } from './router-alone.js';
import { testStack } from './test-stack.js';
import { wireCut } from './wire-cut.js';

const KEYS = 20;
const files = testStack({}, {});
const parts = startedByHand(files);
const retry = { maxAttempts: 3, firstMs: 200, longestMs: 1000 };
const subscription = subscriptionName(files.project, 'taking', 'payments');
const letters = subscriptionName(files.project, 'letters', 'dead-letters');
const deliveries = []; // { n, id, key, attempt, beganMs, endedMs }
const notices = [];
let failing = () => false;
let server;
let wire;
let router;
let listener;
let clients;

before(async () => {
  const pubsub = await parts.pubsub();
  clients = pubsubClients({ project: files.project, host: pubsub });
  await createTopicsAndSubscriptions(clients, {
    project: files.project, topics: ['payments', 'dead-letters'],
    consumers: [{ subscriptions: [subscription] }, { subscriptions: [letters] }],
  });
  server = createServer(takeDelivery).listen(0, '127.0.0.1');
  await once(server, 'listening');
  wire = await wireCut(pubsub);
  router = await parts.router({
    pubsub: wire.host, retry, ackDeadlineS: 10,
    consumers: [{ name: 'taking', url: `http://127.0.0.1:${server.address().port}/`, concurrency: 16, subscriptions: [subscription] }],
  });
  listener = listen(router.host, (notice) => notices.push(notice));
  await listener.opened;
});
after(async () => {
  listener?.close();
  await Promise.all([clients?.publisher.close(), clients?.subscriber.close()]);
  await parts.stop();
  wire?.close();
  server?.close();
  files.remove();
});

async function takeDelivery(request, response) {
  const beganMs = performance.now();
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  const { message, deliveryAttempt: attempt } = JSON.parse(body);
  const event = JSON.parse(Buffer.from(message.data, 'base64'));
  await wait(5);
  const fails = failing(event, attempt);
  deliveries.push({ ...event, key: message.orderingKey, attempt, fails, beganMs, endedMs: performance.now() });
  response.writeHead(fails ? 500 : 204).end();
}

async function publish(events) {
  await clients.publisher.publish({
    topic: topicName(files.project, 'payments'),
    messages: events.map(({ key, ...event }) => ({ data: Buffer.from(JSON.stringify(event)), orderingKey: key, attributes: { type: 'Paid', 'content-type': 'application/cloudevents+json' } })),
  });
}

async function until(condition, what, withinMs = 90_000) {
  const giveUpAtMs = Date.now() + withinMs;
  while (!condition()) {
    assert.ok(Date.now() < giveUpAtMs, `not within ${withinMs / 1000} s: ${what}`);
    await wait(10);
  }
}

const numbered = (from, count) => Array.from({ length: count }, (_, index) => ({ id: `e${from + index}`, n: from + index, key: `key-${(from + index) % KEYS}` }));
const done = () => new Set(deliveries.filter(({ fails }) => !fails).map(({ id }) => id));

test('the connection to Pub/Sub is reset twice: what is held goes on in order, nothing is lost, and then all is as before', async () => {
  // Some of what is held at a reset has failed before: it waits for its second attempt on the other side.
  failing = ({ n }, attempt) => attempt === 1 && n % 50 === 7;
  await publish(numbered(0, 400));
  for (const at of [60, 200]) {
    await until(() => done().size >= at, `${at} deliveries`);
    wire.cut();
    await wait(700); // Longer than the router waits before it connects again: the second reset hits a new stream.
  }
  // The emulator gives the first batches still to the dead streams. They come when those leases have run out.
  await publish(numbered(400, 100));
  await until(() => done().size === 500, 'all, those too that the dead streams took');
  await publish(numbered(500, 100));
  await until(() => done().size === 600, 'what was published afterwards', 8000);

  for (let key = 0; key < KEYS; key += 1) {
    const ofKey = deliveries.filter((each) => each.key === `key-${key}`).sort((a, b) => a.beganMs - b.beganMs);
    ofKey.slice(1).forEach((each, index) => assert.ok(each.beganMs >= ofKey[index].endedMs, `key-${key}: two at once`));
    // At least once: a message whose acknowledgement was lost may come again, but the first times are in order.
    const firstTimes = [...new Set(ofKey.filter(({ fails }) => !fails).map(({ n }) => n))];
    for (const part of [firstTimes.filter((n) => n < 400), firstTimes.filter((n) => n >= 500)]) {
      assert.deepEqual(part, part.toSorted((a, b) => a - b), `key-${key}`);
    }
    assert.equal(firstTimes.length, 600 / KEYS);
  }
  assert.equal(deliveries.filter(({ n, attempt, fails }) => n % 50 === 7 && attempt === 2 && !fails).length, 12);
});

test('a message whose attempts run out goes to dead-letters as it was, and the next of its key is delivered', async () => {
  failing = ({ id }) => id === 'poison';
  await publish([{ id: 'poison', key: 'held', note: 'Zoë' }, { id: 'behind', key: 'held' }]);
  await until(() => notices.some(({ eventId, acked }) => eventId === 'behind' && acked), 'the message behind');
  assert.deepEqual(deliveries.filter(({ key }) => key === 'held').map(({ id, attempt }) => [id, attempt]), [
    ['poison', 1], ['poison', 2], ['poison', 3], ['behind', 1],
  ]);
  assert.deepEqual(notices.filter(({ eventId }) => eventId === 'poison').map(({ acked, exhausted }) => [acked, exhausted]), [[false, false], [false, false], [false, true]]);

  const [{ receivedMessages: [{ message: letter }, ...others] }] = await clients.subscriber.pull({ subscription: letters, maxMessages: 10 });
  assert.deepEqual(others, []);
  assert.deepEqual(JSON.parse(letter.data), { id: 'poison', note: 'Zoë' });
  assert.equal(letter.orderingKey, 'held');
  const { CloudPubSubDeadLetterSourceMessageId: messageId, CloudPubSubDeadLetterSourceTopicPublishTime: publishedAt, ...attributes } = letter.attributes;
  assert.deepEqual(attributes, {
    type: 'Paid',
    'content-type': 'application/cloudevents+json',
    CloudPubSubDeadLetterSourceDeliveryCount: '3',
    CloudPubSubDeadLetterSourceSubscription: 'taking.payments',
    CloudPubSubDeadLetterSourceSubscriptionProject: files.project,
  });
  assert.equal(messageId, notices.find(({ eventId }) => eventId === 'poison').messageId);
  assert.ok(Math.abs(Date.now() - Date.parse(publishedAt)) < 60_000, publishedAt);
});
