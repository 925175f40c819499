// The views that answer questions, on known data and a real BigQuery emulator. Every row comes twice, the last first.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { readQuestions } from '../../analytics/questions.js';
import { questionLine, rowOf } from '../../local/warehouse/rows.js';
import { change, startWarehouse } from '../stack/warehouse.js';

let warehouse;
before(async () => { warehouse = await startWarehouse(); });
after(() => warehouse?.stop());

const DOCUMENT = readFileSync(new URL('../../docs/analytics.md', import.meta.url), 'utf8');
const QUESTIONS = readQuestions({ project: 'demo-test', dataset: 'boma' }).map(({ view }) => view);

/** The rows of a query of docs/analytics.md, by its heading there. */
async function documentedAnswer(heading) {
  const from = DOCUMENT.search(new RegExp(`^\\d+\\. ${heading}`, 'm'));
  const [, sql] = /^```sql\n(.*?)^```$/ms.exec(DOCUMENT.slice(from));
  const { fields, rows } = await warehouse.client.query(sql);
  return rows.map((row) => JSON.parse(questionLine(fields, rowOf(fields, row))));
}

const insertBadly = (collection, rows) => warehouse.insert(collection, [...rows.toReversed(), ...rows]);
const at = (seconds) => new Date(Date.UTC(2026, 0, 5, 10) + seconds * 1000).toISOString().replace('Z', '000Z');

test('of nothing there are no answers', async () => {
  for (const view of QUESTIONS) {
    assert.deepEqual(await warehouse.answers(view), [], view);
  }
});

test('conversion: by the quarter of creation in UTC; lost and deleted leads', async () => {
  const lead = (id, region, createdAt, status, seconds = 1) => change(id, seconds, { region, createdAt, status });
  await insertBadly('leads', [
    lead('c1', 'Praha', '1993-03-31T23:59:59.999999Z', 'CONVERTED'), lead('c2', 'Praha', '1993-01-01T00:00:00Z', 'LOST'), lead('c3', 'Praha', '1993-02-01T00:00:00Z', 'NEW'),
    lead('c4', 'Praha', '1993-04-01T00:00:00Z', 'QUALIFIED'), lead('c5', 'východ 東', '1993-12-31T23:30:00Z', 'NEW', 0), lead('c5', 'východ 東', '1993-12-31T23:30:00Z', 'CONVERTED'),
    lead('c6', 'Praha', '1993-02-01T00:00:00Z', 'CONVERTED'), change('c6', 1, {}, { deletedAtS: 2 }), lead('c7', null, '1992-02-29T12:00:00Z', 'CONVERTED'),
  ]);
  assert.deepEqual(await warehouse.answers('conversion_by_region_quarter', { of: ({ quarter }) => quarter < '2000' }), [
    { converted: 0, leads: 1, quarter: '1993-Q2', rate: 0, region: 'Praha' },
    { converted: 1, leads: 1, quarter: '1992-Q1', rate: 1, region: null },
    { converted: 1, leads: 1, quarter: '1993-Q4', rate: 1, region: 'východ 東' },
    { converted: 1, leads: 3, quarter: '1993-Q1', rate: 1 / 3, region: 'Praha' },
  ]);
});

test('the last quarter is the last complete one', async () => {
  const today = new Date();
  const quarterStart = (back) => Date.UTC(today.getUTCFullYear(), Math.floor(today.getUTCMonth() / 3) * 3 - 3 * back, 1);
  const lead = (id, ms, status) => change(id, 0, { region: 'now', status, createdAt: new Date(ms).toISOString() });
  await insertBadly('leads', [
    lead('q1', quarterStart(0), 'CONVERTED'), lead('q2', quarterStart(0) - 1, 'CONVERTED'), lead('q3', quarterStart(1), 'NEW'), lead('q4', quarterStart(1) - 1, 'NEW'),
  ]);
  const last = new Date(quarterStart(1));
  assert.deepEqual(await warehouse.answers('conversion_last_quarter'), [
    { converted: 1, leads: 2, quarter: `${last.getUTCFullYear()}-Q${last.getUTCMonth() / 3 + 1}`, rate: 0.5, region: 'now' },
  ]);
});

