// The checkers themselves: what a good run leaves behind passes, and each way in which it could be wrong is complained of.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { bank } from './checkers/bank.js';
import { factOf, readEvidence } from './checkers/evidence.js';
import { order } from './checkers/order.js';
import { set } from './checkers/set.js';
import { totalQueue } from './checkers/total-queue.js';

const HEARD_BY = { UserRegistered: ['profile', 'leads'], KycCompleted: ['kyc'], PaymentReceived: ['payments'], PaymentSent: ['payments'], UserActive: ['access'], NotificationRequested: [] };
const consumersOf = (type) => HEARD_BY[type];
const topicOf = { UserRegistered: 'user-onboarding', KycCompleted: 'kyc', PaymentReceived: 'payments', PaymentSent: 'payments' };
const [ANNA, BELA] = ['anna', 'bela'];

const dir = mkdtempSync(join(tmpdir(), 'boma-checkers-'));
after(() => rmSync(dir, { recursive: true }));

const line = (id, type, subject, data = {}) => JSON.stringify({ id, type, subject, data });
const paid = (id, type, subject, amount, currency) => line(id, type, subject, { transactionId: `t-${id}`, amount, currency, method: 'CARD' });
const ACTIVE = line('f1', 'UserActive', ANNA, { version: 1 });
const LINES = [
  line('r1', 'UserRegistered', ANNA), line('r2', 'UserRegistered', BELA), line('k1', 'KycCompleted', ANNA),
  paid('p1', 'PaymentReceived', ANNA, '700.00', 'CZK'), paid('p2', 'PaymentSent', ANNA, '200.50', 'CZK'), paid('p3', 'PaymentReceived', BELA, '900', 'JPY'),
  paid('p1', 'PaymentReceived', ANNA, '700.00', 'CZK'), // Sent twice, and counts once.
];

const record = (consumer, eventId, changes = {}) => ({ id: `${consumer}.${eventId}`, consumer, eventId, outcome: 'APPLIED', outgoing: '', outgoingIds: [], ...changes });
const owing = (...texts) => ({ outgoing: Buffer.from(JSON.stringify(texts.map((data) => ({ data })))).toString('base64'), outgoingIds: texts.map((text) => JSON.parse(text).id) });
const transaction = (id, userId, currency, change) => ({
  id, userId, currency, amount: Math.abs(change), postings: [{ account: 'external:CARD', amount: -change }, { account: 'available', amount: change }],
});
const user = (id, balances, standing = { accessVersion: 0, tradingEnabled: false }) => ({
  id, ...standing, balances: Object.fromEntries(Object.entries(balances).map(([currency, available]) => [currency, { available, pending: 0, reserved: 0 }])),
});

/** A good run's export, each time anew, to be altered. */
const good = () => ({
  processed_events: [
    ...['r1', 'r2'].flatMap((id) => [record('profile', id), record('leads', id, { outcome: 'IGNORED' })]),
    record('kyc', 'k1', owing(ACTIVE)), record('access', 'f1'), ...['p1', 'p2', 'p3'].map((id) => record('payments', id)),
  ],
  dead_letters: [],
  users: [user(ANNA, { CZK: 49950 }, { accessVersion: 1, tradingEnabled: true }), user(BELA, { JPY: 900 })],
  transactions: [transaction('t-p1', ANNA, 'CZK', 70000), transaction('t-p2', ANNA, 'CZK', -20050), transaction('t-p3', BELA, 'JPY', 900)],
  log: ['payments.p3', 'profile.r1', 'payments.p1', 'kyc.k1', 'payments.p2', 'access.f1'],
});

let runs = 0;

