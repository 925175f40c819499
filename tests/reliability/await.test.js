// Events that come before what they are about. They wait a moment within their delivery, are filed and acknowledged, and released as
// soon as their document is there, in their order and without anybody's doing.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import test, { after, before } from 'node:test';
import { PERSON, approved, moved, paid, registered, uuid } from '../stack/events.js';
import { message, startRealStack } from '../stack/real-stack.js';
import { until } from '../stack/until.js';
import { letter, letterPath } from './hostile/letters.js';
import { assertNoSecrets } from './no-secrets.js';

const APPLIED_WITHIN_MS = 60_000;
const MOST_MS = 1_200;
const OUTAGE = { customers: 30, deposits: 3 };

const [EARLY, LATE, OLD, REFUNDED, ...UNKNOWN] = Array.from({ length: 9 }, (_, index) => uuid('c', index));
const hit = (index) => uuid('a', index);

let stack;
before(async () => { stack = await startRealStack({ project: 'demo-await' }); });
after(() => stack?.stop());

let number = 0;
const sentMinors = [];

/** An event that has its number and its amount for itself. */
function numbered(make, subject) {
  number += 1;
  const minor = 7_400_000_051 + number * 100;
  sentMinors.push(minor);
  return make({ number, subject, minor });
}

const minorOf = ({ data: { amount } }) => Number(amount.replace('.', ''));
const sum = (events) => events.reduce((total, event) => total + minorOf(event), 0);
const balancesOf = (events) => ({ CZK: { available: sum(events), pending: 0, reserved: 0 } });

const publish = (topic, events) => stack.publish(topic, events.map((event) => message(event)));

async function acknowledged(pairs) {
  assert.deepEqual(await stack.unacknowledged(pairs, APPLIED_WITHIN_MS), [], 'not acknowledged');
}

const done = async (topic, event) => acknowledged(await publish(topic, [event]));
const noticesOf = (consumer, { id }) => stack.notices.filter((notice) => notice.consumer === consumer && notice.eventId === id);
const outcomesOf = (consumer, event) => noticesOf(consumer, event).map(({ outcome, attempt }) => [outcome, attempt]);

const noticed = (consumer, event, outcome) => until(
  () => `${consumer} and ${event.id}: ${outcome}, but ${JSON.stringify(outcomesOf(consumer, event))}`,
  () => noticesOf(consumer, event).some((notice) => notice.outcome === outcome),
  { withinMs: APPLIED_WITHIN_MS, everyMs: 20 },
);

const letterOf = (documents, consumer, event) => documents.get(letterPath(consumer, Buffer.from(JSON.stringify(event))));
const openLetters = (documents) => [...documents].filter(([path, { status }]) => path.startsWith('dead_letters/') && status === 'OPEN').map(([path]) => path);

test('an event that is a moment early waits inside its delivery', async () => {
  const payment = numbered(paid, EARLY);
  const pairs = await publish('payments', [payment]);
  await wait(300);
  await done('user-onboarding', numbered(registered, EARLY));
  await acknowledged(pairs);
  await noticed('payments', payment, 'APPLIED');
  // Were the machine so slow that the second ran out, it is filed and released.
  const outcomes = outcomesOf('payments', payment).map(([outcome]) => outcome);
  assert.ok(['APPLIED', 'AWAITED,APPLIED'].includes(outcomes.join()), outcomes.join());
  const { balances } = (await stack.documents()).get(`users/${EARLY}`);
  assert.deepEqual(balances, balancesOf([payment]));
});

test('what comes on three topics before the registration is filed and acknowledged at once, and released by it in its order', async () => {
  const payments = [numbered(paid, LATE), numbered(paid, LATE)];
  const change = numbered(moved, LATE);
  const check = numbered(approved, LATE);
  const early = [['payments', payments[0]], ['payments', payments[1]], ['profile', change], ['kyc', check]];
  const topics = { payments, 'user-onboarding': [change], kyc: [check] };
  const beganMs = Date.now();
  await acknowledged((await Promise.all(Object.entries(topics).map(([topic, events]) => publish(topic, events)))).flat());

  const filed = await stack.documents();
  for (const [consumer, event] of early) {
    assert.deepEqual(outcomesOf(consumer, event), [['AWAITED', 1]], `${consumer}, ${event.type}`);
    const { id, type, subject } = event;
    const body = Buffer.from(JSON.stringify(event));
    const { receivedAt, ...rest } = letterOf(filed, consumer, event);
    const seen = { eventId: id, type, subject, awaits: `users/${LATE}` };
    assert.deepEqual(rest, letter({ consumer, kind: 'AWAITED', reason: `awaits users/${LATE}`, body, seen, attributes: message(event).attributes }));
    assert.ok(Date.parse(receivedAt) >= beganMs && Date.parse(receivedAt) <= Date.now(), receivedAt);
    assert.equal(filed.get(`processed_events/${consumer}.${id}`), undefined);
  }

  await done('user-onboarding', numbered(registered, LATE));
  for (const [consumer, event] of early) await noticed(consumer, event, 'APPLIED');
  const documents = await until('all letters are settled', async () => {
    const now = await stack.documents();
    return openLetters(now).length === 0 && now;
  });
  const { balances, kycStatus } = documents.get(`users/${LATE}`);
  assert.deepEqual({ balances, kycStatus }, { balances: balancesOf(payments), kycStatus: 'APPROVED' });
  for (const [consumer, event] of early) {
    const { status, replays } = letterOf(documents, consumer, event);
    assert.deepEqual({ status, replays }, { status: 'REPLAYED', replays: 1 });
  }
  const appliedIn = (consumer, event) => stack.notices.findIndex((notice) => notice.consumer === consumer && notice.eventId === event.id && notice.outcome === 'APPLIED');
  const byReceipt = early.toSorted(([a, x], [b, y]) => Date.parse(letterOf(documents, a, x).receivedAt) - Date.parse(letterOf(documents, b, y).receivedAt));
  const places = byReceipt.map(([consumer, event]) => appliedIn(consumer, event));
  assert.deepEqual(places, places.toSorted((a, b) => a - b), 'the oldest letter first');
});

