// What an export leaves in its folder: its own documents, nothing of an earlier run's, and every file that isn't an export's.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, beforeEach } from 'node:test';
import { exportDocuments } from '../../../local/run/export.js';

const LIST = '.boma-export.json';
const root = mkdtempSync(join(tmpdir(), 'boma-export-'));
after(() => rmSync(root, { recursive: true }));
let dir;
beforeEach(() => { dir = mkdtempSync(join(root, 'run-')); });

const exported = (...paths) => exportDocuments({ async* all() { for (const path of paths) yield { path, fields: {} }; } }, dir);
const left = () => readdirSync(dir).filter((name) => name !== LIST).sort();

test('collections that this run doesn\'t have are gone, and files of others stay', async () => {
  await exported('users/U', 'dead_letters/L', 'users/U/timeline/T');
  for (const name of ['notes.txt', 'mine.ndjson']) writeFileSync(join(dir, name), 'mine');
  await exported('users/V');
  assert.deepEqual(left(), ['mine.ndjson', 'notes.txt', 'users.ndjson']);
  assert.equal(readFileSync(join(dir, 'users.ndjson'), 'utf8'), '{"id":"V"}\n');
  await exported();
  assert.deepEqual(left(), ['mine.ndjson', 'notes.txt']);
});

test('half files of a run that was killed are gone, those of one that still writes stay', async () => {
  const [gone, other] = ['.users.ndjson.partial-4194999', `.users.ndjson.partial-${process.ppid}`];
  for (const name of [gone, other]) writeFileSync(join(dir, name), '{"id":');
  await exported('leads/L');
  assert.deepEqual(left(), [other, 'leads.ndjson']);
});

test('a list that was edited or cut off is no order to remove other files', async () => {
  writeFileSync(join(root, 'above.ndjson'), 'mine');
  writeFileSync(join(dir, 'notes.txt'), 'mine');
  for (const list of ['["../above.ndjson","notes.txt",7]', '["users.nd', '{}']) {
    writeFileSync(join(dir, LIST), list);
    await exported('users/U');
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
  await exported('users/U');
  assert.deepEqual(left(), ['users.ndjson']);
});
