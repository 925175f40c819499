// The main job on real input: `npm start -- --once` with the samples, judged by the bank's own figures; and a newcomer. With a
// warehouse, which is judged by the documents.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { after, before } from 'node:test';
import { npmStartOnce } from '../../stack/npm-start.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BANK = join(ROOT, 'samples', 'bank-1993');
const NEWCOMER = join(ROOT, 'samples', 'newcomer');
const dir = mkdtempSync(join(tmpdir(), 'boma-sample-'));
after(() => rmSync(dir, { recursive: true }));

const table = (name) => {
  const [header, ...lines] = readFileSync(join(BANK, name), 'utf8').trim().split('\n').map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, index) => [header[index], cell])));
};
const documents = (collection) => readFileSync(join(dir, 'export', `${collection}.ndjson`), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const eventsOf = (sample) => readFileSync(join(sample, 'events.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const [bank, newcomers] = [BANK, NEWCOMER].map(eventsOf);
/** The documents of a collection that aren't a newcomer's. */
const ofTheBank = (collection) => {
  const others = new Set(newcomers.flatMap(({ subject, data }) => [subject, data.transactionId, data.refundId, data.disputeId]));
  return documents(collection).filter(({ id }) => !others.has(id));
};
const quarterOf = ({ createdAt }) => `${createdAt.slice(0, 4)}-Q${Math.ceil(Number(createdAt.slice(5, 7)) / 3)}`;
let run;

before(async () => { run = await npmStartOnce(dir, [], ['--warehouse']); });

test('it ends with status 0, nothing lost and no dead letter', () => {
  assert.equal(run.status, 0, run.said);
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'));
  assert.deepEqual(Object.keys(report), [
    'events', 'published', 'applied', 'ignored', 'refused', 'duplicates', 'conflicts', 'malformed', 'awaited', 'deadLetters', 'lost', 'seconds', 'latencyMs',
  ]);
  assert.equal(report.events, bank.length + newcomers.length);
  assert.equal(report.lost, 0);
  assert.equal(report.deadLetters, 0);
  assert.equal(report.refused, 0);
});

test("every balance is the sum of its payments, and the bank's own where that is exact", () => {
  const users = new Map(ofTheBank('users').map((user) => [user.id, user]));
  const expected = table('balances.csv');
  assert.equal(users.size, expected.length);
  assert.ok(expected.filter(({ grade }) => grade === 'exact').length >= 5);
  for (const { userId, grade, bankBalanceMinor, sumOfAmountsMinor } of expected) {
    const { available, pending, reserved } = users.get(userId).balances.CZK;
    assert.equal(available + pending + reserved, Number(sumOfAmountsMinor), userId);
    if (grade === 'exact') assert.equal(available + pending + reserved, Number(bankBalanceMinor), userId);
  }
});

test('every customer is approved and may trade', () => {
  for (const { id, kycStatus, tradingEnabled } of documents('users')) assert.deepEqual({ id, kycStatus, tradingEnabled }, { id, kycStatus: 'APPROVED', tradingEnabled: true });
});

test('every payment is one settled transaction', () => {
  const payments = bank.filter(({ type }) => type.startsWith('Payment'));
  const transactions = new Map(ofTheBank('transactions').map((each) => [each.id, each]));
  assert.equal(transactions.size, payments.length);
  for (const { subject, data } of payments) {
    const { userId, status } = transactions.get(data.transactionId);
    assert.deepEqual({ userId, status }, { userId: subject, status: 'SETTLED' });
  }
});

test('leads and conversions by quarter and region are those of the list', () => {
  const counted = {};
  for (const { region, createdAt, status } of ofTheBank('leads')) {
    const quarter = quarterOf({ createdAt });
    const cell = counted[`${quarter},${region}`] ??= { leads: 0, converted: 0 };
    cell.leads += 1;
    cell.converted += Number(status === 'CONVERTED');
  }
  const expected = Object.fromEntries(table('conversion.csv').map(({ quarter, region, leads, converted }) => [`${quarter},${region}`, { leads: Number(leads), converted: Number(converted) }]));
  assert.deepEqual(counted, expected);
});

test('the latest views of the warehouse are the documents, line by line', () => {
  for (const collection of ['users', 'transactions', 'leads', 'kyc_cases']) {
    const [view, exported] = [`warehouse.${collection}_latest`, collection].map((name) => readFileSync(join(dir, 'export', `${name}.ndjson`), 'utf8'));
    assert.ok(exported.split('\n').length > 10, collection);
    assert.equal(view, exported);
  }
});

test('conversion by the warehouse is that of the list, for every quarter and region; and it is printed', () => {
  const [newcomersLead] = documents('leads').filter(({ id }) => newcomers.some(({ data }) => data.leadId === id));
  const rows = documents('warehouse.conversion_by_region_quarter').filter(({ quarter }) => quarter !== quarterOf(newcomersLead));
  const expected = table('conversion.csv').map(({ quarter, region, leads, converted }) => ({ converted: Number(converted), leads: Number(leads), quarter, rate: converted / leads, region }));
  const inOrder = (list) => list.toSorted((a, b) => (`${a.quarter} ${a.region}` < `${b.quarter} ${b.region}` ? -1 : 1));
  assert.deepEqual(inOrder(rows), inOrder(expected));
  for (const { quarter, region, leads, converted } of expected) assert.match(run.said, new RegExp(`^ +${quarter} +${region} +${leads} +${converted} `, 'm'));
});

test('what moved by the warehouse is what the settled transactions add up to, by day, to the haler', () => {
  const columns = { DEPOSIT: 'deposits', PAYMENT: 'payments', WITHDRAWAL: 'withdrawals', REFUND: 'refunds', DISPUTE: 'disputes' };
  const [byView, byDocuments] = [{}, {}];
  const add = (sums, day, column, minor) => { if (minor !== 0) sums[`${day} ${column}`] = (sums[`${day} ${column}`] ?? 0) + minor; };
  for (const row of documents('warehouse.money_by_day')) for (const column of Object.values(columns)) add(byView, row.day, column, Math.round(row[column] * 100));
  for (const { kind, status, timestamp, amount, settledAmount } of documents('transactions')) {
    if (['SETTLED', 'REVERSED'].includes(status)) add(byDocuments, timestamp.slice(0, 10), columns[kind], settledAmount ?? amount);
  }
  assert.ok(Object.keys(byDocuments).length > 300);
  assert.deepEqual(byView, byDocuments);
});

test('the newcomer was won back, reviewed by a person, welcomed, and told of the one price that she waited for', () => {
  const registered = newcomers.find(({ type }) => type === 'UserRegistered');
  const only = (collection, wanted) => documents(collection).find(({ id }) => id === wanted);
  const { status, score, reason } = only('leads', registered.data.leadId);
  assert.deepEqual({ status, score, reason }, { status: 'CONVERTED', score: 50, reason: undefined });
  assert.equal(only('users', registered.subject).kycStatus, 'APPROVED');
  assert.equal(only('engagement', registered.subject).count, 3);
  const mails = documents('mail').filter(({ to }) => to === registered.data.email).map(({ template }) => template);
  const [welcome, alert] = ['WELCOME', 'PRICE_ALERT'].map((name) => mails.find((mail) => mail.name === name).data);
  assert.deepEqual(welcome, { fullName: 'Nela Newcomer' });
  assert.deepEqual([alert.symbol, alert.threshold, alert.price], ['CEZ.PX', '1400', '1402.00']);
  assert.equal(mails.filter(({ name }) => name === 'PRICE_ALERT').length, 1);
  const open = Object.values(only('price_alerts', 'CEZ.PX').alerts).map(({ threshold }) => threshold);
  assert.deepEqual([only('markets', 'CEZ.PX').price, open], ['1402.00', ['1200.00']]);
});

test("the newcomer's money came, went and was disputed, and she was told of all that went wrong", () => {
  const registered = newcomers.find(({ type }) => type === 'UserRegistered');
  const hers = documents('transactions').filter(({ userId }) => userId === registered.subject);
  assert.deepEqual(hers.map(({ kind, status }) => `${kind} ${status}`).sort(), [
    'DEPOSIT FAILED', 'DEPOSIT REVERSED', 'DEPOSIT SETTLED', 'DISPUTE CANCELED', 'DISPUTE SETTLED', 'PAYMENT SETTLED',
    'REFUND SETTLED', 'WITHDRAWAL CANCELED', 'WITHDRAWAL FAILED', 'WITHDRAWAL SETTLED',
  ]);
  // 500.00 and 200.00 came; 250.00 were withdrawn, 50.00 refunded, 60.00 lost, 200.00 - 50.00 reversed, 15.00 sent.
  const { balances } = documents('users').find(({ id }) => id === registered.subject);
  assert.deepEqual(balances, { CZK: { available: 17500, pending: 0, reserved: 0 } });
  const told = documents('mail').filter(({ to }) => to === registered.data.email).map(({ template }) => template.name);
  const ofMoney = told.filter((name) => !['WELCOME', 'PRICE_ALERT'].includes(name)).sort();
  const twice = ['DISPUTE_CLOSED', 'DISPUTE_CLOSED', 'DISPUTE_OPENED', 'DISPUTE_OPENED'];
  assert.deepEqual(ofMoney.filter((name) => !name.startsWith('KYC')), [...twice, 'PAYMENT_REVERSED', 'WITHDRAWAL_FAILED']);
});
