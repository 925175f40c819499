// The cloud of these tests refuses what a real topic of one region refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { deploying } from './deploying.js';

const PROJECT = 'acme-regions';
const { cloud, stop } = await deploying(PROJECT);
test.after(stop);
cloud.state.enabled.add('pubsub.googleapis.com');

const send = (place, method, path, body) => fetch(`${cloud.base}/${place}/v1/projects/${PROJECT}/${path}`, { method, body: JSON.stringify(body) });
const publish = (place) => send(place, 'POST', 'topics/replays:publish', { messages: [{ data: 'YQ==', orderingKey: 'a' }] });
const pull = (place) => send(place, 'POST', 'subscriptions/access.replays:pull', { maxMessages: 1, returnImmediately: true });

test('a topic of one region that enforces it takes no message by another\'s endpoint, and gives none', async () => {
  const made = await send('pubsub', 'PUT', 'topics/replays', { messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'], enforceInTransit: true } });
  assert.equal(made.status, 200);
  assert.equal((await send('pubsub', 'PUT', 'subscriptions/access.replays', { topic: `projects/${PROJECT}/topics/replays` })).status, 200);
  for (const foreign of ['pubsub', 'us-east1-pubsub']) {
    for (const answer of [await publish(foreign), await pull(foreign)]) {
      assert.deepEqual([answer.status, (await answer.json()).error.status], [400, 'FAILED_PRECONDITION'], foreign);
    }
  }
  assert.equal((await publish('europe-west1-pubsub')).status, 200);
  const pulled = await pull('europe-west1-pubsub');
  assert.deepEqual([pulled.status, (await pulled.json()).receivedMessages.length], [200, 1]);
});