test('the funnel: each stay once, a status that is entered again twice; a change of something else and a second copy begin none', async () => {
  const user = (id, seconds, kycStatus, more = {}) => change(id, seconds, { kycStatus, ...more });
  await insertBadly('users', [
    user('f1', 0, 'PENDING'), user('f1', 5, 'PENDING', { tradingEnabled: false }), user('f1', 10, 'APPROVED'), user('f1', 30, 'PENDING'), user('f1', 31.5, 'REJECTED'),
    user('f2', 0, 'PENDING'), change('f2', 0, {}, { deletedAtS: 100 }),
    user('f3', 50, 'PENDING'),
    user('f4', 0, 'APPROVED'), user('f4', 0, 'REJECTED', {}), change('f5', 0, {}),
  ].map((row) => (row.id === 'f4' && row.kycStatus === 'REJECTED' ? { ...row, ingested_at: '2026-01-06T00:00:00Z' } : row)));
  assert.deepEqual(await warehouse.answers('kyc_funnel'), [
    { ended: 0, entered: 2, median_seconds: null, p90_seconds: null, status: 'REJECTED', still_there: 2 },
    { ended: 1, entered: 1, median_seconds: 20, p90_seconds: 20, status: 'APPROVED', still_there: 0 },
    { ended: 3, entered: 4, median_seconds: 10, p90_seconds: 100, status: 'PENDING', still_there: 1 },
  ]);
});

test('the funnel: a hundred stays have their median and their ninth decile, whatever their order', async () => {
  const stay = (length) => [change(`s${length}`, 0, { kycStatus: 'IN_REVIEW' }), change(`s${length}`, 0, {}, { deletedAtS: length })];
  await insertBadly('users', Array.from({ length: 101 }, (_, index) => stay(((index * 37) % 101) + 1)).flat());
  const [{ entered, median_seconds: median, p90_seconds: p90 }] = await warehouse.answers('kyc_funnel', { of: ({ status }) => status === 'IN_REVIEW' });
  assert.equal(entered, 101);
  // The quantiles are approximate: the emulator's are the next stay's.
  assert.ok(Math.abs(median - 51) <= 1 && Math.abs(p90 - 91) <= 1, `${median} ${p90}`);
});

test('money: what moved, on the day of the transaction; what came back beside it; what never moved not at all', async () => {
  const of = (id, kind, status, amount, more = {}) => change(id, 0, { kind, status, amount, currency: 'CZK', method: 'CARD', timestamp: '2020-02-29T23:59:59.999999Z', postings: [], ...more });
  await insertBadly('transactions', [
    of('m1', 'DEPOSIT', 'PENDING', '1000'), of('m2', 'DEPOSIT', 'FAILED', '1000'), of('m3', 'DEPOSIT', 'SETTLED', '100', { settledAmount: '90.5' }),
    of('m4', 'DEPOSIT', 'REVERSED', '10', { reversedAmount: '7.01', refunded: '2.99' }), of('m5', 'WITHDRAWAL', 'AUTHORIZED', '1000'),
    of('m6', 'WITHDRAWAL', 'SETTLED', '30', { settledAmount: '31.25' }), of('m7', 'WITHDRAWAL', 'REVERSED', '5', { settledAmount: '4' }), of('m8', 'WITHDRAWAL', 'EXPIRED', '1000'),
    of('m9', 'REFUND', 'SETTLED', '2.99'), of('m10', 'REFUND', 'PENDING', '1000'), of('m11', 'DISPUTE', 'SETTLED', '0.01'), of('m12', 'DISPUTE', 'CANCELED', '1000'), of('m13', 'DISPUTE', 'PENDING', '1000'),
    of('m14', 'PAYMENT', 'SETTLED', '8'), of('m15', 'PAYMENT', 'REVERSED', '9', { reversedAmount: '9' }), of('m16', 'FEE', 'SETTLED', '1'),
    of('m17', 'ADJUSTMENT', 'SETTLED', '6', { postings: [{ account: 'external:OTHER', amount: '-6' }, { account: 'available', amount: '6' }] }),
    of('m18', 'ADJUSTMENT', 'SETTLED', '2', { postings: [{ account: 'available', amount: '-2' }, { account: 'external:OTHER', amount: '2' }] }),
    of('m19', 'DEPOSIT', 'SETTLED', '50'), change('m19', 0, {}, { deletedAtS: 9 }),
  ]);
  assert.deepEqual(await warehouse.answers('money_by_day', { of: ({ currency }) => currency === 'CZK' }), [{
    adjustments: 4, currency: 'CZK', day: '2020-02-29', deposits: 100.5, deposits_reversed: 7.01, disputes: 0.01, fees: 1, method: 'CARD', payments: 17, payments_reversed: 9,
    refunds: 2.99, transactions: 11, withdrawals: 35.25, withdrawals_returned: 4,
  }]);
  // 17 - 9 of payments, 35.25 - 4 of withdrawals, and what was refunded, lost in disputes and charged.
  const [asked] = (await documentedAnswer('Money in and out')).filter(({ currency }) => currency === 'CZK');
  assert.deepEqual(asked, { day: '2020-02-29', currency: 'CZK', money_in: 93.49, money_out: 43.25, adjustments: 4 });
});

