// This release on top of the documents of an earlier one: what was handled is known, and everything goes on from there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { after, before } from 'node:test';
import { readFunctions } from '../../manifest/functions.js';
import { lettersStack } from '../ops/dead-letters/letters-stack.js';
import { event } from '../stack/documents.js';
import { until } from '../stack/until.js';
import { storedDocuments } from './stored.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const EXPORTED_MS = Date.parse('2026-11-22T20:17:25Z');
const APPROVED = '06bd9751-c569-5f6c-8fe5-5f5e7016418e';
const SUSPENDED = 'a0000000-0000-4000-8000-000000000001';
const REJECTED = 'a0000000-0000-4000-8000-000000000002';
const REFUSED_APPROVAL = 'e0000000-0000-4000-8000-000000000036';

const { topicOf } = readFunctions(fileURLToPath(new URL('../../dist', import.meta.url)));
const events = readFileSync(join(HERE, 'events.ndjson'), 'utf8').trim().split('\n').flatMap((line) => {
  try {
    const { type, subject } = JSON.parse(line);
    return topicOf[type] ? [{ type, subject, line }] : [];
  } catch {
    return []; // The half line, which goes to no topic.
  }
});
const documents = storedDocuments(join(HERE, 'export'), { exportedMs: EXPORTED_MS });
let stack;

before(async () => {
  stack = await lettersStack();
  await stack.put(documents);
});
after(() => stack?.stop());

const user = (id) => stack.get(`users/${id}`);
const record = (consumer, { id }) => stack.get(`processed_events/${consumer}.${id}`);

/** Publishes a new event and resolves with its record at one consumer. */
async function decided(consumer, next) {
  await stack.publish(topicOf[next.type], next);
  return until(`${consumer}'s record of ${next.type}`, () => record(consumer, next));
}

test('every event that was handled is known: no document of the earlier release changes', async () => {
  const earlier = await stack.everything();
  assert.equal(Object.keys(earlier).length, Object.keys(documents).length);
  assert.equal(events.length, 41);
  for (const { type, subject, line } of events) {
    await stack.target.publisher.publish({
      topic: `projects/demo-letters/topics/${topicOf[type]}`,
      messages: [{ data: Buffer.from(line), attributes: { type, 'content-type': 'application/cloudevents+json' }, orderingKey: subject }],
    });
  }
  await stack.idle();
  const later = await stack.everything();
  assert.deepEqual(Object.fromEntries(Object.keys(earlier).map((path) => [path, later[path]])), earlier);
  // Functions that came later may have met an event for the first time; those that were there have not.
  const known = new Set(Object.keys(earlier).filter((path) => path.startsWith('processed_events/')).map((path) => path.slice('processed_events/'.length).split('.')[0]));
  const again = Object.keys(later).filter((path) => !(path in earlier) && known.has(/(?:processed_events|timeline)\/([a-z-]+)\./.exec(path)?.[1]));
  assert.deepEqual(again, []);
});

test('a balance goes on from where it stood, in its currency alone', async () => {
  const before = await user(APPROVED);
  const payment = event('PaymentReceived', APPROVED, { transactionId: 'c0000000-0000-4000-8000-0000000000f1', amount: '10.00', currency: 'CZK', method: 'CASH' });
  assert.equal((await decided('payments', payment)).outcome, 'APPLIED');
  const { balances } = await user(APPROVED);
  assert.deepEqual(balances, { CZK: { ...before.balances.CZK, available: before.balances.CZK.available + 1000 } });
});

test('a transaction that was settled is not settled again under another event: the same amount is stale, another a contradiction', async () => {
  const { data } = JSON.parse(events.find(({ type }) => type === 'PaymentReceived').line);
  const balances = async () => (await user(APPROVED)).balances;
  const before = await balances();
  assert.equal((await decided('payments', event('PaymentReceived', APPROVED, data))).outcome, 'IGNORED');
  assert.equal((await decided('payments', event('PaymentReceived', APPROVED, { ...data, amount: '1.00' }))).reason, 'AmountMismatch');
  assert.deepEqual(await balances(), before);
});

