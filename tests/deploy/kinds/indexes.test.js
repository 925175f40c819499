import assert from 'node:assert/strict';
import { test } from 'node:test';

import { indexesOf } from '../../../deploy/firestore-indexes.js';
import { indexes } from '../../../deploy/kinds/indexes.js';

const system = { project: 'p', database: '(default)', indexes: indexesOf({ indexes: [{ collectionGroup: 'letters', queryScope: 'COLLECTION', fields: [
  { fieldPath: 'status', order: 'ASCENDING' }, { fieldPath: 'at', order: 'DESCENDING' },
] }] }) };

const NAMED = { fieldPath: '__name__', order: 'DESCENDING' };
const listed = ({ state = 'READY', queryScope = 'COLLECTION', fields = [] } = {}) => ({
  name: 'projects/p/databases/(default)/collectionGroups/letters/indexes/i1', queryScope, state,
  fields: [{ fieldPath: 'status', order: 'ASCENDING' }, { fieldPath: 'at', order: 'DESCENDING' }, ...fields],
});

async function compared(...all) {
  const there = await indexes.read({ list: async () => all }, system);
  return indexes.compare(there, system).map(({ mark, text, steps }) => [mark, text, ...steps.map(({ gcloud }) => gcloud.slice(3).join(' '))]);
}

const CREATE = 'create --database=(default) --collection-group=letters --query-scope=collection --field-config=field-path=status,order=ascending '
  + '--field-config=field-path=at,order=descending --async';

test('one that isn\'t there is made', async () => {
  assert.deepEqual(await compared(), [['+', 'isn\'t there', CREATE]]);
});

test('one that couldn\'t be built is made anew', async () => {
  assert.deepEqual(await compared(listed({ state: 'NEEDS_REPAIR', fields: [NAMED] })), [['~', 'couldn\'t be built', 'delete i1 --database=(default)', CREATE]]);
});

test('one of another scope, or of one field more, is another', async () => {
  const scope = await compared(listed({ queryScope: 'COLLECTION_GROUP', fields: [NAMED] }));
  const field = await compared(listed({ fields: [{ fieldPath: 'kind', order: 'ASCENDING' }] }));
  assert.deepEqual([scope, field].map((differences) => differences.map(([mark]) => mark).join('')), ['+!', '+!']);
});

test('one that somebody else made is left to a person, with the command that ends it', async () => {
  const [, unknown] = await compared(listed({ queryScope: 'COLLECTION_GROUP', fields: [NAMED] }));
  assert.match(unknown[1], /write it there, or gcloud firestore indexes composite delete i1 '--database=\(default\)' --project=p$/);
});

test('one that is there, or being built, differs in nothing', async () => {
  for (const state of ['READY', 'CREATING']) assert.deepEqual(await compared(listed({ state, fields: [NAMED] })), []);
});

test('one of a field in a map is made by its path', () => {
  const ofMap = { ...system, indexes: indexesOf({ indexes: [{ collectionGroup: 'users', queryScope: 'COLLECTION', fields: [
    { fieldPath: 'profileData.region', order: 'ASCENDING' }, { fieldPath: 'createdAt', order: 'DESCENDING' },
  ] }] }) };
  const [difference] = indexes.compare([], ofMap);
  assert.equal(difference.what, 'index of users by profileData.region ASCENDING, createdAt DESCENDING');
  assert.ok(difference.steps[0].gcloud.includes('--field-config=field-path=profileData.region,order=ascending'));
});
