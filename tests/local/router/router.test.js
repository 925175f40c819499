// The router between a real Pub/Sub emulator and real HTTP functions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { pubsubClients } from '../../../local/pubsub.js';
import { listen, routerState } from '../../../local/router/client.js';
import { startStack } from '../../../local/stack.js';
import { topicName } from '../../../manifest/names.js';
import { standInFunctions } from '../../stack/stand-ins.js';
import { until } from '../../stack/until.js';

const MESSAGES = 2000;
const KEYS = 400;

// Writes one line per delivery: begun, ended, what it was.
const NOTING = `
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
require('@google-cloud/functions-framework').http('noting', async (request, response) => {
  const { message, subscription, deliveryAttempt } = request.body;
  const event = JSON.parse(Buffer.from(message.data, 'base64'));
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 2));
  const fails = event.failUntilAttempt > deliveryAttempt;
  appendFileSync(join(__dirname, 'deliveries'), JSON.stringify({ begun, ended: performance.now(), key: message.orderingKey, subscription, deliveryAttempt, attributes: message.attributes, ...event }) + '\\n');
  response.set('boma-outcome', fails ? 'FAULT' : 'APPLIED').status(fails ? 500 : 204).end();
});`;

const files = standInFunctions({ noting: { topics: { payments: ['Paid'] }, program: NOTING } }, { Paid: 'payments' });
let own;
let publisher;
let notices = [];
let listener;

before(async () => {
  own = await startStack(files);
  ({ publisher } = pubsubClients({ project: files.project, host: own.stack.pubsub }));
  listener = listen(own.stack.router, (notice) => notices.push(notice));
  await listener.opened;
});
after(async () => {
  listener?.close();
  await publisher?.close();
  await own?.stop();
  files.remove();
});

async function publish(events) {
  await publisher.publish({
    topic: topicName(files.project, 'payments'),
    messages: events.map(({ key, ...event }) => ({ data: Buffer.from(JSON.stringify(event)), orderingKey: key, attributes: { type: 'Paid' } })),
  });
}

const acknowledged = (count) => until(
  () => `${count} acknowledged, of ${notices.length} deliveries`,
  () => notices.filter(({ acked }) => acked).length >= count, { everyMs: 20 },
);

const deliveries = () => readFileSync(join(files.dist, 'noting', 'deliveries'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

test(`${MESSAGES} messages over ${KEYS} keys arrive in order, one of a key and 16 in all at a time`, async () => {
  notices = [];
  for (let from = 0; from < MESSAGES; from += 100) {
    await publish(Array.from({ length: 100 }, (_, index) => ({ id: `e${from + index}`, n: from + index, key: `key-${((from + index) * 7) % KEYS}` })));
  }
  await acknowledged(MESSAGES);

  const byKey = grouped(deliveries());
  assert.equal(byKey.size, KEYS);
  for (const [key, ofKey] of byKey) {
    ofKey.sort((a, b) => a.begun - b.begun);
    ofKey.slice(1).forEach((each, index) => {
      assert.ok(each.n > ofKey[index].n, `${key}: ${each.n} after ${ofKey[index].n}`);
      assert.ok(each.begun >= ofKey[index].ended, `${key}: two at once`);
    });
  }
  const changes = deliveries().flatMap(({ begun, ended }) => [[begun, 1], [ended, -1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let atOnce = 0;
  let mostAtOnce = 0;
  for (const [, change] of changes) mostAtOnce = Math.max(mostAtOnce, atOnce += change);
  assert.ok(mostAtOnce > 4 && mostAtOnce <= 16, `${mostAtOnce} at once`);
  assert.deepEqual((await routerState(own.stack.router)).inFlight, 0);
});

test('a failed delivery comes again with its attempt counted, before the next of its key, while others go on', async () => {
  notices = [];
  await publish([{ id: 'slow', key: 'held', failUntilAttempt: 2 }, { id: 'behind', key: 'held' }, { id: 'other', key: 'free' }]);
  await acknowledged(3);
  assert.deepEqual(notices.map(({ eventId, attempt, outcome }) => [eventId, attempt, outcome]).filter(([id]) => id !== 'other'), [
    ['slow', 1, 'FAULT'], ['slow', 2, 'APPLIED'], ['behind', 1, 'APPLIED'],
  ]);
  const order = notices.filter(({ acked }) => acked).map(({ eventId }) => eventId);
  assert.ok(order.indexOf('other') < order.indexOf('slow'), order.join());
  const last = deliveries().at(-1);
  assert.equal(last.subscription, `projects/${files.project}/subscriptions/noting.payments`);
  assert.deepEqual(last.attributes, { type: 'Paid' });
});

function grouped(all) {
  const byKey = new Map();
  for (const each of all) byKey.set(each.key, [...(byKey.get(each.key) ?? []), each]);
  return byKey;
}
