// What the console asks is answered in production, and nothing is indexed for nobody: console/queries.json against firestore.indexes.json.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readIndexes } from '../../deploy/firestore-indexes.js';
import { ROOT, TABLE } from '../rules/collections.js';
import { missingFor, superfluousIn } from './needed.js';

const QUERIES = JSON.parse(readFileSync(join(ROOT, 'console/queries.json'), 'utf8'));
const INDEXES = readIndexes(ROOT);
const MOST = 50;

for (const query of QUERIES) {
  test(`${query.name} has its indexes`, () => assert.deepEqual(missingFor(query, INDEXES), []));
}

test('no composite index and no exception from an exemption is there for nobody', () => assert.deepEqual(superfluousIn(INDEXES, QUERIES), []));

test('each index that is there for a query is missed when it is gone', () => {
  for (const gone of INDEXES.composites) {
    const without = { ...INDEXES, composites: INDEXES.composites.filter((one) => one !== gone) };
    assert.ok(QUERIES.some((query) => missingFor(query, without).length > 0), gone.collection);
  }
});

test('a query has a name of its own and at most 50 documents, of a collection that somebody may read', () => {
  const names = QUERIES.map(({ name }) => name);
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
  for (const { name, collection, limit, ...rest } of QUERIES) {
    assert.deepEqual(Object.keys(rest).sort(), ['orderBy', 'where'], name);
    assert.ok(Number.isInteger(limit) && limit >= 1 && limit <= MOST, name);
    assert.ok(TABLE.collections[collection]?.supervisor.includes('list'), `${name}: ${collection}`);
  }
});
