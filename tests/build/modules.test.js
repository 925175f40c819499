// The modules of functions as the build leaves them: the same bytes wherever the checkout lies, and with a limit of memory.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = join(ROOT, 'dist');
// Not by `cargo run`, which would build the build anew with those settings.
const BUILD = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'xtask', 'target'), 'debug', 'xtask');
const MEMORY_SECTION = 5;
/** 128 MiB, as the build sets it. */
const MOST_PAGES = 2048;

const names = readdirSync(DIST, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
const moduleOf = (name) => readFileSync(join(DIST, name, 'function_bg.wasm'));

test('there are modules', () => {
  assert.ok(names.length > 0);
});

for (const name of names) {
  test(`${name} names no folder of the machine that built it`, () => {
    assert.ok(!moduleOf(name).includes(ROOT));
  });

  test(`${name} has a limit of memory`, () => {
    assert.equal(mostPages(moduleOf(name)), MOST_PAGES);
  });
}

test('settings of a shell change no module', () => {
  const times = () => names.map((name) => [name, statSync(join(DIST, name, 'function_bg.wasm')).mtimeMs]);
  const before = times();
  const foreign = { RUSTFLAGS: '-C debuginfo=1', CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: '-C debuginfo=1', CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS: 'false' };
  execFileSync(BUILD, { cwd: ROOT, env: { ...process.env, ...foreign }, stdio: ['ignore', 'ignore', 'pipe'] });
  assert.deepEqual(times(), before);
});

test('a sum that does not fit is a trap', () => {
  for (const name of names) assert.ok(moduleOf(name).includes('attempt to add with overflow'), name);
});

/** The maximum of the first memory, in pages of 64 KiB; undefined where there is none. */
function mostPages(wasm) {
  let at = 8;
  while (at < wasm.length) {
    const [id, [bytes, begins]] = [wasm[at], leb128(wasm, at + 1)];
    if (id === MEMORY_SECTION) {
      const [, flagsAt] = leb128(wasm, begins);
      const [flags, leastAt] = leb128(wasm, flagsAt);
      const [, mostAt] = leb128(wasm, leastAt);
      return (flags & 1) === 1 ? leb128(wasm, mostAt)[0] : undefined;
    }
    at = begins + bytes;
  }
  return undefined;
}

/** An unsigned number, and where it ends. */
function leb128(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value |= (bytes[at] & 0x7f) << shift;
    if ((bytes[at] & 0x80) === 0) return [value, at + 1];
  }
}
