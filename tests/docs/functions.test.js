// README's table has each function, and none that there isn't.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const ROOT = new URL('../../', import.meta.url);

test('README names every function in its table', () => {
  const [, table] = /^\| function \|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)/m.exec(readFileSync(new URL('README.md', ROOT), 'utf8'));
  const named = table.trim().split('\n').flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  assert.deepEqual(named.toSorted(), readdirSync(new URL('functions/', ROOT)).sort());
});
