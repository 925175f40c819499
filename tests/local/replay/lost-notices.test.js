// The replay hears of each delivery from the router. These tests take notices away, and the router itself: what stays open
// must be found in the records and letters instead, and the replay must still come to its end.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import test, { afterEach, beforeEach } from 'node:test';
import { firestoreDocuments } from '../../../local/firestore.js';
import { createTopicsAndSubscriptions, pubsubClients } from '../../../local/pubsub.js';
import { Deliveries } from '../../../local/replay/deliveries.js';
import { replay } from '../../../local/replay/replay.js';
import { routerConsumers } from '../../../manifest/consumers.js';
import { readFunctions } from '../../../manifest/functions.js';
import { stackParts } from '../../stack/parts.js';
import { standInFunctions } from '../../stack/stand-ins.js';
import { startTcpProxy } from '../../stack/tcp-proxy.js';

const CUSTOMERS = 40;
// A router that takes over waits until the streams of the killed one are over.
const STREAM_LASTS_MS = 2000;
const topicOf = { UserRegistered: 'user-onboarding', KycCompleted: 'kyc', UserActive: 'user-lifecycle' };
let files;
let parts;
let wire;
let routerSettings;
let router;
let stack;

beforeEach(async () => {
  files = standInFunctions({
    profile: { topics: { 'user-onboarding': ['UserRegistered'] } },
    kyc: { topics: { kyc: ['KycCompleted'] }, publishes: { 'user-lifecycle': ['UserActive'] }, followUps: { KycCompleted: [{ type: 'UserActive', topic: 'user-lifecycle' }] } },
    access: { topics: { 'user-lifecycle': ['UserActive'] } },
  }, topicOf);
  parts = stackParts(files);
  const [pubsub, firestore] = await Promise.all([parts.pubsub(), parts.firestore()]);
  const { functions, topics } = readFunctions(files.dist);
  const consumers = routerConsumers(functions, files.project);
  const clients = pubsubClients({ project: files.project, host: pubsub });
  await createTopicsAndSubscriptions(clients, { project: files.project, topics, consumers });
  await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
  const urls = await parts.functions(functions.map(({ name }) => name), { pubsub, firestore });
  routerSettings = { pubsub, streamLastsMs: STREAM_LASTS_MS, consumers: consumers.map((each) => ({ ...each, url: urls[each.name] })) };
  router = await parts.router(routerSettings);
  // The wire keeps the router's address when a new one takes its place.
  wire = await startTcpProxy(router.host);
  stack = { project: files.project, firestore, pubsub, router: wire.host };
});
afterEach(async () => {
  await parts.stop();
  wire.close();
  files.remove();
});

const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const lines = Array.from({ length: CUSTOMERS }, (_, index) => [
  { id: id(index * 10), type: 'UserRegistered', subject: id(index) },
  { id: id(index * 10 + 1), type: 'KycCompleted', subject: id(index) },
]).flat();

/** Replays all lines; `breaking(heard)` may break something whenever a delivery is heard of. */
async function replayed(breaking) {
  const events = join(files.dir, 'events.ndjson');
  writeFileSync(events, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const deliveries = new Deliveries();
  let heard = 0;
  const count = deliveries.count.bind(deliveries);
  deliveries.count = (notice) => { heard += 1; count(notice); breaking(heard); };
  const result = await replay({
    files: [events], stack, ...readFunctions(files.dist), barrier: true, deliveries,
    progress: { settled() {}, waitsFor() {} }, signal: AbortSignal.timeout(120_000),
  });
  return { ...result, heard };
}

async function recordIds() {
  const documents = firestoreDocuments({ project: files.project, host: stack.firestore });
  const ids = [];
  for await (const { path } of documents.all()) ids.push(path.replace('processed_events/', ''));
  await documents.close();
  return ids;
}

/** Three records a customer: the registration, the approval, and the follow-up that `access` heard. */
async function assertAllHandled() {
  const ids = await recordIds();
  for (const consumer of ['profile', 'kyc', 'access']) assert.equal(ids.filter((each) => each.startsWith(`${consumer}.`)).length, CUSTOMERS, consumer);
}

test('the stream of notices is cut and stays away for a while: what was missed is looked up in the records', async () => {
  const result = await replayed((heard) => {
    if (heard !== 10) return;
    wire.isDown = true;
    wire.cut();
    setTimeout(() => { wire.isDown = false; }, 2000);
  });
  assert.equal(result.published, lines.length);
  assert.ok(result.heard < 3 * CUSTOMERS, `${result.heard} notices: none was missed, so nothing was tried`);
  await assertAllHandled();
});

test('the router is killed outright in the middle, and another one takes its place', async () => {
  let replaced;
  const result = await replayed((heard) => {
    if (heard !== 10) return;
    replaced = (async () => {
      await router.kill();
      await wait(500);
      const { host } = await parts.router({ ...routerSettings, takesOver: true });
      wire.target = host;
    })();
  });
  await replaced;
  assert.equal(result.published, lines.length);
  await assertAllHandled();
});
