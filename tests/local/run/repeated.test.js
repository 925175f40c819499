// At-least-once seen from the input: the sample's file twice, and the same events with every line three times. Nothing may
// change but the number of duplicates.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { after, before } from 'node:test';
import { maskedExport, maskedReport } from '../../golden/masked.js';
import { npmStartOnce } from '../../stack/npm-start.js';

const SAMPLE = fileURLToPath(new URL('../../../samples/bank-1993/events.ndjson', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'boma-repeated-'));
after(() => rmSync(dir, { recursive: true }));

const lines = readFileSync(SAMPLE, 'utf8').trim().split('\n');
const count = (type) => lines.filter((line) => JSON.parse(line).type === type).length;
// What a second arrival of the whole file is: each line once more at each consumer (a registration has four), and the
// approvals publish their UserActive and KYC_APPROVED again, which `access` and `notify` then know, too. Of the requests for
// checks we hear nothing.
const duplicatesOfOneMore = lines.length + 3 * count('UserRegistered') + 2 * count('KycCompleted');
let once;

async function replayed(name, files) {
  const run = await npmStartOnce(join(dir, name), files);
  assert.equal(run.status, 0, run.said);
  return { documents: maskedExport(run.exportDir, run), report: maskedReport(run.reportFile) };
}

/** Compares each document with that of a single run, whose order is the same. */
function assertSameDocuments({ documents }) {
  assert.deepEqual(Object.keys(documents), Object.keys(once.documents));
  for (const [collection, expected] of Object.entries(once.documents)) {
    assert.equal(documents[collection].length, expected.length, collection);
    documents[collection].forEach((document, index) => assert.deepEqual(document, expected[index], collection));
  }
}

before(async () => { once = await replayed('once', [SAMPLE]); });

test('of a single run nothing is a duplicate', () => {
  assert.deepEqual({ duplicates: once.report.duplicates, lost: once.report.lost, events: once.report.events }, { duplicates: 0, lost: 0, events: lines.length });
  assert.ok(once.documents.transactions.length > 600);
});

test('the file twice, one after the other: the same documents, and each line once more is a duplicate', async () => {
  const twice = await replayed('twice', [SAMPLE, SAMPLE]);
  assertSameDocuments(twice);
  assert.deepEqual(twice.report, {
    ...once.report, events: 2 * lines.length, published: once.report.published + lines.length, duplicates: duplicatesOfOneMore,
  });
});

test('every line three times: the same documents, and twice as many duplicates', async () => {
  const file = join(dir, 'thrice.ndjson');
  writeFileSync(file, lines.map((line) => `${line}\n`.repeat(3)).join(''));
  const thrice = await replayed('thrice', [file]);
  assertSameDocuments(thrice);
  assert.deepEqual(thrice.report, {
    ...once.report, events: 3 * lines.length, published: once.report.published + 2 * lines.length, duplicates: 2 * duplicatesOfOneMore,
  });
});
