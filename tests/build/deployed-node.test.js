// What tests run a function on is what it is deployed on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { readFunctions } from '../../manifest/functions.js';
import { FOLDER, deployedNode } from '../stack/deployed-node.js';

const ROOT = join(FOLDER, '..', '..');
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const runtimes = [...new Set(readFunctions(join(ROOT, 'dist')).functions.map(({ runtime }) => runtime))];

test('all functions have one runtime, and the packages of every platform its major version', () => {
  assert.equal(runtimes.length, 1, runtimes.join(', '));
  const packages = json(join(FOLDER, 'package.json')).optionalDependencies;
  assert.ok(Object.keys(packages).length > 0);
  for (const [name, version] of Object.entries(packages)) assert.equal(`nodejs${version.split('.')[0]}`, runtimes[0], name);
});

test('the program that tests start is of that version', () => {
  const version = execFileSync(deployedNode(), ['--version'], { encoding: 'utf8' });
  assert.equal(`nodejs${/^v(\d+)\./.exec(version)[1]}`, runtimes[0]);
});

test('its lockfile says what is to come, and names no registry', () => {
  const { '': itself, ...packages } = json(join(FOLDER, 'package-lock.json')).packages;
  assert.deepEqual(itself.optionalDependencies, json(join(FOLDER, 'package.json')).optionalDependencies);
  for (const [place, { integrity, resolved }] of Object.entries(packages)) {
    assert.match(integrity, /^sha512-/, place);
    assert.equal(resolved, undefined, place);
  }
});