test('rejections: by the provider\'s reasons where the provider rejected; an operator\'s are one line, with or without reasons of something else', async () => {
  const rejected = (id, columns) => ({ ...change(id, 0, { new_status: 'REJECTED', reasons: [], ...columns }), change_time: new Date().toISOString() });
  const lastResultAt = new Date().toISOString();
  await insertBadly('kyc_cases', [
    rejected('r1', { decision: 'REJECTED', reasons: ['Forged', 'Sanctions'], lastResultAt }), rejected('r2', { decision: 'REJECTED', reasons: ['Forged'], lastResultAt }),
    rejected('r3', { decision: 'REVIEW', reasons: ['NeedsPerson'], lastResultAt }), rejected('r4', { decision: 'APPROVED', lastResultAt }), rejected('r5', { reasons: ['Hold'] }),
    rejected('r6', { decision: 'REVIEW', reasons: ['NeedsPerson'], new_status: 'IN_REVIEW', lastResultAt }), rejected('r7', { decision: 'REJECTED', reasons: ['Old'], lastResultAt: '2020-01-01T00:00:00Z' }),
  ]);
  const answer = await documentedAnswer('The providers\' reasons of rejections');
  assert.deepEqual(Object.fromEntries(answer.map(({ rejected_for: reason, customers }) => [reason, customers])), { Forged: 2, Sanctions: 1, 'an operator': 3 });
});

test('money: each day, currency and method apart; sums beyond an int64, three decimals, and no method at all', async () => {
  const deposit = (id, amount, currency, more) => change(id, 0, { kind: 'DEPOSIT', status: 'SETTLED', amount, currency, timestamp: '1993-01-31T00:00:00Z', postings: [], ...more });
  await insertBadly('transactions', [
    deposit('d1', '9223372036854775807', 'JPY', { method: 'TRANSFER' }), deposit('d2', '9223372036854775807', 'JPY', { method: 'TRANSFER' }),
    deposit('d3', '1', 'JPY', { method: 'TRANSFER', timestamp: '1993-02-01T00:00:00Z' }), deposit('d4', '0.001', 'KWD', { method: 'CASH' }), deposit('d5', '9223372036854775.807', 'KWD', {}),
  ]);
  const { fields, rows } = await warehouse.read('boma.money_by_day');
  assert.equal(fields.find(({ name }) => name === 'deposits').type, 'NUMERIC');
  const shown = rows.filter(({ day }) => day < '1994').map(({ day, currency, method, deposits }) => [day, currency, method, deposits].join(' ')).sort();
  assert.deepEqual(shown, ['1993-01-31 JPY TRANSFER 18446744073709551614.000000000', '1993-01-31 KWD  9223372036854775.807000000', '1993-01-31 KWD CASH 0.001000000', '1993-02-01 JPY TRANSFER 1.000000000']);
});

