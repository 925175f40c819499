// By which of Pub/Sub's endpoints an operator's command publishes to a real project.
import assert from 'node:assert/strict';
import test from 'node:test';

import { EXIT_DONE, replay } from '../../ops/dead-letters/commands.js';
import { inRegionOf } from '../../ops/publishing-region.js';
import { UnknownToGoogle } from '../../ops/target.js';

const ENDPOINT = 'europe-west1-pubsub.googleapis.com:443';

/** A target whose topics are so, or the error with which Pub/Sub answers. */
function targetOf(answer, { env = {}, isReal = true } = {}) {
  const asked = [];
  const publisher = {
    async getTopic({ topic }) {
      asked.push(topic);
      if (answer instanceof Error) throw answer;
      return [answer];
    },
  };
  return { asked, target: { isReal, env, publisher, host: { project: 'acme' }, what: 'the real project acme' } };
}

const inOneRegion = { messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'], enforceInTransit: true } };
const endpointOf = async ({ target }) => (await inRegionOf(target, 'replays')).env.PUBSUB_ENDPOINT;
const failing = (code) => targetOf(Object.assign(new Error('no'), { code }));

test('a command publishes through the region that its topic keeps messages in', async () => {
  const one = targetOf(inOneRegion);
  assert.equal(await endpointOf(one), ENDPOINT);
  assert.deepEqual(one.asked, ['projects/acme/topics/replays']);
});

test('a topic of any region is published to by the global endpoint', async () => {
  for (const topic of [{}, { messageStoragePolicy: null }, { messageStoragePolicy: { allowedPersistenceRegions: [] } }]) {
    assert.equal(await endpointOf(targetOf(topic)), undefined);
  }
});

test('an endpoint that is set is taken, and the running stack has no region', async () => {
  const set = targetOf(inOneRegion, { env: { PUBSUB_ENDPOINT: 'us-east1-pubsub.googleapis.com:443' } });
  assert.equal(await endpointOf(set), 'us-east1-pubsub.googleapis.com:443');
  const local = targetOf(inOneRegion, { isReal: false });
  assert.equal(await endpointOf(local), undefined);
  assert.deepEqual([...set.asked, ...local.asked], []);
});

test('a topic that isn\'t there, or may not be looked at, is a sentence that says what to do', async () => {
  await assert.rejects(endpointOf(failing(5)), (error) => error instanceof UnknownToGoogle && /There is no topic replays in the real project acme\./.test(error.message));
  await assert.rejects(endpointOf(failing(7)), (error) => error instanceof UnknownToGoogle && /roles\/pubsub\.viewer .*PUBSUB_ENDPOINT=/.test(error.message));
  await assert.rejects(endpointOf(failing(14)), { code: 14 });
});

test('a replay that can\'t know the region publishes nothing, and a dry run needn\'t know it', async () => {
  const { target } = failing(7);
  const reads = { wanted: { ids: [], filters: {}, wait: false }, store: { async* matching() {} }, consumers: [], say() {}, note() {}, stopped: new AbortController().signal };
  await assert.rejects(replay({ ...reads, target }), UnknownToGoogle);
  assert.equal(await replay({ ...reads, target, wanted: { ...reads.wanted, dryRun: true } }), EXIT_DONE);
});
