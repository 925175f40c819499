import assert from 'node:assert/strict';
import test from 'node:test';
import { Deliveries } from '../../../local/replay/deliveries.js';
import { compareBalances, inUnits } from '../../../local/run/balances.js';
import { progressLine } from '../../../local/run/progress.js';
import { summaryText } from '../../../local/run/summary.js';

const bank = new Map([
  ['right', { grade: 'exact', bankMinor: 100n, sumMinor: 100n }],
  ['wrong', { grade: 'exact', bankMinor: 100n, sumMinor: 100n }],
  ['rounded', { grade: 'rounded', bankMinor: 110n, sumMinor: 100n }],
]);
const user = (id, available) => ({ id, profileData: { fullName: id, region: 'Prague' }, balances: { CZK: { available, pending: 0, reserved: 0 } } });
const report = { events: 1, published: 1, applied: 1, ignored: 0, refused: 0, duplicates: 0, conflicts: 0, malformed: 0, awaited: 0, deadLetters: 0, lost: 0, seconds: 1, latencyMs: { p50: 1, p95: 2, p99: 3 } };
const none = { rows: [], counts: { users: 0, compared: 0 } };

function summary(changes = {}) {
  return summaryText({
    report, run: { published: 1, unreadable: [] }, recounted: { pairs: 1, followUps: 0, lost: [], openLetters: [] }, deliveries: new Deliveries(), comparison: none, limits: [], ...changes,
  });
}

test('a wrong balance comes first and says so', async () => {
  const comparison = await compareBalances([user('right', 100), user('rounded', 100), user('wrong', 99)], bank);
  assert.equal(comparison.rows[0].name, 'wrong');
  assert.equal(comparison.counts.sumAgrees, 2);
  assert.equal(comparison.counts.exactAgrees, 1);
  const text = summary({ comparison });
  assert.match(text, /wrong .*0\.99 CZK.*WRONG: the payments come to 1\.00 CZK/);
  assert.match(text, /right .*equal/);
  assert.match(text, /rounded .*0\.10 CZK apart: the bank rounded/);
});

test('customers of this run stand before those who were there, and wrong balances before both', async () => {
  const strangers = Array.from({ length: 8 }, (_, index) => user(`stranger-${index}`, 100));
  const { rows } = await compareBalances([user('right', 100), ...strangers, user('mine', 5), user('wrong', 99)], bank, new Set(['mine']));
  assert.deepEqual(rows.slice(0, 3).map(({ name }) => name), ['wrong', 'mine', 'right']);
  assert.equal(rows.length, 6);
});

test('balances beyond 2^53 are compared and shown to the last unit, also where only their sum is', async () => {
  const edge = 9_007_199_254_740_991;
  const users = [
    { ...user('one', 9_007_199_254_740_993n), profileData: {} },
    { id: 'summed', balances: { CZK: { available: edge, pending: 1, reserved: 1 } } },
    { id: 'off', balances: { CZK: { available: 9_007_199_254_740_992n } } },
  ];
  const listed = { grade: 'exact', bankMinor: 9_007_199_254_740_993n, sumMinor: 9_007_199_254_740_993n };
  const comparison = await compareBalances(users, new Map(users.map(({ id }) => [id, listed])));
  assert.deepEqual(comparison.counts, { users: 3, compared: 3, sumAgrees: 2, exact: 3, exactAgrees: 2 });
  const text = summary({ comparison });
  assert.match(text, /off .*90,071,992,547,409\.92 CZK.*WRONG: the payments come to 90,071,992,547,409\.93 CZK/);
  assert.match(text, /summed .*90,071,992,547,409\.93 CZK/);
});

test('what is lost is named, and a limit that is passed says OVER', () => {
  const text = summary({
    report: { ...report, lost: 1 },
    recounted: { pairs: 1, followUps: 0, lost: [{ consumer: 'kyc', type: 'KycCompleted', id: 'e' }], openLetters: [] },
    limits: [{ name: 'replay', value: 301, limit: 300, unit: 's' }, { name: 'memory', value: 400, limit: 400, unit: 'MB' }],
  });
  assert.match(text, /kyc: KycCompleted e/);
  assert.match(text, /OVER {2}replay/);
  assert.match(text, /ok {4}memory/);
});

