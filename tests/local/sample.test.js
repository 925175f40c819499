// The main job on real input: `npm start -- --once` with the sample, judged by the bank's own figures.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { after, before } from 'node:test';
import { npmStartOnce } from './npm-start.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLE = join(ROOT, 'samples', 'bank-1993');
const dir = mkdtempSync(join(tmpdir(), 'boma-sample-'));
after(() => rmSync(dir, { recursive: true }));

const table = (name) => {
  const [header, ...lines] = readFileSync(join(SAMPLE, name), 'utf8').trim().split('\n').map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, index) => [header[index], cell])));
};
const documents = (collection) => readFileSync(join(dir, 'export', `${collection}.ndjson`), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const events = readFileSync(join(SAMPLE, 'events.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
let run;

before(async () => { run = await npmStartOnce(dir, []); });

test('it ends with status 0, nothing lost and no dead letter', () => {
  assert.equal(run.status, 0, run.said);
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'));
  assert.deepEqual(Object.keys(report), [
    'events', 'published', 'applied', 'ignored', 'refused', 'duplicates', 'conflicts', 'malformed', 'deferred', 'deadLetters', 'lost', 'seconds', 'latencyMs',
  ]);
  assert.equal(report.events, events.length);
  assert.equal(report.lost, 0);
  assert.equal(report.deadLetters, 0);
  assert.equal(report.refused, 0);
});

test("every balance is the sum of its payments, and the bank's own where that is exact", () => {
  const users = new Map(documents('users').map((user) => [user.id, user]));
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
  const payments = events.filter(({ type }) => type.startsWith('Payment'));
  const transactions = new Map(documents('transactions').map((each) => [each.id, each]));
  assert.equal(transactions.size, payments.length);
  for (const { subject, data } of payments) {
    const { userId, status } = transactions.get(data.transactionId);
    assert.deepEqual({ userId, status }, { userId: subject, status: 'SETTLED' });
  }
});

test('leads and conversions by quarter and region are those of the list', () => {
  const counted = {};
  for (const { region, createdAt, status } of documents('leads')) {
    const quarter = `${createdAt.slice(0, 4)}-Q${Math.ceil(Number(createdAt.slice(5, 7)) / 3)}`;
    const cell = counted[`${quarter},${region}`] ??= { leads: 0, converted: 0 };
    cell.leads += 1;
    cell.converted += Number(status === 'CONVERTED');
  }
  const expected = Object.fromEntries(table('conversion.csv').map(({ quarter, region, leads, converted }) => [`${quarter},${region}`, { leads: Number(leads), converted: Number(converted) }]));
  assert.deepEqual(counted, expected);
});
