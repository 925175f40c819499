// What the router does when its connection to Pub/Sub breaks, and when a message can't be delivered at all.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import test, { after, before } from 'node:test';
import { createTopicsAndSubscriptions, pubsubClients } from '../../../local/pubsub.js';
import { listen, messagesHeld, routerState } from '../../../local/router/client.js';
import { subscriptionName, topicName } from '../../../manifest/names.js';
import { stackParts } from '../../stack/parts.js';
import { standInFunctions } from '../../stack/stand-ins.js';
import { startTcpProxy } from '../../stack/tcp-proxy.js';
import { until } from '../../stack/until.js';

const KEYS = 20;
const TAKES_MS = 20;
const STREAM_LASTS_MS = 1000;
const STREAMS = 4;
const files = standInFunctions({}, {});
const parts = stackParts(files);
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
  wire = await startTcpProxy(pubsub);
  router = await parts.router({
    pubsub: wire.host, retry, streamLastsMs: STREAM_LASTS_MS,
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
  await wait(TAKES_MS);
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

// Sooner than a lease ends: what a dead stream took isn't to be waited for.
const soon = (what, look) => until(what, look, { withinMs: 30_000, everyMs: 10 });

const allReceived = (count) => soon(`the router has received ${count} messages`, async () => messagesHeld(await routerState(router.host)) + done().size >= count);

const numbered = (from, count) => Array.from({ length: count }, (_, index) => ({ id: `e${from + index}`, n: from + index, key: `key-${(from + index) % KEYS}` }));
const numbersOf = (key, count) => numbered(0, count).map(({ n }) => n).filter((n) => n % KEYS === key);
const deliveriesOf = (key) => deliveries.filter((each) => each.key === `key-${key}`).sort((a, b) => a.beganMs - b.beganMs);
const done = () => new Set(deliveries.filter(({ fails }) => !fails).map(({ id }) => id));

test('a message whose attempts run out goes to dead-letters as it was, and the next of its key is delivered', async () => {
  failing = ({ id }) => id === 'poison';
  await publish([{ id: 'poison', key: 'held', note: 'Zoë' }, { id: 'behind', key: 'held' }]);
  await soon('the message behind', () => notices.some(({ eventId, acked }) => eventId === 'behind' && acked));
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

test('streams follow one another while messages flow: each comes once, and in order', async () => {
  deliveries.length = 0;
  failing = () => false;
  const overMs = performance.now() + STREAMS * STREAM_LASTS_MS;
  let published = 0;
  for (; performance.now() < overMs; published += KEYS) {
    await publish(numbered(published, KEYS));
    await wait(40);
  }
  await soon('all of them', () => deliveries.length >= published);
  await wait(STREAM_LASTS_MS); // Every acknowledgement is on its way by then.
  // After a reset what isn't acknowledged comes again, and that would be what was acknowledged between two streams.
  wire.cut();
  await publish([{ id: 'after', key: 'after' }]);
  await soon('what was published after the reset', () => done().has('after'));
  assert.equal(deliveries.length, published + 1);
  for (let key = 0; key < KEYS; key += 1) {
    assert.deepEqual(deliveriesOf(key).map(({ n }) => n), numbersOf(key, published));
  }
});

test('the connection to Pub/Sub is reset twice: everything goes on in order, and nothing is lost', async () => {
  deliveries.length = 0;
  // Some of what is held at a reset has failed before: it waits for its second attempt on the other side.
  failing = ({ n }, attempt) => attempt === 1 && n % 50 === 7;
  await publish(numbered(0, 400));
  await allReceived(400);
  assert.ok(done().size < 300, 'nothing much is held any more, so nothing is tried');
  for (const from of [400, 500]) {
    wire.cut();
    await publish(numbered(from, 100)); // The emulator gives these to the dead stream.
    await soon('what was published after the reset', () => done().size > from);
  }
  await soon('all of them', () => done().size === 600);

  for (let key = 0; key < KEYS; key += 1) {
    const ofKey = deliveriesOf(key);
    ofKey.slice(1).forEach((each, index) => assert.ok(each.beganMs >= ofKey[index].endedMs, `key-${key}: two at once`));
    // At least once: a message whose acknowledgement was lost may come again, but the first times are in order.
    const firstTimes = [...new Set(ofKey.filter(({ fails }) => !fails).map(({ n }) => n))];
    assert.deepEqual(firstTimes, numbersOf(key, 600));
  }
  // What was held kept its count of attempts; and if all of it came again, then once more from the first.
  const failed = numbered(0, 600).map(({ n }) => n).filter((n) => n % 50 === 7);
  assert.equal(failed.length, 12);
  for (const number of failed) assert.match(deliveries.filter(({ n }) => n === number).map(({ attempt }) => attempt).join(), /^1,2(,1,2)*$/, `e${number}`);
});