/** Writes it as a run would, reads it back, and asks all of them. */
function complaintsAbout({ log, ...collections }, lines = LINES) {
  const exportDir = mkdtempSync(join(dir, `run-${runs += 1}-`));
  const file = join(exportDir, 'events');
  const logFile = join(exportDir, 'log');
  writeFileSync(file, lines.map((each) => `${each}\n`).join(''));
  for (const [name, documents] of Object.entries(collections)) writeFileSync(join(exportDir, `${name}.ndjson`), documents.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const said = log.map((pair) => JSON.stringify({ consumer: pair.split('.')[0], eventId: pair.split('.')[1], outcome: 'APPLIED' }));
  writeFileSync(logFile, [...said, '', '{"consumer":"kyc","outc', said[0].replace('APPLIED', 'DUPLICATE'), 'Listening.', ''].join('\n'));
  const evidence = readEvidence({ files: [file], exportDir, logs: [logFile] });
  return Object.fromEntries(Object.entries({ totalQueue, bank, set, order }).map(([name, check]) => [name, check(evidence, { consumersOf, topicOf })]));
}

const find = (list, id) => list.find((each) => each.id === id);
const without = (list, id) => list.splice(list.findIndex((each) => each.id === id), 1);
const letterOf = (consumer, text) => ({ id: `${consumer}.${factOf(text).hash}`, kind: 'EXHAUSTED' });

test('nothing is said against a good run, though an event was sent twice and half a line stands in the log', () => {
  assert.deepEqual(complaintsAbout(good()), { totalQueue: [], bank: [], set: [], order: [] });
});

test('a payment that was refused, or filed without a record, counts neither way', () => {
  const refused = good();
  find(refused.processed_events, 'payments.p2').outcome = 'REFUSED';
  const filed = good();
  without(filed.processed_events, 'payments.p2');
  filed.dead_letters.push(letterOf('payments', LINES[4]));
  for (const run of [refused, filed]) {
    without(run.transactions, 't-p2');
    run.users[0].balances.CZK.available = 70000;
    assert.deepEqual(complaintsAbout(run), { totalQueue: [], bank: [], set: [], order: [] });
  }
});

const ALTERED = [
  ['totalQueue', 'an event of which one consumer has nothing', (run) => without(run.processed_events, 'leads.r2'), /lost: leads\.r2 \(UserRegistered, sent\)/],
  ['totalQueue', 'a follow-up that never came', (run) => without(run.processed_events, 'access.f1'), /lost: access\.f1 \(UserActive, owed by kyc\.k1\)/],
  ['totalQueue', "another body's letter in the record's place", (run) => { without(run.processed_events, 'payments.p3'); run.dead_letters.push(letterOf('payments', LINES[3])); }, /lost: payments\.p3/],
  ['totalQueue', 'a record of what nobody sent', (run) => run.processed_events.push(record('kyc', 'k9')), /unexpected: processed_events\/kyc\.k9/],
  ['totalQueue', 'a record of a consumer that hears no such thing', (run) => run.processed_events.push(record('access', 'k1')), /unexpected: processed_events\/access\.k1/],
  ['totalQueue', 'a letter of what nobody sent', (run) => run.dead_letters.push(letterOf('kyc', line('k9', 'KycCompleted', BELA))), /unexpected: dead_letters\/kyc\./],
  ['bank', 'a payment counted twice', (run) => { run.users[0].balances.CZK.available += 70000; run.transactions.push(transaction('t-p1', ANNA, 'CZK', 70000)); }, /users\/anna CZK has 119950, but received and sent come to 49950/],
  ['bank', 'a payment not counted', (run) => { run.users[1].balances = {}; without(run.transactions, 't-p3'); }, /users\/bela JPY has 0, but received and sent come to 900/],
  ['bank', 'a payment of another currency', (run) => { run.users[1] = user(BELA, { CZK: 900 }); }, /users\/bela CZK has 900, but .* 0$/],
  ['bank', "a payment to another's balance", (run) => { run.users[0].balances.CZK.available += 1; run.users[1].balances.JPY.available -= 1; }, /users\/bela JPY has 899/],
  ['bank', 'a balance that its postings deny', (run) => { find(run.transactions, 't-p2').postings[1].amount = -20051; }, /users\/anna CZK has 49950, but its transactions' postings come to 49949/],
  ['bank', 'postings that make money', (run) => { find(run.transactions, 't-p2').postings[0].amount = 20051; }, /transactions\/t-p2: its postings come to 1, not to zero/],
  ['bank', 'money that hangs in between', (run) => { run.users[0].balances.CZK.pending = 5; }, /users\/anna CZK has 5 pending/],
  ['set', 'an event that took effect twice', (run) => run.log.push('payments.p1'), /payments\.p1 took effect 2 times/],
  ['set', 'a record that is there twice', (run) => run.processed_events.push(record('payments', 'p1')), /processed_events\/payments\.p1 is there 2 times/],
  ['set', "a record under another's id", (run) => { find(run.processed_events, 'payments.p1').eventId = 'p2'; }, /payments\.p1 says that it is payments\.p2/],
  ['set', 'a user who never registered', (run) => run.users.push(user('cyril', {})), /users\/cyril is there, but was never registered/],
  ['set', 'a registration without its user', (run) => without(run.users, BELA), /users\/bela isn't there, but was registered/],
  ['set', 'a user who is there twice', (run) => run.users.push(user(BELA, {})), /users\/bela is there 2 times/],
  ['set', 'an applied payment without its transaction', (run) => without(run.transactions, 't-p3'), /transactions\/t-p3 isn't there, but payments\.p3 was applied/],
  ['set', 'a transaction of a payment that was refused', (run) => { find(run.processed_events, 'payments.p3').outcome = 'REFUSED'; }, /transactions\/t-p3 is there, but no payment of it was applied/],
  ['set', 'a transaction that is there twice', (run) => run.transactions.push(transaction('t-p3', BELA, 'JPY', 900)), /transactions\/t-p3 is there 2 times/],
  ['set', 'a transaction of another sum', (run) => { find(run.transactions, 't-p3').amount = 901; }, /transactions\/t-p3 is bela,JPY,901,900, not bela,JPY,900,900/],
  ['set', 'a payment sent for money received', (run) => { find(run.transactions, 't-p3').postings.forEach((each) => { each.amount *= -1; }); }, /transactions\/t-p3 is bela,JPY,900,-900/],
  ['set', 'a follow-up that two records owe', (run) => Object.assign(find(run.processed_events, 'payments.p3'), owing(ACTIVE)), /the follow-up f1 is owed 2 times/],
  ['set', 'a follow-up with the id of what was sent', (run) => Object.assign(find(run.processed_events, 'payments.p3'), owing(line('p1', 'NotificationRequested', BELA))), /the follow-up p1 has the id of an event that was sent/],
  ['set', 'a record that lists other follow-ups than it owes', (run) => { find(run.processed_events, 'kyc.k1').outgoingIds = []; }, /processed_events\/kyc\.k1 lists no follow-up, and owes others/],
  ['set', 'a standing that was never told', (run) => { run.users[1].tradingEnabled = true; }, /users\/bela stands at version 0, trading true; the newest it was told is 0, nothing/],
  ['set', 'a standing that is not the newest', (run) => { run.users[0].accessVersion = 0; run.users[0].tradingEnabled = false; }, /users\/anna stands at version 0, trading false; the newest it was told is 1, UserActive/],
  ['order', 'a payment before the one that was sent first', (run) => { [run.log[2], run.log[4]] = [run.log[4], run.log[2]]; }, /payments\.p1 took effect after payments\.p2, but was sent before it \(payments, anna on payments\)/],
];
for (const [checker, what, alter, complaint] of ALTERED) {
  test(`${checker} complains of ${what}`, () => {
    const run = good();
    alter(run);
    const complaints = complaintsAbout(run)[checker];
    assert.ok(complaints.some((each) => complaint.test(each)), complaints.join('\n') || 'nothing was said');
  });
}
