// The build as a developer runs it. It works on `dist-test/`, which nothing else writes to while the tests run.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROBE = join(ROOT, 'dist-test', 'probe');

const OPTIONS = ['run', '--quiet', '--manifest-path', 'xtask/Cargo.toml', '--locked', '--', '--test-crates'];

function build() {
  execFileSync('cargo', OPTIONS, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
}

const json = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const timesOf = (folder) => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);

test('what has not changed is not built again', () => {
  build();
  const before = timesOf(PROBE);
  build();
  assert.deepEqual(timesOf(PROBE), before);
});

test('a folder that is gone is built again, the same byte for byte', () => {
  const contents = () => readdirSync(PROBE).map((name) => [name, readFileSync(join(PROBE, name)).toString('base64')]);
  const before = contents();
  rmSync(PROBE, { recursive: true });
  build();
  assert.deepEqual(contents(), before);
});

test('half a folder of an interrupted build does no harm', () => {
  const half = join(ROOT, 'dist-test', '.probe.new');
  mkdirSync(half);
  writeFileSync(join(half, 'left-over.js'), '');
  rmSync(join(ROOT, 'dist-test', '.probe.inputs'));
  build();
  assert.ok(!existsSync(half));
  assert.ok(!existsSync(join(PROBE, 'left-over.js')));
});

test('several builds at once wait for one another', async () => {
  rmSync(PROBE, { recursive: true });
  const run = () => promisify(execFile)('cargo', OPTIONS, { cwd: ROOT });
  const outputs = await Promise.all([run(), run(), run()]);
  assert.ok(existsSync(join(PROBE, 'function_bg.wasm')));
  // One builds it; the others find it there.
  assert.equal(outputs.filter(({ stdout }) => stdout.includes('probe')).length, 1);
});

test('a function has all that it needs: the shim, the Wasm, its settings, and exact versions', () => {
  const shim = readdirSync(join(ROOT, 'shim')).filter((name) => name.endsWith('.js'));
  const own = ['function.js', 'function_bg.wasm', 'function.json', 'package-lock.json', 'package.json'];
  assert.deepEqual(readdirSync(PROBE).sort(), [...shim, ...own].sort());

  const { packages } = json(ROOT, 'package-lock.json');
  const { dependencies, main, type } = json(PROBE, 'package.json');
  assert.deepEqual([main, type], ['index.js', 'commonjs']);
  assert.deepEqual(Object.keys(dependencies), ['@google-cloud/functions-framework']);
  for (const [name, version] of Object.entries(dependencies)) {
    assert.equal(version, packages[`node_modules/${name}`].version);
  }
  const { name, trigger, concurrency } = json(PROBE, 'function.json');
  assert.deepEqual([name, trigger, concurrency], ['probe', 'pubsub', 16]);
});

test('every folder under functions/ has its folder in dist/, and no other has', () => {
  const built = readdirSync(join(ROOT, 'dist'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(built.map(({ name }) => name).sort(), readdirSync(join(ROOT, 'functions')).sort());
});

test('what operators run has a folder of its own, which no deployment looks into', () => {
  const crates = readdirSync(join(ROOT, 'ops')).filter((name) => existsSync(join(ROOT, 'ops', name, 'Cargo.toml')));
  const built = readdirSync(join(ROOT, 'dist-ops'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(built.map(({ name }) => name).sort(), crates.sort());
});

test('every function of today is called by one account alone, but for the one that verifies the tokens of people itself', () => {
  const open = readdirSync(join(ROOT, 'functions')).filter((name) => json(ROOT, 'dist', name, 'function.json').unauthenticated !== undefined);
  assert.deepEqual(open, ['operator']);
});
