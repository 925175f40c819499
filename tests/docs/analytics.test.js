// The command with which docs/analytics.md asks the local BigQuery emulator.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { change, startWarehouse } from '../stack/warehouse.js';
import { PROJECT, blockAfter, pasted } from './pasting.js';

let warehouse;
let folder;
before(async () => {
  warehouse = await startWarehouse({ project: PROJECT });
  folder = mkdtempSync(join(tmpdir(), 'boma-pasted-'));
  mkdirSync(join(folder, '.boma'));
  writeFileSync(join(folder, '.boma/stack.json'), JSON.stringify({ warehouse: { rest: warehouse.rest } }));
});
after(async () => {
  await warehouse?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

test('a question is asked by curl, and answered', async () => {
  await warehouse.insert('leads', [change('l1', 0, { region: 'Praha', status: 'CONVERTED', createdAt: '1993-02-01T00:00:00Z' })]);
  const { rows } = JSON.parse(await pasted(blockAfter('docs/analytics.md', '## Trying it here'), folder));
  assert.deepEqual(rows.map(({ f }) => f.map(({ v }) => v)), [['Praha', '1993-Q1', '1', '1', '1.0']]);
});
