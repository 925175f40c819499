// Hostile messages through the whole stack. Each comes to exactly what the contract says, and the good event behind it, of
// the same customer and of another, is applied as if it had not been there.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { PERSON, registered } from '../../stack/events.js';
import { message, startRealStack } from '../../stack/real-stack.js';
import { assertNoSecrets } from '../no-secrets.js';
import { letter, letterPath } from './letters.js';
import { AMOUNTS, BYSTANDER, SCRIPT } from './script.js';

const SETTLED_WITHIN_MS = 90_000;
const FIRST_REGISTRATION = 900_000;

const USUAL_ATTRIBUTES = { type: 'PaymentReceived', 'content-type': 'application/cloudevents+json' };
const hostilePairs = new Map(); // row's name -> [{ messageId, consumer }]

let stack;
let documents;
let beganMs;
let endedMs;

before(async () => {
  stack = await startRealStack();
  beganMs = Date.now();
  const customers = [BYSTANDER, ...SCRIPT.flatMap(({ toRegister }) => toRegister)];
  const registrations = customers.map((subject, index) => message(registered({ number: FIRST_REGISTRATION + index, subject })));
  assert.deepEqual(await stack.unacknowledged(await stack.publish('user-onboarding', registrations), SETTLED_WITHIN_MS), []);

  const pairs = [];
  for (const row of SCRIPT) pairs.push(...await publishRow(row));
  // A message that is never acknowledged is told of by its own row, not here.
  await stack.unacknowledged(pairs, SETTLED_WITHIN_MS);
  endedMs = Date.now();
  documents = await stack.documents();
});
after(() => stack?.stop());

/** Resolves with all pairs of the row; those of the hostile message are kept for its judgement. */
async function publishRow({ name, topic, earlier, key, body, attributes = USUAL_ATTRIBUTES, followers }) {
  const before = earlier ? [message(earlier)] : [];
  const behind = Object.values(followers).map((event) => message(event));
  const pairs = await stack.publish(topic, [...before, { data: body, orderingKey: key, attributes }, ...behind]);
  const ofEach = stack.consumersOf(topic).length;
  hostilePairs.set(name, pairs.slice(before.length * ofEach, (before.length + 1) * ofEach));
  return pairs;
}

for (const row of SCRIPT) {
  test(`${row.name}: ${row.outcome}`, () => {
    for (const { consumer, messageId } of hostilePairs.get(row.name)) judgeDelivery(row, consumer, messageId);
    for (const [whose, event] of Object.entries(row.followers)) {
      const record = documents.get(`processed_events/${row.appliedBy}.${event.id}`);
      assert.equal(record?.outcome, 'APPLIED', `the good event ${whose}, ${event.id}, is not applied`);
    }
    if (row.topic === 'payments') {
      const { balances } = documents.get(`users/${row.customer}`);
      const available = row.minors.reduce((sum, minor) => sum + minor, 0);
      assert.deepEqual(balances, { CZK: { available, pending: 0, reserved: 0 } });
    }
  });
}

function judgeDelivery(row, consumer, messageId) {
  const isFiled = row.reason !== undefined && (row.files ?? [consumer]).includes(consumer);
  const hears = isFiled || (row.files === undefined && consumer === row.appliedBy);
  const notice = stack.acked({ consumer, messageId });
  assert.ok(notice, `${consumer} has not acknowledged message ${messageId}`);
  const expected = { outcome: hears ? row.outcome : 'PASSED', status: 204, attempt: 1 };
  assert.deepEqual({ outcome: notice.outcome, status: notice.status, attempt: notice.attempt }, expected);

  const path = pathOf(row, consumer, messageId);
  const { receivedAt, ...filed } = documents.get(path) ?? {};
  if (isFiled) {
    assert.deepEqual(filed, letter({ consumer, kind: row.outcome, reason: row.reason, body: row.body, seen: row.seen, attributes: row.attributes ?? USUAL_ATTRIBUTES, path }));
    const receivedMs = Date.parse(receivedAt);
    assert.ok(receivedMs >= beganMs - 1 && receivedMs <= endedMs, `received at ${receivedAt}`);
  } else {
    assert.deepEqual(filed, {}, `${consumer} has filed a letter`);
  }
  const record = documents.get(`processed_events/${consumer}.${row.hostileId}`);
  const isRecorded = hears && (row.earlier !== undefined || row.outcome === 'APPLIED');
  assert.equal(record?.outcome, isRecorded ? 'APPLIED' : undefined, `the record of ${row.hostileId} at ${consumer}`);
}

/** Where its letter is: of an event without an id also by what Pub/Sub says of its message. */
const pathOf = ({ body, seen, attributes = USUAL_ATTRIBUTES }, consumer, messageId) => letterPath(consumer, body, seen.eventId === undefined && { attributes, messageId });

test('there is no letter but those', () => {
  const expected = SCRIPT.filter(({ reason }) => reason !== undefined).flatMap((row) => {
    const pairs = hostilePairs.get(row.name).filter(({ consumer }) => row.files?.includes(consumer) ?? true);
    return pairs.map(({ consumer, messageId }) => pathOf(row, consumer, messageId));
  });
  const there = [...documents.keys()].filter((path) => path.startsWith('dead_letters/'));
  assert.deepEqual(there.sort(), [...new Set(expected)].sort());
});

test('the customer who paid behind each of them has exactly that', () => {
  const available = SCRIPT.reduce((sum, { bystanderMinor }) => sum + bystanderMinor, 0);
  assert.deepEqual(documents.get(`users/${BYSTANDER}`).balances, { CZK: { available, pending: 0, reserved: 0 } });
});

test('no document stands where a hostile id would have put it', () => {
  const ofSomebody = /^(users|kyc_cases|transactions|leads|engagement)\/[0-9a-f-]{36}$/;
  const ofAnEvent = /^(processed_events|dead_letters|mail|users\/[0-9a-f-]{36}\/timeline)\/[a-z-]+\.[0-9a-f-]{32,36}$/;
  const aNote = /^users\/[0-9a-f-]{36}\/notes\/[0-9a-f-]{36}$/;
  const ofAMarket = /^(markets|price_alerts)\/\d{12}$/;
  const isWellFormed = (path) => [ofSomebody, ofAnEvent, aNote, ofAMarket].some((form) => form.test(path));
  assert.deepEqual([...documents.keys()].filter((path) => !isWellFormed(path)), []);
});

test('every message was acknowledged at its first delivery', () => {
  assert.deepEqual(stack.notices.filter(({ acked, attempt }) => !acked || attempt !== 1), []);
});

test('nothing of what was sent stands in the logs', () => {
  assertNoSecrets({ logs: stack.logs, secrets: [...Object.values(PERSON), ...AMOUNTS, '"specversion":"1.0"'] });
});
