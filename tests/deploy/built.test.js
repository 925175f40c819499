// What is deployed without being built must be finished, whole, and of this tree.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { checkBuilt, stampBuilt } from '../../deploy/built.js';

const SOURCES = ['Cargo.lock', 'Cargo.toml', 'analytics/tables/users.json', 'crates/core/src/lib.rs', 'functions/kyc/Cargo.toml', 'package-lock.json', 'rust-toolchain.toml', 'shim/index.js', 'xtask/src/main.rs'];
const DIST = ['dist/kyc/function.json', 'dist/kyc/function_bg.wasm', 'dist/topics.json'];

function withTree(check) {
  const root = mkdtempSync(join(tmpdir(), 'boma-built-'));
  try {
    for (const file of [...SOURCES, ...DIST]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), file);
    }
    check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('without a stamp nothing says that it is finished', () => withTree((root) => {
  assert.throws(() => checkBuilt(root), /--built: there is no finished dist\/ \(no dist\/built\.json\): \.\/deploy\.sh build makes it\.$/);
}));

test('as it was built it is taken, with the notes of the build or without', () => withTree((root) => {
  writeFileSync(join(root, 'dist/.kyc.inputs'), 'a note');
  stampBuilt(root);
  rmSync(join(root, 'dist/.kyc.inputs'));
  mkdirSync(join(root, 'xtask/target'));
  writeFileSync(join(root, 'xtask/target/xtask'), 'a program');
  checkBuilt(root);
}));

for (const file of SOURCES) {
  test(`${file} changed since: it is another tree's`, () => withTree((root) => {
    stampBuilt(root);
    appendFileSync(join(root, file), 'more');
    assert.throws(() => checkBuilt(root), /--built: dist\/ was built of other sources than these/);
  }));
}

for (const [what, spoil] of [
  ['a file is missing', (root) => rmSync(join(root, 'dist/kyc/function_bg.wasm'))],
  ['a file is another', (root) => appendFileSync(join(root, 'dist/topics.json'), ' ')],
  ['there is one more', (root) => writeFileSync(join(root, 'dist/kyc/more.js'), '')],
]) {
  test(`${what}: it isn't as it was built`, () => withTree((root) => {
    stampBuilt(root);
    spoil(root);
    assert.throws(() => checkBuilt(root), /--built: dist\/ is not as it was built/);
  }));
}

test('a stamp that is no JSON is of no sources', () => withTree((root) => {
  writeFileSync(join(root, 'dist/built.json'), 'null');
  assert.throws(() => checkBuilt(root), /other sources/);
}));
