// Whoever has just cloned this and types something wrong is told so, although no package is installed yet. The rest of what a
// fresh clone needs is in fresh-clone.long.js.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { ROOT } from './deploying.js';

const root = mkdtempSync(join(tmpdir(), 'boma-nothing-installed-'));
after(() => rmSync(root, { recursive: true, force: true }));
for (const each of ['deploy.sh', 'deploy', 'analytics', 'contracts/personal.json', 'local', 'manifest', 'package.json']) cpSync(join(ROOT, each), join(root, each), { recursive: true });

const deploy = (...args) => spawnSync('bash', [join(root, 'deploy.sh'), ...args], { encoding: 'utf8' });

test('a wrong flag is one sentence that names it', () => {
  const { status, stderr } = deploy('plan', '--projekt', 'acme');
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^deploy\.sh: --projekt is no flag; there are --project, [^\n]*\n$/);
});

test('an environment that there is not is named', () => {
  const { status, stderr } = deploy('plan', '--environment', 'moon');
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^deploy\.sh: --environment moon: there is no [^\n]*\n$/);
});