test('overdrafts: since, until and how low, of each currency; one that lasts has no end; none begins twice', async () => {
  const user = (id, seconds, amounts) => change(id, seconds, { balances: Object.entries(amounts).map(([currency, available]) => ({ currency, available, pending: '0', reserved: '0' })) });
  await insertBadly('users', [
    user('o1', 0, { CZK: '5', EUR: '1' }), user('o1', 10, { CZK: '-1', EUR: '1' }), user('o1', 20, { CZK: '-3.5', EUR: '-0.01' }), user('o1', 30, { CZK: '-2', EUR: '-0.01' }), user('o1', 40, { CZK: '0', EUR: '-0.01' }), user('o1', 50, { CZK: '-0.01', EUR: '-0.01' }), user('o1', 60, { CZK: '7', EUR: '-9' }),
    user('o2', 5, { KWD: '-9223372036854775.808' }), change('o2', 5, {}, { deletedAtS: 6 }),
    user('o3', 5, { CZK: '0' }), change('o4', 5, { balances: [] }),
    user('o5', 0, { CZK: '-1' }), change('o5', 9, { balances: [] }),
  ]);
  const { rows } = await warehouse.read('boma.overdrafts');
  const iso = (micros) => (micros === null ? 'lasts' : new Date(Number(micros) / 1000).toISOString().replace('Z', '000Z'));
  assert.deepEqual(rows.map(({ userId, currency, since, until, lowest }) => [userId, currency, iso(since), iso(until), lowest].join(' ')).sort(), [
    `o1 CZK ${at(10)} ${at(40)} -3.500000000`, `o1 CZK ${at(50)} ${at(60)} -0.010000000`, `o1 EUR ${at(20)} lasts -9.000000000`,
    `o2 KWD ${at(5)} ${at(6)} -9223372036854775.808000000`, `o5 CZK ${at(0)} ${at(9)} -1.000000000`,
  ]);
});

test('dead letters: each once, by the day of filing; one that expired keeps the status that it had', async () => {
  const letter = (id, consumer, status, seconds, receivedAt = '2025-12-31T23:59:59Z') => change(id, seconds, { consumer, status, receivedAt });
  await insertBadly('dead_letters', [
    letter('x1', 'kyc', 'OPEN', 0), letter('x1', 'kyc', 'REPLAYED', 5), change('x1', 5, {}, { deletedAtS: 90 }),
    letter('x2', 'kyc', 'OPEN', 0), letter('x3', 'kyc', 'DISCARDED', 0), letter('x4', 'kyc', 'OPEN', 0), change('x4', 0, {}, { deletedAtS: 1 }),
    letter('x5', 'kyc', 'OPEN', 0), change('x5', 0, {}, { deletedAtS: 1 }), letter('x5', 'kyc', 'OPEN', 2),
    letter('x6', 'kyc', 'OPEN', 0, '2026-01-01T00:00:00Z'), letter('x7', 'leads', 'OPEN', 0),
  ]);
  assert.deepEqual(await warehouse.answers('dead_letters_by_consumer_day'), [
    { consumer: 'kyc', day: '2025-12-31', discarded: 1, letters: 5, replayed: 1, still_open: 2 },
    { consumer: 'kyc', day: '2026-01-01', discarded: 0, letters: 1, replayed: 0, still_open: 1 },
    { consumer: 'leads', day: '2025-12-31', discarded: 0, letters: 1, replayed: 0, still_open: 1 },
  ]);
});

test('every query of docs/analytics.md can be asked', async () => {
  const queries = [...DOCUMENT.matchAll(/^```sql\n(.*?)^```/gms)].map(([, sql]) => sql).filter((sql) => !sql.startsWith('GRANT'));
  assert.ok(queries.length > 10, `only ${queries.length} were found`);
  for (const sql of queries) await assert.doesNotReject(warehouse.client.query(sql), sql);
  // Whoever may not see personal columns asks the other dataset the same, but for what names some, and makes no table there.
  const others = queries.filter((sql) => !/profileData|CREATE|MERGE/.test(sql)).map((sql) => sql.replaceAll('boma.', 'boma_pseudonymized.'));
  assert.ok(others.length > 9, `only ${others.length} were found`);
  for (const sql of others) await assert.doesNotReject(warehouse.client.query(sql), sql);
});

test('every question has the same answer without the personal columns', async () => {
  for (const view of QUESTIONS) {
    const [all, pseudonymized] = await Promise.all(['boma', 'boma_pseudonymized'].map(async (dataset) => {
      const { fields, rows } = await warehouse.read(`${dataset}.${view}`);
      return rows.map((row) => questionLine(fields, row)).sort();
    }));
    assert.ok(all.length > 0, view);
    assert.deepEqual(pseudonymized, all, view);
  }
});
