// Whatever goes wrong with changes and appends, the warehouse's latest views are the documents: the golden file, which has every
// outcome that input alone can bring about.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { readTables } from '../../analytics/tables.js';
import { goldenInput } from '../golden/golden-files.js';
import { npmStartOnce } from '../stack/npm-start.js';
import { seed } from './seed.js';

// More often than `all` has it, because the run is short.
const SPEC = 'all,duplicate=0.2,twin=0.1,reorder=0.2,append.lost=0.1,append.unavailable=0.06,append.cut=0.02,append.late=0.02,append.reset=0.04,kill-functions=2s:3';

/** A document's line without the fields that are never copied. */
function copied(line, omitted) {
  const whole = JSON.parse(line);
  return JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([name]) => !omitted.includes(name))));
}

test(`changes twice, late and in any order, appends lost, refused, cut and late: the views are the documents (BOMA_SEED=${seed})`, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'boma-warehouse-'));
  const run = await npmStartOnce(dir, [goldenInput], ['--warehouse', '--faults', SPEC, '--seed', seed]);
  assert.equal(run.status, 0, run.said);
  const linesOf = (name) => readFileSync(join(run.exportDir, `${name}.ndjson`), 'utf8').trim().split('\n');
  for (const { collection, omitted = [] } of readTables()) {
    const documents = linesOf(collection).map((line) => (omitted.length > 0 ? copied(line, omitted) : line));
    assert.ok(documents.length > 1, collection);
    assert.deepEqual(linesOf(`warehouse.${collection}_latest`), documents, collection);
  }
  const struck = (name) => Number(new RegExp(`^ +${name.replace('.', '\\.')} +(\\d+) `, 'm').exec(run.said)[1]);
  assert.ok(struck('append.lost') > 0 && struck('twin') + struck('duplicate') > 0, run.said);
  rmSync(dir, { recursive: true });
});
