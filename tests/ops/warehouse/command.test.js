// npm run warehouse against both emulators: filled, compared and repaired; stopped, too dear, and with what no column takes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { slices } from '../../../local/slices.js';
import { caseDocument, customer, transactionDocument, transactionId, userDocument } from '../../stack/documents.js';
import { startCommand } from '../command.js';
import { warehouseStack } from './warehouse-stack.js';

const program = (name) => fileURLToPath(new URL(`../../../ops/${name}/main.js`, import.meta.url));
const USERS = 2400;
let stack;
before(async () => { stack = await warehouseStack(); });
after(() => stack.stop());

const started = (args, { stateDir = stack.stateDir, name = 'warehouse' } = {}) => startCommand(program(name), args, { stateDir });
const command = (...args) => started(args).ended;

/** Customers whose ids begin with every hex digit, as random ones do. */
const id = (number) => `${(number % 16).toString(16)}${customer(number).slice(1)}`;
const text = (value) => ({ stringValue: value });
const saver = (number) => [`users/${id(number)}`, userDocument({ balances: { CZK: { available: number }, KWD: { available: -number } } })];
const stateIn = () => join(stack.stateDir, 'warehouse-backfill.demo-test.default.json');

const JSON_OF_ALL = (said) => said.trim().split('\n').map((line) => JSON.parse(line)).find(({ collection }) => collection === null);
async function reconciled(...args) {
  const { status, said, complained } = await command('reconcile', '--json', ...args);
  assert.ok(said.startsWith('{'), complained);
  return { status, ...JSON_OF_ALL(said) };
}

test('a stack without a warehouse is one sentence', async () => {
  const { status, complained } = await started(['estimate'], { stateDir: stack.stateLike({ warehouse: undefined }) }).ended;
  assert.deepEqual([status, complained.trim()], [2, 'The running stack has no warehouse: end it, and begin one by npm start -- --warehouse.']);
});

test('an empty database costs next to nothing, and is filled at once', async () => {
  const { status, said } = await command('backfill');
  assert.equal(status, 0, said);
  assert.match(said, /0 rows of 0 documents appended to the running stack \(demo-test\)\./);
});

test('estimate tells documents, reads, bytes and dollars, and what it cost itself', async () => {
  await stack.put(Object.fromEntries([
    ...Array.from({ length: USERS }, (_, index) => saver(index)),
    ...Array.from({ length: 700 }, (_, index) => [`transactions/${transactionId(index)}`, transactionDocument({ userId: id(index), amount: index, postings: [['external:CASH', -index], ['available', index]] })]),
    [`kyc_cases/${id(1)}`, caseDocument({})],
    [`leads/${id(1)}`, { status: text('NEW'), region: text('Praha'), nickname: text('no column'), score: text('no number') }],
  ]));
  const { status, said } = await command('estimate');
  assert.equal(status, 0, said);
  assert.match(said, /^ +2,400 +2,400 +\S+ [KM]iB +\$0\.0014 .* users$/m);
  assert.match(said, /sample of \d{3} documents/);
  assert.match(said, /This estimate itself: [\d,]+ reads, \$0\.000\d+\./);
  const all = JSON_OF_ALL((await command('estimate', '--json')).said);
  assert.deepEqual([all.documents, all.reads, all.dollars.reads.toFixed(6)], [USERS + 702, USERS + 702 + 1, '0.001862']);
  assert.ok(all.bytes > 100 * USERS, all.bytes);
});

test('above --max-cost nothing is read or appended, and both figures are named', async () => {
  const { status, said, complained } = await command('backfill', '--max-cost', '0.0001');
  assert.equal(status, 1, said);
  assert.match(complained, /The backfill would cost about \$0\.00\d+, which is more than --max-cost \$0\.0001: nothing was done but the estimate/);
  assert.deepEqual([await stack.count('users'), existsSync(stateIn())], [0, false]);
  assert.equal((await command('reconcile', '--max-cost', '0')).status, 1);
  assert.equal((await command('estimate', '--max-cost', '0')).status, 1);
});