test('a result that was applied last is still known as stale', async () => {
  const { reviewId, decision, provider } = await stack.get(`kyc_cases/${APPROVED}`);
  assert.equal((await decided('kyc', event('KycCompleted', APPROVED, { reviewId, decision, provider }))).outcome, 'IGNORED');
});

test('a suspension is lifted: the versions go on, its approval is still valid, and trading begins', async () => {
  const old = event('UserActive', SUSPENDED, { version: 4 });
  assert.equal((await decided('access', old)).outcome, 'IGNORED');
  assert.equal((await decided('kyc', event('KycReinstated', SUSPENDED, { operator: 'op-1' }))).outcome, 'APPLIED');
  const { kycStatus, kycVersion } = await user(SUSPENDED);
  assert.deepEqual({ kycStatus, kycVersion }, { kycStatus: 'APPROVED', kycVersion: 5 });
  await until('trading begins', async () => (await user(SUSPENDED)).accessVersion === 5);
  assert.equal((await user(SUSPENDED)).tradingEnabled, true);
});

test('a letter of the earlier release is replayed, and its event applied once it has become legal', async () => {
  const appeal = event('KycAppealed', REJECTED, { operator: 'op-1', reason: 'wrong person' });
  assert.equal((await decided('kyc', appeal)).outcome, 'APPLIED');
  const path = Object.keys(documents).find((each) => each.startsWith('dead_letters/') && documents[each].eventId?.stringValue === REFUSED_APPROVAL);
  const { status, said, complained } = await stack.command('replay', path.slice('dead_letters/'.length), '--yes');
  assert.equal(status, 0, said + complained);
  assert.equal((await stack.get(path)).status, 'REPLAYED');
  assert.equal((await record('kyc', { id: REFUSED_APPROVAL })).outcome, 'APPLIED');
  await until('trading begins', async () => (await user(REJECTED)).tradingEnabled);
  const entry = await stack.get(`users/${REJECTED}/timeline/kyc.${REFUSED_APPROVAL}`);
  assert.deepEqual({ from: entry.from, to: entry.to }, { from: 'PENDING', to: 'APPROVED' });
});

const later = (year) => ({ timestampValue: { seconds: String(Date.UTC(year, 0) / 1000), nanos: 0 } });

test('a market and an engagement of a time still to come, which that release took, go on from today', async () => {
  await stack.put({
    'markets/CLK20': { price: { stringValue: '60.5' }, time: later(2062) },
    [`engagement/${APPROVED}`]: { count: { integerValue: '3' }, score: { integerValue: '8000' }, lastAt: later(9999) },
  });
  const moved = event('PriceMoved', 'CLK20', { price: '-37.63' });
  assert.equal((await decided('price-alerts', moved)).outcome, 'APPLIED');
  assert.equal((await stack.get('markets/CLK20')).price, '-37.63');
  assert.equal((await decided('engagement', event('UserInteracted', APPROVED, { kind: 'CALLED', channel: 'PHONE' }))).outcome, 'APPLIED');
  const { count, score } = await stack.get(`engagement/${APPROVED}`);
  assert.deepEqual({ count, score }, { count: 4, score: 16_000 });
});

test('the score of a lead counts as that of its contacts', async () => {
  const leadId = 'b0000000-0000-4000-8000-0000000000f1';
  const text = (stringValue) => ({ stringValue });
  const lead = { status: text('QUALIFIED'), region: text('Praha'), channel: text('WEB'), score: { integerValue: '50' }, createdAt: later(2026) };
  await stack.put({ [`leads/${leadId}`]: lead });
  assert.equal((await decided('leads', event('LeadQualified', leadId, { leadId, score: 30 }))).outcome, 'APPLIED');
  const { score, qualifiedScore } = await stack.get(`leads/${leadId}`);
  assert.deepEqual({ score, qualifiedScore }, { score: 80, qualifiedScore: 30 });
});
