// Whatever goes wrong meanwhile, the same events come to the same documents, to the letter: the golden file, which has every
// outcome that input alone can bring about, while everything strikes. Only the host's clock is masked.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { assertGolden, goldenInput } from '../golden/golden-files.js';
import { maskedExport } from '../golden/masked.js';
import { npmStartOnce } from '../stack/npm-start.js';
import { seed } from './seed.js';

// Sooner than `all` has it, because the run is short, and with an end, because each costs some seconds.
const SPEC = 'all,kill-functions=2s:4,kill-router=4s:1';

test(`the golden file under all of the faults: not one field of the export is other than without them (BOMA_SEED=${seed})`, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'boma-same-export-'));
  const run = await npmStartOnce(dir, [goldenInput], ['--faults', SPEC, '--seed', seed]);
  assert.equal(run.status, 0, run.said);
  assertGolden(maskedExport(run.exportDir, run));
  rmSync(dir, { recursive: true });
});