test('a dry run of backfill says what it would append, and appends nothing', async () => {
  const { status, said } = await command('backfill', '--dry-run');
  assert.equal(status, 0, said);
  assert.match(said, /It would append 3,102 rows to the running stack \(demo-test\), in 20 ranges of ids, as of \d{4}-\S+Z\. Nothing was appended/);
  assert.deepEqual([await stack.count('users'), existsSync(stateIn())], [0, false]);
});

test('stopped by Ctrl-C backfill says where it is noted, goes on there, and has each document once', async () => {
  const { child, ended } = started(['backfill']);
  child.stderr.once('data', () => child.kill('SIGINT'));
  const { status, said } = await ended;
  assert.equal(status, 130, said);
  assert.match(said, /Stopped: where each range is stands in .*warehouse-backfill\.demo-test\.default\.json, and the same command goes on there\./);
  const counts = async () => (await stack.count('users')) + (await stack.count('transactions')) + (await stack.count('leads')) + (await stack.count('kyc_cases'));
  const first = await counts();
  assert.ok(first > 0 && first < USERS + 702, first);
  const rest = await command('backfill');
  assert.equal(rest.status, 0, rest.said);
  assert.match(rest.complained, /Goes on where .* says that an earlier run was stopped, behind [\d,]+ documents/);
  assert.deepEqual([await counts(), existsSync(stateIn())], [USERS + 702, false]);
});

test('what no column takes is in its place all the same', async () => {
  const line = (await stack.latest('leads')).get(id(1));
  assert.deepEqual(JSON.parse(line), { id: id(1), nickname: 'no column', region: 'Praha', score: 'no number', status: 'NEW' });
});

test('the tables can be read while rows come', async () => {
  const { child, ended } = started(['backfill']);
  const ofUsers = [];
  while (child.exitCode === null) ofUsers.push(await stack.count('users'));
  const { status, said } = await ended;
  assert.equal(status, 0, said);
  assert.ok(new Set(ofUsers).size > 2, ofUsers);
});

test('filled from Firestore there is no difference, whatever the values', async () => {
  await stack.put(await (async () => {
    const fields = userDocument({ balances: { CZK: { available: '9223372036854775807' } } });
    fields.profileData.mapValue.fields.fullName = text('Příšerně žluťoučký 金田一 🦀 "\\\n');
    fields.huge = { mapValue: { fields: { of: { integerValue: '-9223372036854775808' }, double: { doubleValue: 0.1 }, none: { nullValue: 'NULL_VALUE' }, list: { arrayValue: { values: [] } } } } };
    fields.updatedAt = { timestampValue: { seconds: -1, nanos: 123_456_000 } };
    return { [`users/${id(9001)}`]: fields, [`users/${id(9002)}`]: { profileData: { mapValue: { fields: {} } } }, [`users/${id(9003)}`]: {}, [`transactions/${transactionId(9001)}`]: { metadata: { mapValue: { fields: { 'a b': text('c') } } }, counterparty: { mapValue: { fields: { name: text('X') } } }, amount: { integerValue: '5' } } };
  })());
  const first = await reconciled();
  assert.deepEqual([first.status, first.missing, first.changed, first.deleted, first.appended], [0, 4, 0, 0, 4]);
  const second = await reconciled();
  assert.deepEqual([second.status, second.missing, second.changed, second.appended], [0, 0, 0, 0]);
});

