// Many changes at once at the built `pulse`, as Eventarc posts them, through HTTP, Wasm and gRPC: they share writes, at most one a second, and
// each is acknowledged after the write that has it.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startByFramework } from '../shim/framework-child.js';
import { commitsOnly, createdBody } from './commits.js';

const [PERMISSION_DENIED, UNAVAILABLE] = [7, 14];
/** Each write is on its way to here for another time. */
const APART_MS = 750;

let firestore;
let pulse;
const begin = async () => {
  pulse = await startByFramework({ FIRESTORE_EMULATOR_HOST: firestore.host, GOOGLE_CLOUD_PROJECT: 'p' }, { name: 'pulse', dist: 'dist' });
};
beforeEach(async () => {
  firestore = await commitsOnly();
  await begin();
});
afterEach(() => {
  pulse.stop();
  firestore.close();
});

let events = 0;
/** { status, sentMs, endedMs } */
async function posted(path, status = 'NEW') {
  events += 1;
  const sentMs = performance.now();
  const response = await fetch(pulse.url, {
    method: 'POST', headers: { 'content-type': 'application/protobuf', 'ce-id': `e-${events}` }, body: createdBody(path, status),
  });
  await response.arrayBuffer();
  return { status: response.status, sentMs, endedMs: performance.now() };
}

const leads = (from, to) => Array.from({ length: to - from }, (_, index) => posted(`leads/l-${from + index}`));
/** What the documents of all minutes have together. */
const counted = () => [...firestore.documents.values()].reduce((sum, { changes }) => sum + (changes.leads ?? 0), 0);
/** Without the first, which comes late: it is made while there is no connection yet. */
const apart = () => firestore.commits.slice(2).map(({ atMs }, index) => atMs - firestore.commits[index + 1].atMs);

test('a hundred changes a second are at most one write a second, and each is acknowledged after its own', async () => {
  const waiting = [posted('leads/l')];
  for (let number = 0; number < 400; number += 20) {
    waiting.push(...leads(number, number + 20));
    await wait(200);
  }
  const answered = await Promise.all(waiting);
  assert.deepEqual(new Set(answered.map(({ status }) => status)), new Set([204]));
  const [, second, ...more] = firestore.commits;
  assert.ok(more.length <= (more.at(-1).atMs - second.atMs + 1_000 - APART_MS) / 1_000, `${firestore.commits.length} writes`);
  assert.ok(apart().every((ms) => ms >= APART_MS), `${apart()}`);
  const late = answered.filter(({ sentMs, endedMs }) => !firestore.commits.some(({ atMs, answeredMs }) => atMs >= sentMs && answeredMs <= endedMs));
  assert.deepEqual(late, []);
  assert.equal(counted(), 401);
  const shards = new Set([...firestore.documents.keys()].map((path) => path.split('.')[1]));
  assert.equal(shards.size, 1);
  for (const [path, { shard, minute, expireAt, statuses }] of firestore.documents) {
    assert.equal(path, `pulse/${minute.slice(0, 16)}.${shard}`);
    assert.equal(Date.parse(expireAt) - Date.parse(minute), 86_400_000);
    assert.deepEqual(Object.keys(statuses), ['leads.NEW']);
  }
  assert.equal(firestore.documents.size > 0, true);
});

test('each instance has a shard of its own', async () => {
  await posted('leads/l-1');
  pulse.stop();
  await begin();
  await posted('leads/l-2');
  assert.equal(new Set(firestore.commits.flatMap(({ paths }) => paths.map((path) => path.split('.')[1]))).size, 2);
});

test('a write that fails is 5xx for all that were in it, and what comes again counts once', async () => {
  firestore.answers = (number) => (number === 2 ? { afterMs: 200, code: PERMISSION_DENIED } : {});
  assert.equal((await posted('leads/l-0')).status, 204);
  const failed = await Promise.all(leads(1, 41));
  assert.deepEqual(new Set(failed.map(({ status }) => status)), new Set([500]));
  assert.deepEqual([firestore.commits.length, counted()], [2, 1]);
  const again = await Promise.all(leads(1, 41));
  assert.deepEqual(new Set(again.map(({ status }) => status)), new Set([204]));
  assert.equal(counted(), 41);
});

test('a write whose answer is lost is made again, and nothing counts twice', async () => {
  firestore.answers = (number) => (number === 2 ? { code: UNAVAILABLE, isDone: true } : {});
  await posted('leads/l-0');
  const answered = await Promise.all(leads(1, 30));
  assert.deepEqual(new Set(answered.map(({ status }) => status)), new Set([204]));
  assert.ok(firestore.commits.length >= 3);
  assert.ok(apart().every((ms) => ms >= APART_MS), `${apart()}`);
  assert.equal(counted(), 30);
});

test('what was done all the same though it failed for good is taken back by the next write', async () => {
  firestore.answers = (number) => ([2, 3, 4].includes(number) ? { code: UNAVAILABLE, isDone: true } : {});
  await posted('leads/l-0');
  // They have most of a second to come, until the write of all of them begins.
  const failed = await Promise.all(leads(1, 11));
  assert.deepEqual(new Set(failed.map(({ status }) => status)), new Set([500]));
  assert.equal(counted(), 11);
  await Promise.all(leads(1, 11));
  assert.equal(counted(), 11);
});
