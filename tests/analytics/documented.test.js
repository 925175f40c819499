// docs/analytics.md against the tables' files, and its queries against a BigQuery.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { documented } from '../../analytics/documented.js';

const TEXT = readFileSync(new URL('../../docs/analytics.md', import.meta.url), 'utf8');

test('docs/analytics.md has the tables as their files say them', () => {
  assert.ok(documented(TEXT) === TEXT, 'it is stale: npm run tables');
});