test(`an event for an unknown customer costs at most two deliveries and ${MOST_MS / 1000} s of function time`, async (t) => {
  const spent = [];
  for (const subject of UNKNOWN) {
    const payment = numbered(paid, subject);
    await acknowledged(await publish('payments', [payment]));
    await done('user-onboarding', numbered(registered, subject));
    await noticed('payments', payment, 'APPLIED');
    const notices = noticesOf('payments', payment);
    assert.deepEqual(outcomesOf('payments', payment), [['AWAITED', 1], ['APPLIED', 1]]);
    spent.push(notices.reduce((ms, notice) => ms + notice.ms, 0));
  }
  t.diagnostic(`function time of each: ${spent.map((ms) => Math.round(ms)).join(', ')} ms`);
  // A busy machine adds to each; to all of them only what the delivery itself needs.
  assert.ok(Math.min(...spent) <= MOST_MS, `${spent.join(', ')} ms`);
});

test('a push that waited for hours is filed at its first delivery, and applied when the registration comes', async () => {
  const payment = numbered(paid, OLD);
  const push = {
    message: {
      attributes: { type: payment.type }, data: Buffer.from(JSON.stringify(payment)).toString('base64'), messageId: '7000000000000001',
      orderingKey: OLD, publishTime: new Date(Date.now() - 6 * 3_600_000).toISOString(),
    },
    subscription: 'projects/demo-await/subscriptions/payments.payments', deliveryAttempt: 1,
  };
  const response = await fetch(stack.urls.payments, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(push) });
  assert.deepEqual([response.status, response.headers.get('boma-outcome')], [204, 'AWAITED']);
  await done('user-onboarding', numbered(registered, OLD));
  await noticed('payments', payment, 'APPLIED');
  const documents = await stack.documents();
  assert.deepEqual(documents.get(`users/${OLD}`).balances, balancesOf([payment]));
});

test('what waits for a transaction is the clock\'s, which is called as soon as that is there', async () => {
  await done('user-onboarding', numbered(registered, REFUNDED));
  const payment = numbered(paid, REFUNDED);
  const failed = numbered(({ number: of, subject }) => ({
    ...payment, id: uuid('e', of), subject, type: 'PaymentReversed', data: { transactionId: payment.data.transactionId, reason: 'chargeback' },
  }), REFUNDED);
  await done('payments', failed);
  assert.deepEqual(outcomesOf('payments', failed), [['AWAITED', 1]]);
  await done('payments', payment);
  await noticed('payments', failed, 'APPLIED');
  const documents = await stack.documents();
  assert.equal(documents.get(`transactions/${payment.data.transactionId}`).status, 'REVERSED');
  assert.equal(documents.get(`users/${REFUNDED}`).balances.CZK.available, 0);
});

test(`after an outage of the registrations' topic every deposit of ${OUTAGE.customers} customers is applied, and no letter is open`, async (t) => {
  const customers = Array.from({ length: OUTAGE.customers }, (_, index) => hit(index));
  const deposits = new Map(customers.map((subject) => [subject, Array.from({ length: OUTAGE.deposits }, () => numbered(paid, subject))]));
  // Published in order, and the topic with the registrations delivers nothing until the deposits are filed.
  const held = customers.map((subject) => numbered(registered, subject));
  await acknowledged((await Promise.all([...deposits.values()].map((events) => publish('payments', events)))).flat());
  const filed = openLetters(await stack.documents());
  assert.equal(filed.length, OUTAGE.customers * OUTAGE.deposits, 'all are filed');

  const beganMs = Date.now();
  await acknowledged((await Promise.all(held.map((event) => publish('user-onboarding', [event])))).flat());
  const documents = await until('no letter is open', async () => {
    const now = await stack.documents();
    return openLetters(now).length === 0 && now;
  }, { withinMs: 120_000, everyMs: 200 });
  t.diagnostic(`released within ${Date.now() - beganMs} ms`);
  for (const subject of customers) {
    assert.deepEqual(documents.get(`users/${subject}`).balances, balancesOf(deposits.get(subject)), subject);
    for (const event of deposits.get(subject)) assert.equal(documents.get(`processed_events/payments.${event.id}`).outcome, 'APPLIED');
  }
});

test('nothing of what was sent stands in the logs', () => {
  assertNoSecrets({ logs: stack.logs, secrets: [...Object.values(PERSON), ...sentMinors.map(String), '"specversion":"1.0"'] });
});
