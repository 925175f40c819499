// What operators see of a day of Boma: the pulse of a stack that they look at, and of one that they don't.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { message, startRealStack } from '../stack/real-stack.js';
import { uuid } from '../stack/events.js';
import { until } from '../stack/until.js';

const NONE = {};
let stack;
before(async () => { stack = await startRealStack({ isWatched: true }); });
after(() => stack?.stop());

const event = (number, type, subject, data) => message({
  specversion: '1.0', id: uuid('e', number), source: '//bank/test', type, subject, time: new Date(Date.now() - 1_000).toISOString(), data,
});
const USER = uuid('a', 1);
const registered = (number, subject = USER) => event(number, 'UserRegistered', subject, { email: `u${number}@example.com`, fullName: 'Ada Lovelace', country: 'CZ', region: 'Prague' });
const completed = (number, decision) => event(number, 'KycCompleted', USER, { provider: 'sumsub', reviewId: `r-${number}`, decision, ...(decision === 'REVIEW' && { reasons: ['DOCUMENT_UNCLEAR'] }) });
const received = (number, amount) => event(number, 'PaymentReceived', USER, { transactionId: uuid('d', number), amount, currency: 'CZK', method: 'TRANSFER' });

/** The page's work: the documents of all shards and minutes, added up. */
async function sums() {
  const all = [...await stack.documents()].filter(([path]) => path.startsWith('pulse/')).map(([path, fields]) => ({ path, ...fields }));
  const added = (field) => all.reduce((sum, document) => {
    for (const [name, number] of Object.entries(document[field])) sum[name] = (sum[name] ?? 0) + number;
    return sum;
  }, {});
  const newest = (field) => all.flatMap((document) => document[field]).sort((a, b) => (a.at < b.at ? 1 : -1));
  const czk = all.reduce((sum, { amounts }) => sum + (amounts.DEPOSIT?.CZK ?? 0), 0);
  return { all, changes: added('changes'), statuses: added('statuses'), czk, transactions: newest('transactions'), kyc: newest('kyc'), letters: newest('letters') };
}

async function untilSums(what, isThere) {
  let last;
  await until(() => `${what}: ${JSON.stringify(last)}`, async () => {
    last = await sums();
    return isThere(last);
  });
  return last;
}

test('a customer\'s first hour is in the sums, with the newest changes, and with nothing personal', async () => {
  const pairs = [];
  const publish = async (topic, messages) => { pairs.push(...await stack.publish(topic, messages)); };
  await publish('user-onboarding', [registered(1)]);
  assert.deepEqual(await stack.unacknowledged(pairs, 20_000), []);
  await publish('kyc', [completed(2, 'REVIEW')]);
  await publish('payments', [received(3, '700.00'), received(4, '0.50')]);
  await publish('leads', [event(5, 'LeadCreated', uuid('b', 1), { leadId: uuid('b', 1), region: 'Prague', channel: 'WEB' })]);
  await publish('operations', [event(6, 'KycReinstated', USER, { operator: 'olga@boma.test', approvedBy: 'petra@boma.test' })]);
  assert.deepEqual(await stack.unacknowledged(pairs, 20_000), []);

  const { statuses, transactions, kyc, letters, all } = await untilSums('the sums', (now) => now.czk === 70_050 && now.letters.length === 1 && now.kyc.length === 1 && now.statuses['leads.NEW'] === 1);
  assert.equal(statuses['users.created'], 1);
  assert.equal(statuses['users.IN_REVIEW'], 1);
  assert.equal(statuses['kyc_cases.IN_REVIEW'], 1);
  assert.equal(statuses['transactions.SETTLED'], 2);
  assert.equal(statuses['dead_letters.OPEN'], 1);
  assert.deepEqual(kyc.map(({ userId, status, from }) => ({ userId, status, from })), [{ userId: USER, status: 'IN_REVIEW', from: 'PENDING' }]);
  assert.deepEqual(transactions.map(({ id, userId, kind, amount, currency, status }) => [id, userId, kind, amount, currency, status]).sort(), [
    [uuid('d', 3), USER, 'DEPOSIT', 70_000, 'CZK', 'SETTLED'], [uuid('d', 4), USER, 'DEPOSIT', 50, 'CZK', 'SETTLED'],
  ]);
  assert.deepEqual(letters.map(({ consumer, kind }) => [consumer, kind]), [['kyc', 'REFUSED']]);
  assert.ok(!/Ada|example\.com|Prague|olga/.test(JSON.stringify(all)));
});

test('a hundred customers at once are all counted, in few documents', async () => {
  const { statuses: before = NONE } = await sums();
  const many = Array.from({ length: 100 }, (_, index) => registered(100 + index, uuid('c', index)));
  assert.deepEqual(await stack.unacknowledged(await stack.publish('user-onboarding', many), 60_000), []);
  const { all } = await untilSums('a hundred more', ({ statuses }) => statuses['users.created'] === before['users.created'] + 100);
  // One instance: a document a minute.
  assert.equal(new Set(all.map(({ shard }) => shard)).size, 1);
  await wait(1_500);
  assert.equal((await sums()).statuses['users.created'], before['users.created'] + 100);
});
