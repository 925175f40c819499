// The clock as it is deployed, between both emulators: what has ended is said once, however often and by however many it is
// called, and what stays in its queries keeps nothing back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ago, approved, awaitedLetter, caseDocument, customer, received, registered, suspended, transactionDocument, transactionId, userDocument,
} from '../stack/documents.js';
import { scheduledStack } from '../stack/scheduled-stack.js';
import { until } from '../stack/until.js';

let stack;
before(async () => { stack = await scheduledStack(); });
after(() => stack.stop());

const ids = (messages) => messages.map(({ data }) => JSON.parse(data).id).sort();
const recordsOf = (documents, id) => Object.entries(documents).filter(([path]) => path.startsWith('processed_events/') && path.endsWith(`.${id}`));

test('where nothing is due it says so, and leaves nothing behind', async () => {
  const { status, outcome, answer } = await stack.call('clock');
  assert.deepEqual([status, outcome, answer.found, answer.published, answer.stoppedAt, answer.faults], [200, 'FINISHED', 0, 0, null, []]);
  assert.deepEqual(Object.keys(await stack.documents()), []);
});

test('an order that there is not is refused by name', async () => {
  assert.deepEqual(await stack.call('clock', '{"now":"2030-01-01"}'), { status: 400, outcome: 'MALFORMED', answer: { error: 'now: unknown' } });
});

test('what cannot be handled is named and keeps nothing back, though more than a page of it comes first', async () => {
  const orphans = Array.from({ length: 120 }, (_, index) => [`kyc_cases/${customer(1000 + index)}`, caseDocument({ dueMs: ago(50) })]);
  const unreadable = { ...userDocument({ status: 'APPROVED', version: 1 }), kycVersion: { stringValue: 'one' } };
  await stack.put(Object.fromEntries([
    ...orphans,
    [`users/${customer(1)}`, unreadable], [`kyc_cases/${customer(1)}`, caseDocument({ dueMs: ago(40) })],
    [`users/${customer(2)}`, userDocument({ status: 'APPROVED', version: 1 })], [`kyc_cases/${customer(2)}`, caseDocument({ dueMs: ago(1) })],
  ]));
  const { status, answer } = await stack.call('clock');
  assert.deepEqual([status, answer.found, answer.published, answer.skippedInAll], [200, 122, 1, 121]);
  assert.deepEqual(answer.skipped[0], { document: `kyc_cases/${customer(1000)}`, why: `users/${customer(1000)} isn't there` });
  assert.deepEqual(answer.skipped.at(-1), { document: `kyc_cases/${customer(1)}`, why: 'stored kycVersion: a string, not an integer' });
  await until('the one that can be handled', async () => (await stack.documents())[`users/${customer(2)}`].kycStatus === 'EXPIRED');
  await stack.put(Object.fromEntries([...orphans.map(([path]) => [path, null]), [`users/${customer(1)}`, null], [`kyc_cases/${customer(1)}`, null]]));
  await stack.heard();
});

