// What an export leaves in its folder: its own documents, nothing of an earlier run's, and every file that isn't an export's.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, beforeEach } from 'node:test';
import { exportDocuments, isExports } from '../../../local/run/export.js';

const LIST = '.boma-export.json';
const root = mkdtempSync(join(tmpdir(), 'boma-export-'));
after(() => rmSync(root, { recursive: true }));
let dir;
beforeEach(() => { dir = mkdtempSync(join(root, 'run-')); });

const exported = (inputs, ...paths) => exportDocuments({ async* all() { for (const path of paths) yield { path, fields: {} }; } }, dir, { inputs });
const left = () => readdirSync(dir).filter((name) => name !== LIST).sort();

test('collections that this run doesn\'t have are gone, and files of others stay', async () => {
  await exported([], 'users/U', 'dead_letters/L', 'users/U/timeline/T');
  for (const name of ['notes.txt', 'mine.ndjson']) writeFileSync(join(dir, name), 'mine');
  await exported([], 'users/V');
  assert.deepEqual(left(), ['mine.ndjson', 'notes.txt', 'users.ndjson']);
  assert.equal(readFileSync(join(dir, 'users.ndjson'), 'utf8'), '{"id":"V"}\n');
  await exported([]);
  assert.deepEqual(left(), ['mine.ndjson', 'notes.txt']);
});

test('the operators\' sums are no part of it: they go by the minutes of the host', async () => {
  assert.deepEqual(await exported([], 'pulse/2026-11-28T13:55.0000feed', 'users/U'), { users: 1 });
  assert.deepEqual(left(), ['users.ndjson']);
});

test('half files of a run that was killed are gone, those of one that still writes stay', async () => {
  const [gone, other] = ['.users.ndjson.partial-4194999', `.users.ndjson.partial-${process.ppid}`];
  for (const name of [gone, other]) writeFileSync(join(dir, name), '{"id":');
  await exported([], 'leads/L');
  assert.deepEqual(left(), [other, 'leads.ndjson']);
});

test('a list that was edited or cut off is no order to remove other files', async () => {
  writeFileSync(join(root, 'above.ndjson'), 'mine');
  writeFileSync(join(dir, 'notes.txt'), 'mine');
  for (const list of ['["../above.ndjson","notes.txt",7]', '["users.nd', '{}']) {
    writeFileSync(join(dir, LIST), list);
    await exported([], 'users/U');
    assert.deepEqual(left(), ['notes.txt', 'users.ndjson']);
  }
  assert.equal(readFileSync(join(root, 'above.ndjson'), 'utf8'), 'mine');
});

test('further files are of the export, too: there without a line, and gone with the next', async () => {
  async function* more() {
    yield { name: 'warehouse.users_latest', lines: ['{"id":"U"}\n'] };
    yield { name: 'warehouse.overdrafts', lines: [] };
  }
  const documents = { async* all() { yield { path: 'users/U', fields: {} }; } };
  assert.deepEqual(await exportDocuments(documents, dir, { more: more() }), { users: 1, 'warehouse.users_latest': 1, 'warehouse.overdrafts': 0 });
  assert.deepEqual(left(), ['users.ndjson', 'warehouse.overdrafts.ndjson', 'warehouse.users_latest.ndjson']);
  assert.equal(readFileSync(join(dir, 'warehouse.users_latest.ndjson'), 'utf8'), '{"id":"U"}\n');
  assert.equal(readFileSync(join(dir, 'warehouse.overdrafts.ndjson'), 'utf8'), '');
  await exported([], 'users/U');
  assert.deepEqual(left(), ['users.ndjson']);
});

test('an events file is never replaced, whatever collections there are, and nothing else is written then', async () => {
  for (const name of ['of_others.ndjson', 'leads.ndjson']) writeFileSync(join(dir, name), 'mine');
  const inputs = [join(root, 'gone.ndjson'), join(dir, 'of_others.ndjson')];
  await assert.rejects(exported(inputs, 'leads/L', 'of_others/O'), /of_others\.ndjson is an events file/);
  assert.deepEqual(left(), ['leads.ndjson', 'of_others.ndjson']);
  for (const name of left()) assert.equal(readFileSync(join(dir, name), 'utf8'), 'mine');
});

test('an events file that an earlier export wrote is not removed by the next', async () => {
  await exported([], 'of_others/O');
  await assert.rejects(exported([join(dir, 'of_others.ndjson')], 'users/U'), /of_others\.ndjson is an events file/);
  assert.deepEqual(left(), ['of_others.ndjson']);
});

test('the files of an export are known before it: our collections, the views, and those of an earlier one', async () => {
  const paths = readFileSync(new URL('../../../crates/core/src/store/path.rs', import.meta.url), 'utf8');
  const collections = new Set([...paths.matchAll(/"(\w+)\/(?:\{user\}\/(\w+)\/)?/g)].map(([, one, below]) => (below ? `${one}.${below}` : one)));
  assert.ok(collections.size >= 14 && collections.has('users.timeline'), [...collections].join());
  await exported([], 'of_others/O');
  for (const name of [...collections, 'warehouse.users_latest', 'of_others']) assert.ok(isExports(dir, `${name}.ndjson`), name);
  for (const name of ['events.ndjson', 'leads.ndjson.gz', 'leads.json', 'timeline', 'notes.txt']) assert.ok(!isExports(dir, name), name);
});
