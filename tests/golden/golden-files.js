// The golden files, as they were judged: what goes in, and what must come of it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const GOLDEN = fileURLToPath(new URL('.', import.meta.url));
export const goldenInput = join(GOLDEN, 'input.ndjson');
export const goldenText = (name) => readFileSync(join(GOLDEN, name), 'utf8');

/** Throws unless `documents`, an export that masked.js has masked, is the golden one, in order. */
export function assertGolden(documents) {
  const expected = goldenExport();
  for (const [collection, all] of Object.entries(expected)) assert.deepEqual(documents[collection], all, collection);
  assert.deepEqual(Object.keys(documents), Object.keys(expected));
}

const goldenExport = () => Object.fromEntries(readdirSync(join(GOLDEN, 'export')).sort().map((name) => [
  name.slice(0, -'.ndjson'.length), goldenText(join('export', name)).trim().split('\n').map((line) => JSON.parse(line)),
]));