test('dead letters are named by their largest groups, with an event of each, and with the way to the others', () => {
  const letter = (number, consumer, reason, more = {}) => ({ id: `${consumer}.${number}`, consumer, kind: 'REFUSED', reason, receivedAt: `2026-01-05T10:00:0${number}Z`, eventId: `event-${number}`, ...more });
  const openLetters = [
    letter(1, 'leads', 'IllegalTransition{LOST, LeadContacted}'), letter(3, 'payments', 'AmountMismatch'), letter(2, 'payments', 'AmountMismatch'),
    letter(4, 'kyc', 'data.decision: \u202eunknown', { kind: 'MALFORMED', eventId: undefined }),
  ];
  const recounted = { pairs: 1, followUps: 0, lost: [], openLetters };
  assert.match(summary({ recounted }), /Dead letters that are open\n +2 +payments +REFUSED +AmountMismatch +event event-2\n +1 +kyc +MALFORMED +data\.decision: \\u202eunknown +letter kyc\.4\n +1 +leads .*LeadContacted} +event event-1\n {2}npm run dead-letters -- list\n/);
  assert.match(summary({ recounted, endsAfter: true }), /\n {2}--export DIR writes them whole: DIR\/dead_letters\.ndjson\n/);
  assert.match(summary({ recounted, endsAfter: true, exportDir: '/tmp/out' }), /\n {2}\/tmp\/out\/dead_letters\.ndjson has them whole\n/);
  const many = Array.from({ length: 9 }, (_, index) => letter(index, 'payments', `reason ${index}`)).flatMap((one) => [one, one]);
  assert.match(summary({ recounted: { ...recounted, openLetters: many } }), /reason 7[^]*\n {2}and 1 more group, of 2 letters\n/);
  assert.doesNotMatch(summary(), /Dead letters/);
});

for (const [minor, currency, text] of [
  [0, 'CZK', '0.00 CZK'], [-5, 'CZK', '-0.05 CZK'], [123456789, 'CZK', '1,234,567.89 CZK'], [700, 'JPY', '700 JPY'], [1500, 'BHD', '1.500 BHD'],
  [9007199254740993n, 'CZK', '90,071,992,547,409.93 CZK'], [-9223372036854775808n, 'JPY', '-9,223,372,036,854,775,808 JPY'],
  [90000, 'HUF', '900.00 HUF'], [1000, 'IQD', '1.000 IQD'],
]) {
  test(`${minor} minor units are ${text}`, () => assert.equal(inUnits(minor, currency), text));
}

test('latency has no percentile without a delivery, and the nearest rank with some', () => {
  const deliveries = new Deliveries();
  assert.deepEqual(deliveries.latencyMs(), { p50: 0, p95: 0, p99: 0 });
  for (let ms = 100; ms >= 1; ms -= 1) deliveries.count({ consumer: 'c', eventId: `${ms}`, outcome: 'APPLIED', acked: true, latencyMs: ms });
  assert.deepEqual(deliveries.latencyMs(), { p50: 50, p95: 95, p99: 99 });
});

test('the progress says what it waits for when nothing moves', () => {
  const line = progressLine({ settled: 1, total: 4, elapsedMs: 1000, byOutcome: { APPLIED: 1 }, waitsFor: { consumer: 'kyc', id: 'e' } });
  assert.match(line, /1\/4 .* 3 s left .*waits for kyc of e/);
});

test('the conversion table has the latest quarters, and says how many there are more', () => {
  const row = (quarter, region, leads, converted) => ({ quarter, region, leads, converted, rate: converted / leads });
  const text = summary({ analytics: { differing: 0, conversion: [row('1993-Q1', 'Praha 東', 3, 1), row(null, null, 1, 1)] } });
  assert.match(text, /The warehouse has every document as it is/);
  assert.match(text, /quarter +region +leads +converted +rate\n +1993-Q1 +Praha 東 +3 +1 +33\.3 %\n +no date +no region +1 +1 +100\.0 %\n/);
  assert.match(summary({ analytics: { differing: 1200, conversion: [] } }), /THE WAREHOUSE HAS 1,200 DOCUMENTS OTHERWISE[^]*Conversion, by the warehouse: no leads/);
  const many = summary({ analytics: { differing: 0, conversion: Array.from({ length: 51 }, (_, index) => row(`${1900 + index}-Q1`, 'r', 1, 0)) } });
  assert.match(many, /1950-Q1[^]*and 1 earlier ones/);
  assert.doesNotMatch(summary(), /Conversion|warehouse/i);
});

test('a warehouse\'s rows have their time, and the CPU time of its function where the machine tells', () => {
  const analytics = (cpuS) => ({ differing: 0, conversion: [], seconds: 12.34, appended: { rows: 2000, cpuS } });
  assert.match(summary({ analytics: analytics(1) }), /^2,000 rows were appended in 12\.3 s, 0\.50 ms of its function's CPU time each\nThe warehouse has every document/m);
  assert.match(summary({ analytics: analytics(NaN) }), /^2,000 rows were appended in 12\.3 s\n/m);
});
