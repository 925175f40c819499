// The page's types, by its own compiler.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('the compiler of TypeScript has nothing to say', () => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'check'], { cwd: fileURLToPath(new URL('../../console', import.meta.url)), encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});
