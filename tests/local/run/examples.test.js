// The examples of docs/events.md, from the top to the bottom, on the real stack.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { after } from 'node:test';
import { npmStartOnce } from '../../stack/npm-start.js';

const DOCUMENT = fileURLToPath(new URL('../../../docs/events.md', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'boma-examples-'));
after(() => rmSync(dir, { recursive: true }));

test('the examples of docs/events.md, as they stand and in their order, are all applied', async () => {
  const blocks = readFileSync(DOCUMENT, 'utf8').split('```json\n').slice(1).map((rest) => JSON.parse(rest.split('```')[0]));
  const events = join(dir, 'events.ndjson');
  writeFileSync(events, blocks.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const { status, said } = await npmStartOnce(dir, [events]);
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'));
  const { events: replayed, published, applied, ignored, refused, duplicates, conflicts, malformed, awaited, deadLetters, lost } = report;
  assert.equal(status, 0, said);
  assert.equal(replayed, blocks.length);
  assert.ok(blocks.length > 50 && applied >= published, `${applied} of ${published}`); // With what follows from them.
  // Of a customer who wasn't a lead there is nothing to convert.
  const withoutLead = blocks.filter(({ type, data }) => type === 'UserRegistered' && !data.leadId).length;
  assert.deepEqual({ ignored, refused, duplicates, conflicts, malformed, awaited, deadLetters, lost }, {
    ignored: withoutLead, refused: 0, duplicates: 0, conflicts: 0, malformed: 0, awaited: 0, deadLetters: 0, lost: 0,
  }, said);
});