test('an approval expires, a customer lapses, a withdrawal expires: each once, however often and by how many it is called', async () => {
  const lapsing = { [`users/${customer(11)}`]: userDocument(), [`kyc_cases/${customer(11)}`]: caseDocument({ dueMs: ago(1) }) };
  await stack.put({
    ...lapsing,
    [`users/${customer(10)}`]: userDocument({ status: 'APPROVED', version: 3, tradingEnabled: true }), [`kyc_cases/${customer(10)}`]: caseDocument({ dueMs: ago(2) }),
    [`users/${customer(12)}`]: userDocument({ status: 'APPROVED', version: 1, balances: { CZK: { available: 30_000, pending: 70_000 } } }),
    [`transactions/${transactionId(1)}`]: transactionDocument({
      userId: customer(12), kind: 'WITHDRAWAL', status: 'AUTHORIZED', amount: 70_000, postings: [['available', -70_000], ['pending', 70_000]], expiresMs: ago(1),
    }),
    [`users/${customer(13)}`]: userDocument({ status: 'APPROVED', version: 1 }), [`kyc_cases/${customer(13)}`]: caseDocument({ dueMs: ago(-1) }),
  });
  const calls = await Promise.all([1, 2, 3].map(() => stack.call('clock')));
  calls.push(await stack.call('clock'));
  for (const { status, answer } of calls) assert.deepEqual([status, answer.faults, answer.skipped], [200, [], []]);
  await until('all that has ended', async () => {
    const documents = await stack.documents();
    const statuses = [10, 11].map((number) => documents[`users/${customer(number)}`].kycStatus);
    return statuses.join() === 'EXPIRED,ABANDONED' && documents[`transactions/${transactionId(1)}`].status === 'EXPIRED' && documents[`users/${customer(10)}`].accessVersion === 4;
  });
  await stack.idle();
  const documents = await stack.documents();

  // Whether one of them came while another was at it is chance. So one customer is as before once more, and the clock says it again.
  await stack.put(lapsing);
  assert.equal((await stack.call('clock')).answer.published, 1);
  await stack.idle();
  assert.equal((await stack.documents())[`users/${customer(11)}`].kycStatus, 'PENDING', 'what was applied is not applied again');
  await stack.put(Object.fromEntries(Object.keys(lapsing).map((path) => [path, null])));

  const heard = (await stack.heard()).filter(({ data }) => JSON.parse(data).source === '//boma/clock');
  const distinct = new Map(heard.map(({ data }) => [JSON.parse(data).id, data]));
  assert.equal(distinct.size, 3);
  assert.ok(heard.length > 3, 'nothing was said twice, so this shows nothing');
  // Not only the ids: every byte is the same.
  assert.equal(new Set(heard.map(({ data }) => data)).size, 3);
  for (const { key, data } of heard) assert.equal(key, JSON.parse(data).subject);

  const withdrawal = documents[`transactions/${transactionId(1)}`];
  assert.deepEqual([withdrawal.status, withdrawal.expiresAt], ['EXPIRED', undefined]);
  assert.deepEqual(documents[`users/${customer(12)}`].balances.CZK, { available: 100_000, pending: 0, reserved: 0 });
  const { kycStatus, kycVersion, tradingEnabled, accessVersion } = documents[`users/${customer(10)}`];
  assert.deepEqual({ kycStatus, kycVersion, tradingEnabled, accessVersion }, { kycStatus: 'EXPIRED', kycVersion: 4, tradingEnabled: false, accessVersion: 4 });
  assert.deepEqual([documents[`users/${customer(11)}`].kycStatus, documents[`users/${customer(11)}`].kycVersion], ['ABANDONED', 1]);
  assert.equal(documents[`users/${customer(13)}`].kycStatus, 'APPROVED');
  for (const number of [10, 11]) assert.equal(documents[`kyc_cases/${customer(number)}`].dueAt, undefined);
  for (const id of distinct.keys()) assert.equal(recordsOf(documents, id).length, 1, id);

  // What was applied has left the queries.
  const { answer } = await stack.call('clock');
  assert.deepEqual([answer.found, answer.published], [0, 0]);
});

test('letters whose customer has come are replayed in order, across consumers, each once', async () => {
  const [there, away] = [customer(20), customer(21)];
  const events = [approved(there), suspended(there), received(there, 20), approved(away)];
  const consumers = ['kyc', 'kyc', 'payments', 'kyc'];
  const letters = events.map((of, index) => awaitedLetter(consumers[index], of, ago(1) + index * 1000));
  await stack.put(Object.fromEntries(letters));
  const before = await stack.call('clock');
  assert.deepEqual([before.answer.replays, before.answer.waiting], [0, 4]);

  await stack.publish('user-onboarding', [registered(there)]);
  await until('the customer', async () => (await stack.documents())[`users/${there}`]);
  // `release` may have begun by now.
  const released = await stack.heard();
  const calls = await Promise.all([stack.call('clock'), stack.call('clock')]);
  for (const { status, answer } of calls) assert.deepEqual([status, answer.faults, answer.held], [200, [], 0]);
  await until('the last of the replays', async () => (await stack.documents())[letters[2][0]].status === 'REPLAYED');
  await stack.idle();

  const documents = await stack.documents();
  const { kycStatus, kycVersion, balances } = documents[`users/${there}`];
  assert.deepEqual({ kycStatus, kycVersion, balances }, { kycStatus: 'SUSPENDED', kycVersion: 2, balances: { CZK: { available: 70_000, pending: 0, reserved: 0 } } });
  for (const [path] of letters.slice(0, 3)) assert.deepEqual([documents[path].status, documents[path].replays], ['REPLAYED', 1], path);
  const [waiting] = letters[3];
  assert.deepEqual([documents[waiting].status, documents[waiting].replays], ['OPEN', 0]);

  const replays = [...released, ...await stack.heard()].filter(({ attributes }) => attributes.replayOf !== undefined);
  assert.deepEqual(new Set(ids(replays)), new Set(events.slice(0, 3).map(({ id }) => id)));
  for (const { attributes, key, data } of replays) {
    assert.equal(data, JSON.stringify(events.find(({ id }) => id === JSON.parse(data).id)));
    assert.deepEqual([attributes.replayNumber, key], ['1', there]);
  }
  assert.deepEqual([(await stack.call('clock')).answer.replays], [0]);
});