test('100 rows removed and 100 changed: a dry run counts 200, a run appends exactly 200, a second none', async () => {
  const [removed, changed, spent] = [0, 100, 200].map((from) => Array.from({ length: 100 }, (_, index) => `'${id(from + index)}'`));
  await stack.rows(`DELETE FROM ${stack.tableOf('users')} WHERE id IN (${removed})`);
  await stack.rows(`UPDATE ${stack.tableOf('users')} SET kycStatus = 'CLOSED' WHERE id IN (${changed.slice(0, 50)})`);
  await stack.rows(`UPDATE ${stack.tableOf('users')} SET balances = [] WHERE id IN (${changed.slice(50, 90)})`);
  await stack.rows(`UPDATE ${stack.tableOf('users')} SET rest = JSON '{"huge": 1}' WHERE id IN (${changed.slice(90)})`);
  assert.equal(spent.length, 100);
  const dry = await reconciled('--dry-run');
  assert.deepEqual([dry.status, dry.missing, dry.changed, dry.deleted, dry.appended], [1, 100, 100, 0, 0]);
  const first = await reconciled();
  assert.deepEqual([first.status, first.missing, first.changed, first.deleted, first.appended], [0, 100, 100, 0, 200]);
  assert.ok(first.reads > 0 && first.dollars.together > 0);
  const second = await reconciled();
  assert.deepEqual([second.status, second.missing, second.changed, second.deleted, second.appended], [0, 0, 0, 0, 0]);
  assert.ok(second.reads < first.reads, 'a repaired page is read once more');
  assert.equal(JSON.parse((await stack.latest('users')).get(id(120))).kycStatus, 'PENDING');
});

test('what happened within --grace is no difference yet', async () => {
  await stack.put(Object.fromEntries([saver(9100)]));
  await stack.put({ [`users/${id(303)}`]: null });
  const early = await reconciled('--grace', '30');
  assert.deepEqual([early.missing, early.deleted, early.appended], [0, 0, 0]);
  const late = await reconciled();
  assert.deepEqual([late.missing, late.deleted, late.appended], [1, 1, 2]);
});

test('a document that was deleted unheard is deleted in the view, and one that came again is there again', async () => {
  const fields = await stack.stored(`users/${id(300)}`);
  await stack.put(Object.fromEntries([300, 301, 302].map((number) => [`users/${id(number)}`, null])));
  const { status, said } = await command('reconcile');
  assert.equal(status, 0, said);
  assert.match(said, /^ {4}3 with a present row, and not in Firestore: /m);
  assert.match(said, /3 differences, 3 rows appended; [\d,]+ reads \(\$0\.00\d+\), query \$0\.\d+, appending \$[\d.]+: together \$0\.\d+, and the estimate before\./);
  assert.equal((await stack.latest('users')).has(id(300)), false);
  await stack.put({ [`users/${id(300)}`]: fields });
  assert.equal((await reconciled()).appended, 1);
  assert.equal((await stack.latest('users')).has(id(300)), true);
  assert.equal((await reconciled()).appended, 0);
});

const FOREIGN = ['__id7__', '__id10__', '0 foreign', 'a%2Fb', 'a\nb', 'käse', '金田一', '🦀', '~', 'x'.repeat(257), 'y'.repeat(1500)];

test('documents whose ids no function writes are compared like others: none is left out, and none taken for deleted', async () => {
  await stack.put(Object.fromEntries(FOREIGN.map((each) => [`leads/${each}`, { status: text('NEW') }])));
  const first = await reconciled();
  assert.deepEqual([first.status, first.missing, first.changed, first.deleted, first.appended], [0, FOREIGN.length, 0, 0, FOREIGN.length]);
  const gone = ['__id8__', '-0', 'b c', 'no/id', 'z'.repeat(1500)];
  await stack.rows(`INSERT INTO ${stack.tableOf('leads')} (id, version, deleted, change_time, ingested_at) VALUES ${gone.map((each) => `('${each}', 1764300000000000, false, TIMESTAMP '2025-11-28 03:20:00', TIMESTAMP '2025-11-28 03:20:01')`)}`);
  const second = await reconciled();
  assert.deepEqual([second.status, second.missing, second.changed, second.deleted, second.appended], [0, 0, 0, gone.length, gone.length]);
  const there = await stack.latest('leads');
  assert.deepEqual([FOREIGN.filter((each) => !there.has(each)), gone.filter((each) => there.has(each))], [[], []]);
  const third = await reconciled();
  assert.deepEqual([third.missing, third.changed, third.deleted, third.appended], [0, 0, 0, 0]);
  await stack.put(Object.fromEntries(FOREIGN.map((each) => [`leads/${each}`, null])));
  assert.equal((await reconciled()).deleted, FOREIGN.length);
});

