// What a newcomer and a CI job have: a clone in which nothing was ever installed or built.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT, deploying } from './deploying.js';

test('deploy.sh fetches and builds what it needs, and says what each function weighs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'boma-fresh-clone-'));
  const root = join(folder, 'boma');
  execFileSync('git', ['clone', '--quiet', ROOT, root]);
  const { cloud, deploy, stop } = await deploying('acme-crm', { root });
  test.after(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { status, said } = await deploy('plan');
  assert.equal(status, 2, said);
  assert.match(said, /^function +Wasm +own files +together/m);
  assert.match(said, /^kyc +0\.\d+ +\d/m);
  assert.match(said, /\+ function kyc$/m);
  assert.deepEqual(cloud.changes(), []);
});
