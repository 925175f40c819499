// list, show and discard against the real stack, and what the command says when it can't work.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { discarded } from '../../../ops/dead-letters/commands.js';
import { deadLetters } from '../../../ops/dead-letters/letters.js';
import { approved, customer, event } from '../../stack/documents.js';
import { COMMAND, asDocuments, letterOf, lettersStack } from './letters-stack.js';

const MANY = 3000;
let stack;
before(async () => { stack = await lettersStack(); });
after(() => stack?.stop());
const letter = (id) => stack.get(`dead_letters/${id}`);

test('three thousand letters are read page by page, without a single body, and counted by group', async () => {
  const nowMs = Date.now();
  const many = Array.from({ length: MANY }, (_, index) => {
    const subject = customer(index);
    return letterOf('payments', event('PaymentReceived', subject, { secret: 'words' }), { kind: 'AWAITED', reason: `awaits users/${subject}`, receivedMs: nowMs - index * 1000 });
  });
  const few = [letterOf('kyc', approved(customer(1)), { kind: 'REFUSED', reason: 'IllegalTransition{from: CLOSED, event: KycCompleted}' }), letterOf('kyc', 'secret words', { kind: 'MALFORMED', status: 'DISCARDED' })];
  await stack.put(asDocuments([...many, ...few]));

  const queries = [];
  const { firestore, database, options } = stack.target;
  const client = { runQuery: (query, ...others) => { queries.push(query.structuredQuery); return firestore.runQuery(query, ...others); } };
  let read = 0;
  for await (const { kind } of deadLetters({ client, database, options, stopped: new AbortController().signal }).matching({ status: 'OPEN' })) read += kind === 'AWAITED';
  assert.equal(read, MANY);
  assert.equal(queries.length, 4);
  for (const { limit, select } of queries) {
    assert.equal(limit.value, 1000);
    assert.ok(!select.fields.some(({ fieldPath }) => fieldPath === 'body'));
  }

  const { status, said, complained } = await stack.command('list');
  assert.deepEqual({ status, complained }, { status: 0, complained: '' });
  const [head, , , group, example, other] = said.split('\n');
  assert.equal(head, '3,001 letters (status: open) in the running stack (demo-letters), in 2 groups');
  assert.match(group, /^ +3,000 {2}payments +AWAITED +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +awaits users\/\{id\}$/);
  assert.match(example, new RegExp(`^ +show ${many.at(-1).id}$`));
  assert.match(other, /^ +1 {2}kyc +REFUSED .*IllegalTransition/);
  assert.ok(!said.includes('secret'));
});

test('filters and formats show what was asked for and no body', async () => {
  const json = await stack.command('list', '--status', 'all', '--json', '--consumer', 'kyc');
  assert.deepEqual(json.said.trim().split('\n').map((line) => JSON.parse(line)).map(({ consumer, kind, letters }) => [consumer, kind, letters]), [['kyc', 'MALFORMED', 1], ['kyc', 'REFUSED', 1]]);
  const one = await stack.command('list', '--subject', customer(7), '--letters');
  assert.match(one.said, new RegExp(`^payments\\.[0-9a-f]{32} {2}OPEN {2}AWAITED {2}.* replays 0 {2}PaymentReceived {2}${customer(7)} {2}awaits users/${customer(7)}\\n1 letter `));
  const lines = (await stack.command('list', '--kind', 'awaited', '--reason', 'users/', '--after', '10m', '--letters', '--json')).said.trim().split('\n');
  // A second's letter each; how many of them are younger than ten minutes depends on how long it took to come here.
  assert.ok(lines.length > 300 && lines.length <= 600, `${lines.length} letters`);
  for (const line of lines) assert.equal(JSON.parse(line).body, undefined);
  const none = await stack.command('list', '--consumer', 'paymets');
  assert.deepEqual([none.status, none.said], [0, 'No letter (status: open) in the running stack (demo-letters); there is no function paymets either.\n']);
});