test('a row that is later than its document, as after a restore, is stated anew; one that is later than now is named', async () => {
  await stack.rows(`UPDATE ${stack.tableOf('users')} SET version = version + 1, kycStatus = 'CLOSED' WHERE id = '${id(500)}'`);
  await stack.rows(`UPDATE ${stack.tableOf('users')} SET deleted = true WHERE id = '${id(501)}'`);
  const first = await reconciled();
  assert.deepEqual([first.status, first.changed, first.missing, first.appended], [0, 1, 1, 2]);
  const second = await reconciled();
  assert.deepEqual([second.status, second.changed, second.missing, second.appended], [0, 0, 0, 0]);
  const users = await stack.latest('users');
  assert.deepEqual([500, 501].map((number) => JSON.parse(users.get(id(number))).kycStatus), ['PENDING', 'PENDING']);
  await stack.rows(`UPDATE ${stack.tableOf('users')} SET version = 4000000000000000, kycStatus = 'CLOSED' WHERE id = '${id(502)}'`);
  const { status, said } = await command('reconcile');
  assert.equal(status, 1, said);
  assert.match(said, new RegExp(`^ {4}1 whose row is later than now: no append can mend it: ${id(502)}$`, 'm'));
  await stack.rows(`UPDATE ${stack.tableOf('users')} SET version = 1 WHERE id = '${id(502)}'`);
});

const range = (collection, more) => ({ collection, read: 0, appended: 0, isDone: false, ...more });
const stateOf = async (ranges, origin) => writeFileSync(stateIn(), JSON.stringify({ readAt: '2020-01-01T00:00:00.000000Z', origin: { ...await stack.origin(), ...origin }, ranges, refused: [] }));

test('what an earlier run left is read as it is now, and told apart from what that one did', async () => {
  await stateOf([range('users', { read: 7, appended: 6, isDone: true }), range('leads')]);
  const { status, said, complained } = await command('backfill');
  assert.equal(status, 0, said + complained);
  assert.match(complained, /Goes on where .* says that an earlier run was stopped, behind 7 documents, with the others as of 20(2[1-9]|[3-9]\d)-/);
  assert.match(said, /^1 rows of 1 documents appended to .*, and 6 of 7 by the runs before\. 1 had been counted\.$/m);
});

test('where an earlier run was is not gone on with if the database or a table is another, or rows are gone: all is appended anew, and why is said', async () => {
  const all = ['users', 'transactions', 'leads', 'kyc_cases'];
  const documents = JSON_OF_ALL((await command('estimate', '--json')).said).documents.toLocaleString('en-US');
  const done = (appended) => all.map((collection) => range(collection, { read: appended, appended, isDone: true }));
  const { tables } = await stack.origin();
  for (const [leave, why] of [
    [() => stateOf(done(1), { database: 'another' }), "of a database that isn't there any more"],
    [() => stateOf(done(1), { tables: { ...tables, leads: '1' } }), 'older than the table of leads'],
    [async () => { await stateOf(done(1)); await stack.rows(`DELETE FROM ${stack.tableOf('kyc_cases')} WHERE TRUE`); }, 'of rows that are not in the table of kyc_cases any more'],
    [() => writeFileSync(stateIn(), '{"broken'), 'not to be read'],
    [() => writeFileSync(stateIn(), '{"readAt": "2020-01-01T00:00:00.000000Z", "ranges": [], "refused": []}'), 'not to be read'],
  ]) {
    await leave();
    const { status, said, complained } = await command('backfill');
    assert.deepEqual([status, complained.includes(`warehouse-backfill.demo-test.default.json is ${why}: it begins anew.`)], [0, true], said + complained);
    assert.match(said, new RegExp(`^${documents} rows of ${documents} documents appended to .*\\. ${documents} had been counted\\.$`, 'm'));
  }
  assert.equal((await reconciled()).appended, 0);
});

