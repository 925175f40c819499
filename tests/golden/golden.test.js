// Every outcome that input alone can bring about, through `npm start`, compared with files that were judged line by line
// against the specification; README.md says what each line is there for. BLESS=1 writes the files anew.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { npmStartOnce } from '../stack/npm-start.js';
import { GOLDEN, assertGolden, goldenInput, goldenText } from './golden-files.js';
import { maskedExport, maskedReport } from './masked.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-golden-'));
after(() => rmSync(dir, { recursive: true }));

let run;
let documents;

before(async () => {
  run = await npmStartOnce(dir, [goldenInput]);
  assert.equal(run.status, 0, run.said);
  documents = maskedExport(run.exportDir, run);
  if (process.env.BLESS === '1') bless();
});

function bless() {
  writeFileSync(join(GOLDEN, 'report.json'), `${JSON.stringify(maskedReport(run.reportFile), null, 2)}\n`);
  rmSync(join(GOLDEN, 'export'), { recursive: true, force: true });
  mkdirSync(join(GOLDEN, 'export'));
  for (const [collection, all] of Object.entries(documents)) {
    writeFileSync(join(GOLDEN, 'export', `${collection}.ndjson`), all.map((each) => `${JSON.stringify(each)}\n`).join(''));
  }
}

test('the report is the golden one', () => {
  assert.deepEqual(maskedReport(run.reportFile), JSON.parse(goldenText('report.json')));
});

test('the exported documents are the golden ones, in order', () => {
  assertGolden(documents);
});

test('a dead letter keeps the line as it stood in the file', () => {
  const lines = goldenText('input.ndjson').split('\n');
  for (const { id, body, bodyBytes } of documents.dead_letters) {
    const line = Buffer.from(body, 'base64');
    assert.ok(lines.includes(line.toString('utf8')), id);
    assert.equal(bodyBytes, line.length);
  }
});