test('show tells every field, the body readably, and whether it can be replayed; --raw the exact bytes', async () => {
  const known = letterOf('kyc', approved(customer(1)));
  await stack.put(asDocuments([known]));
  const said = (await stack.command('show', known.id)).said;
  assert.match(said, /bodyBytes +\d+\n/);
  assert.match(said, /may hold personal data/);
  assert.match(said, /\n {2}"type": "KycCompleted",\n/);
  const mine = letterOf('kyc', 'x', { truncated: true });
  const bytes = Buffer.from([0xff, 0x0a, 0x00, 0x0a]);
  await stack.put({ [mine.path]: { ...mine.fields, body: { bytesValue: bytes }, bodyBytes: { integerValue: '600000' } } });
  const cut = await stack.command('show', mine.id);
  assert.match(cut.said, /the first 4 of 600,000 bytes; the rest was cut/);
  assert.match(cut.said, /000000 {2}ff 0a 00 0a/);
  assert.match(cut.said, /It can't be replayed: its body was cut/);
  assert.deepEqual((await stack.command('show', mine.id, '--raw')).bytes, bytes);
  const missing = await stack.command('show', 'kyc.00000000000000000000000000000000');
  assert.deepEqual([missing.status, missing.said], [2, '']);
  assert.match(missing.complained, /^There is no letter kyc\.0+\.\n$/);
});

/** How long the core keeps a closed letter. */
const DAYS_KEPT = Number(/DAYS_KEPT_AFTER_CLOSING: u32 = (\d+);/.exec(readFileSync(new URL('../../../crates/core/src/protocol/dead_letter.rs', import.meta.url), 'utf8'))[1]);

test('discard closes what is open, keeps why, and touches nothing else of it', async () => {
  const open = [1, 2].map((number) => letterOf('kyc', approved(customer(9000 + number)), { reason: 'to be discarded', awaits: 'users/x', replays: 3 }));
  const closed = letterOf('kyc', approved(customer(9003)), { reason: 'to be discarded', status: 'REPLAYED' });
  await stack.put(asDocuments([...open, closed]));
  const before = await stack.everything();
  const { status, said } = await stack.command('discard', ...[...open, closed].map(({ id }) => id), '--why', 'sent by mistake', '--yes');
  assert.equal(status, 1, said);
  assert.match(said, /2 letters discarded/);
  assert.match(said, new RegExp(`1 letter refused: it is REPLAYED, not OPEN\\n +${closed.id}`));
  const documents = await stack.everything();
  for (const { id, path } of open) {
    const { status: now, discardReason: why } = await letter(id);
    assert.deepEqual({ now, why }, { now: 'DISCARDED', why: 'sent by mistake' });
    const [was, is] = [before, documents].map((all) => JSON.parse(all[path]).fields);
    const { discardReason, expireAt } = is;
    assert.deepEqual(is, { ...was, status: is.status, discardReason, expireAt });
    const daysLeft = (Number(expireAt.timestampValue.seconds) * 1000 - Date.now()) / 86_400_000;
    assert.ok(Math.abs(daysLeft - DAYS_KEPT) < 0.1, `it is kept for ${daysLeft} days, not ${DAYS_KEPT}`);
    delete documents[path];
    delete before[path];
  }
  assert.deepEqual(documents, before);
});

test('a letter that changes after it was read stays as it is and is named, and the others are discarded', async () => {
  const [changes, stays, goes] = [1, 2, 3].map((number) => letterOf('kyc', approved(customer(9100 + number))));
  await stack.put(asDocuments([changes, stays, goes]));
  const open = [...(await stack.store.read([changes.id, stays.id, goes.id])).values()];
  await stack.put({ [changes.path]: { ...changes.fields, status: { stringValue: 'REPLAYED' } } });
  const { firestore, database, options } = stack.target;
  await firestore.commit({ database, writes: [{ delete: `${database}/documents/${goes.path}` }] }, options);
  const said = [];
  const left = await discarded({ open, why: 'none', store: stack.store, say: (...lines) => said.push(...lines), stopped: new AbortController().signal });
  assert.equal(left, 2);
  assert.deepEqual([(await letter(changes.id)).status, (await letter(stays.id)).status, await letter(goes.id)], ['REPLAYED', 'DISCARDED', undefined]);
  assert.match(said.join('\n'), new RegExp(`1 letter discarded\\.\n +2 letters refused: it changed meanwhile.*\n +${changes.id}\n +${goes.id}`));
});

test('a thousand letters are discarded at once', async () => {
  const { status, said } = await stack.command('discard', '--consumer', 'payments', '--before', '3d', '--why', 'x', '--yes');
  assert.deepEqual([status, said], [0, 'No open letter matches in the running stack (demo-letters).\n']);
  const many = await stack.command('discard', '--consumer', 'payments', '--before', '33m', '--why', 'the source was restored', '--yes');
  assert.equal(many.status, 0, many.said);
  const howMany = Number(/\n([\d,]+) letters discarded/.exec(many.said)[1].replace(',', ''));
  assert.ok(howMany > 1000, many.said);
  assert.match((await stack.command('list', '--consumer', 'payments')).said, new RegExp(`^${(MANY - howMany).toLocaleString('en-US')} letters`));
});

test('nothing is done where nobody can be asked, unless --yes is given', async () => {
  const mine = letterOf('kyc', approved(customer(9200)), { reason: 'unasked' });
  await stack.put(asDocuments([mine]));
  for (const args of [['replay', mine.id], ['discard', mine.id, '--why', 'x']]) {
    const { status, complained } = await stack.command(...args);
    assert.deepEqual([status, complained], [2, 'Nothing was done: there is no terminal to ask on, so --yes must say that you mean it.\n']);
  }
  assert.equal((await letter(mine.id)).status, 'OPEN');
});

test('a reader that has seen enough ends the list quietly', async () => {
  const { stderr, stdout, status } = spawnSync('sh', ['-c', `"${process.execPath}" "${COMMAND}" list --letters | head -n 1`], {
    encoding: 'utf8', env: { ...process.env, BOMA_STATE_DIR: stack.stateDir },
  });
  assert.deepEqual([status, stderr, stdout.trim().split('\n').length], [0, '', 1]);
});

test('without a stack and without a project it says so in one sentence', () => {
  const empty = mkdtempSync(join(tmpdir(), 'boma-no-stack-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'list'], { encoding: 'utf8', env: { ...process.env, BOMA_STATE_DIR: empty } });
  rmSync(empty, { recursive: true });
  assert.deepEqual([status, stdout, stderr], [2, '', 'No stack is running here and no --project is named: npm start begins one, --project ID means a real one.\n']);
});

test("a real project without Google's credentials is refused in one sentence, whatever stack runs here", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'list', '--project', 'boma-nowhere'], {
    encoding: 'utf8', env: { ...process.env, BOMA_STATE_DIR: stack.stateDir, GOOGLE_APPLICATION_CREDENTIALS: join(stack.stateDir, 'none.json'), FIRESTORE_EMULATOR_HOST: stack.own.stack.firestore },
  });
  assert.deepEqual([status, stdout, stderr.trim().split('\n').length], [1, '', 1], stderr);
  assert.match(stderr, /^There are no credentials for the real project boma-nowhere: gcloud auth application-default login makes some, and gcloud auth application-default set-quota-project boma-nowhere/);
});