/** A letter of the function `warehouse`: its body is a row. */
function rowLetter(digit, body) {
  const bytes = Buffer.from(body);
  return [`dead_letters/warehouse.${digit.repeat(32)}`, {
    consumer: text('warehouse'), kind: text('EXHAUSTED'), status: text('OPEN'), reason: text('UNAVAILABLE'), body: { bytesValue: bytes }, bodyBytes: { integerValue: bytes.length },
    truncated: { booleanValue: false }, receivedAt: { timestampValue: { seconds: 1_770_000_000 } }, replays: { integerValue: 0 },
  }];
}

test('replay appends the rows of open letters and closes them, names what it can\'t, and is what dead-letters points to', async () => {
  const row = { table: 'users', id: id(9200), version: '1770000000000001', deleted: false, changeTime: '2026-02-02T02:40:00.000001Z', columns: { kycStatus: 'PENDING', balances: [] }, rest: {} };
  await stack.put(Object.fromEntries([rowLetter('a', JSON.stringify(row)), rowLetter('b', 'no row')]));
  assert.match((await started(['list', '--consumer', 'warehouse', '--status', 'DISCARDED'], { name: 'dead-letters' }).ended).said, /^No letter \(status: discarded\) in the running stack \(demo-test\)\.$/m);
  const wrongOne = await started(['replay', `warehouse.${'a'.repeat(32)}`, '--yes'], { name: 'dead-letters' }).ended;
  assert.equal(wrongOne.status, 1, wrongOne.said);
  assert.match(wrongOne.said, /1 letter refused: it has a row for BigQuery in it, which npm run warehouse -- replay appends/);
  const shown = await started(['show', `warehouse.${'a'.repeat(32)}`], { name: 'dead-letters' }).ended;
  assert.match(shown.said, /npm run warehouse -- replay appends/);
  const dry = await command('replay', '--dry-run');
  assert.deepEqual([dry.status, dry.said.trim()], [0, '2 open letters of the warehouse in the running stack (demo-test). Nothing was appended: this was a dry run.']);
  const { status, said } = await command('replay');
  assert.equal(status, 1, said);
  assert.match(said, /^ {2}warehouse\.b{32}: its body isn't a row of any table$/m);
  assert.match(said, /^2 open letters of the warehouse in .*: 1 rows appended, their letters closed\.$/m);
  assert.equal((await stack.stored(`dead_letters/warehouse.${'a'.repeat(32)}`)).status.stringValue, 'REPLAYED');
  assert.equal((await stack.latest('users')).has(id(9200)), true);
});

test('letters that are too large to be held in one page are estimated, compared and filled in smaller ones', async () => {
  await reconciled();
  const body = Buffer.alloc(510 * 1024, 'a').toString();
  const letters = Array.from({ length: 160 }, (_, index) => {
    const [, fields] = rowLetter('0', body);
    return [`dead_letters/kyc.${String(index).padStart(32, '0')}`, { ...fields, consumer: text('kyc') }];
  });
  for (const some of slices(letters, 7)) await stack.put(Object.fromEntries(some));
  const estimate = await command('estimate');
  assert.equal(estimate.status, 0, estimate.complained);
  const there = await stack.count('dead_letters');
  const first = await reconciled();
  assert.deepEqual([first.status, first.missing, first.appended, await stack.count('dead_letters')], [0, 160, 160, there + 160]);
  const { status, said } = await command('backfill');
  assert.equal(status, 0, said);
  await stack.put(Object.fromEntries(letters.map(([path]) => [path, null])));
});

test('a table that is gone is a sentence, and where it was is kept', async () => {
  await stateOf([range('kyc_cases')]);
  await stack.rows(`DROP TABLE ${stack.tableOf('kyc_cases')}`);
  const { status, complained } = await command('backfill');
  assert.equal(status, 1, complained);
  assert.ok(!complained.includes('    at '), complained);
  assert.equal(JSON.parse(readFileSync(stateIn(), 'utf8')).ranges[0].isDone, false);
});
