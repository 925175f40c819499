// A replay of events that stand in the wrong order: it ends when everything is released that waited for what came later, and what waits
// in vain is counted as that.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { paid, registered, uuid } from '../../stack/events.js';
import { npmStartOnce } from '../../stack/npm-start.js';

const [EARLY, NEVER] = [uuid('c', 1), uuid('c', 2)];
const LEAD = uuid('c', 3);

let dir;
let run;

const money = (number, subject, type, data) => ({ ...paid({ number, subject, minor: 10_000 }), type, data });
const lines = [
  // The reversal waits for the customer, then for the payment; the payment waits for the customer; and the registration for its lead.
  money(1, EARLY, 'PaymentReversed', { transactionId: uuid('d', 2), reason: 'chargeback' }),
  paid({ number: 2, subject: EARLY, minor: 10_000 }),
  paid({ number: 3, subject: EARLY, minor: 2_500 }),
  { ...registered({ number: 4, subject: EARLY }), data: { ...registered({ number: 4, subject: EARLY }).data, leadId: LEAD } },
  paid({ number: 5, subject: EARLY, minor: 100 }),
  { ...money(6, LEAD, 'LeadCreated', { leadId: LEAD, region: 'Liberec', channel: 'WEB' }) },
  paid({ number: 7, subject: NEVER, minor: 700 }),
];

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'boma-released-'));
  const events = join(dir, 'events.ndjson');
  writeFileSync(events, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  run = await npmStartOnce(dir, [events]);
});
after(() => rmSync(dir, { recursive: true }));

const exported = (collection) => readFileSync(join(run.exportDir, `${collection}.ndjson`), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

test('it ends well, and nothing is lost', () => {
  assert.equal(run.status, 0, run.said);
  const report = JSON.parse(readFileSync(run.reportFile, 'utf8'));
  const { events, awaited, lost, refused, malformed } = report;
  assert.deepEqual({ events, awaited, lost, refused, malformed }, { events: 7, awaited: 1, lost: 0, refused: 0, malformed: 0 }, run.said);
});

test('what waited is applied, and its letters are settled; what waits in vain stays', () => {
  const letters = exported('dead_letters').map(({ kind, status, subject }) => [kind, status, subject]);
  const open = letters.filter(([, status]) => status === 'OPEN');
  assert.deepEqual(open, [['AWAITED', 'OPEN', NEVER]]);
  assert.ok(letters.length >= 4, JSON.stringify(letters));

  const [user] = exported('users').filter(({ id }) => id === EARLY);
  assert.deepEqual(user.balances, { CZK: { available: 2_600, pending: 0, reserved: 0 } });
  const statuses = Object.fromEntries(exported('transactions').map(({ id, status }) => [id, status]));
  assert.deepEqual(statuses, { [uuid('d', 2)]: 'REVERSED', [uuid('d', 3)]: 'SETTLED', [uuid('d', 5)]: 'SETTLED' });
  assert.deepEqual(exported('leads').map(({ status, userId }) => [status, userId]), [['CONVERTED', EARLY]]);
});

test('the summary names the letters that are open, and not those that were settled', () => {
  const [, named] = /Dead letters that are open\n((?: .*\n)*)/.exec(run.said) ?? [];
  assert.match(named ?? run.said, new RegExp(`^ +1  payments  AWAITED .* event ${lines[6].id}\n +${run.exportDir}/dead_letters.ndjson has them whole\n$`));
});
