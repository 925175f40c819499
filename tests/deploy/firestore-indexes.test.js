// firestore.indexes.json, held against what is asked of the database. That the functions ask for no more than they say is
// shown where they run: tests/cases/runner refuses a query that these indexes can't answer. What the console asks is held in tests/indexes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { indexesOf, readIndexes } from '../../deploy/firestore-indexes.js';
import { equalities } from '../../ops/dead-letters/letter.js';
import { readFunctions } from '../../manifest/functions.js';
import { indexesOn as ofField } from '../indexes/needed.js';
import { TABLE } from '../rules/collections.js';
import { ROOT } from './deploying.js';

const INDEXES = readIndexes(ROOT);
const { fields } = INDEXES;
const indexesOn = (collection, path) => ofField(INDEXES, collection, path);

const declared = readFunctions(`${ROOT}dist`).functions.flatMap(({ name, queries = [] }) => (
  queries.flatMap((query) => query.fields.map((field) => [`${name}'s query`, query.collection, field]))
));
const filters = equalities({ status: 'OPEN', consumer: 'kyc', kind: 'REFUSED', type: 'KycCompleted', subject: 's' });
const ASKED = [
  ...declared,
  ...filters.map(([field]) => ['npm run dead-letters', 'dead_letters', field]),
  ['the operators\' list of customers', 'users', 'kycStatus'],
  ['the operators\' list of customers', 'users', 'tradingEnabled'],
  ['the operators\' list of letters', 'dead_letters', 'receivedAt'],
  ['a list of transactions', 'transactions', 'status'],
  ['a list of leads', 'leads', 'status'],
];

for (const [who, collection, field] of ASKED) {
  test(`${collection}.${field} is indexed for ${who}`, () => {
    const indexes = indexesOn(collection, field);
    assert.ok(indexes.includes('ASCENDING') && indexes.includes('DESCENDING'), `firestore.indexes.json leaves ${indexes.join() || 'none'}`);
  });
}

test('functions do say what they ask for', () => assert.ok(declared.length >= 6, `${declared.length}`));

test('nothing of a record is indexed, and the field by which it expires neither', () => {
  for (const field of ['outgoing', 'outgoingIds', 'processedAt', 'expireAt', 'a field of tomorrow']) {
    assert.deepEqual(indexesOn('processed_events', field), [], field);
  }
});

test('records, closed letters, mails, approvals and summaries expire, and nothing else does', () => {
  assert.deepEqual(fields.filter(({ ttl }) => ttl).map(({ collection, path }) => `${collection}.${path}`), ['processed_events.expireAt', 'dead_letters.expireAt', 'mail.expireAt', 'approvals.expireAt', 'pulse.expireAt']);
});

test('what is large or never looked for isn\'t indexed, below a map neither', () => {
  for (const [collection, field] of [['dead_letters', 'body'], ['timeline', 'changes'], ['price_alerts', 'alerts.a.threshold'], ['mail', 'template.data.name'],
    ['users', 'profileData.phone'], ['users', 'profileData.address.city'], ['users', 'balances.EUR.available'], ['transactions', 'postings']]) {
    assert.deepEqual(indexesOn(collection, field), [], `${collection}.${field}`);
  }
});

/** Every collection that Boma writes, with its fields' paths: from the inventory, in which tests/cases/runner misses none. */
const INVENTORY = readFileSync(`${ROOT}crates/core/src/store/personal.rs`, 'utf8').split('pub const INVENTORY')[1].split('impl Collection')[0].replaceAll(/\/\/.*/g, '')
  .split('name: "').slice(1).map((text) => {
    const [name, ...paths] = `"${text}`.match(/"[^"]+"/g).map((word) => word.slice(1, -1));
    return { collection: name.split('.').at(-1), paths };
  });
/** Fields that are lists or long texts, which their paths don't show. */
const LONG = { dead_letters: ['body', 'reason'], kyc_cases: ['reasons', 'oldReviewIds', 'supersededReviewIds'], transactions: ['description'], processed_events: ['outgoing', 'outgoingIds'], notes: ['text'] };
const isAsked = (collection, field) => ASKED.some(([, of, path]) => of === collection && path.split('.')[0] === field);

test('no map, list or long text that nobody asks for is indexed, in any collection that there is', () => {
  assert.ok(INVENTORY.length >= 15, `${INVENTORY.length} collections`);
  const long = INVENTORY.flatMap(({ collection, paths }) => (
    [...new Set([...paths.filter((path) => path.includes('.')).map((path) => path.split('.')[0]), ...(LONG[collection] ?? [])])].map((field) => [collection, field])
  ));
  assert.ok(long.length >= 15, `${long.length} fields`);
  const indexed = long.filter(([collection, field]) => !isAsked(collection, field) && indexesOn(collection, field).length > 0);
  assert.deepEqual(indexed.map((place) => place.join('.')), []);
});

test('limits and the windows of withdrawals are read by name alone', () => {
  for (const [collection, field] of [['limits', 'perDay'], ['withdrawal_windows', 'entries']]) assert.deepEqual(indexesOn(collection, field), [], collection);
});

test('an exemption is of a collection that Boma writes', () => {
  const known = Object.keys(TABLE.collections).map((name) => name.split('.').at(-1));
  assert.deepEqual(fields.filter(({ collection }) => !known.includes(collection)), []);
});

const single = (more) => ({ fieldOverrides: [{ collectionGroup: 'c', fieldPath: 'f', indexes: [], ...more }] });
const composite = (more) => ({ indexes: [{ collectionGroup: 'c', queryScope: 'COLLECTION', fields: [{ fieldPath: 'a', order: 'ASCENDING' }, { fieldPath: 'b', order: 'ASCENDING' }], ...more }] });

const WRONG = [
  ['a field without a collection', single({ collectionGroup: '' }), 'fieldOverrides[0].collectionGroup: must be a name.'],
  ['no list of indexes', single({ indexes: undefined }), 'fieldOverrides[0].indexes: must be a list; an empty one is no index.'],
  ['an index of a scope that gcloud can\'t give', single({ indexes: [{ order: 'ASCENDING', queryScope: 'COLLECTION_GROUP' }] }),
    'fieldOverrides[0].indexes[0].queryScope: gcloud makes indexes of one field for COLLECTION only, not for COLLECTION_GROUP.'],
  ['an order that there isn\'t', single({ indexes: [{ order: 'UP' }] }), 'fieldOverrides[0].indexes[0]: must have an order (ASCENDING, DESCENDING) or arrayConfig CONTAINS.'],
  ['an order of what is contained', single({ indexes: [{ order: 'ASCENDING', arrayConfig: 'CONTAINS' }] }), 'fieldOverrides[0].indexes[0]: must have an order (ASCENDING, DESCENDING) or arrayConfig CONTAINS.'],
  ['an expiry by any field', single({ fieldPath: '*', ttl: true }), 'fieldOverrides[0].ttl: needs one field.'],
  ['a field twice', { fieldOverrides: [...single().fieldOverrides, ...single().fieldOverrides] }, 'fieldOverrides: c.f is there twice.'],
  ['a composite index of one field', composite({ fields: [{ fieldPath: 'a', order: 'ASCENDING' }] }), 'indexes[0].fields: must be two or more: one field has its index by itself.'],
  ['a composite index without a scope', composite({ queryScope: undefined }), 'indexes[0].queryScope: must be COLLECTION or COLLECTION_GROUP.'],
];

for (const [name, json, sentence] of WRONG) {
  test(`${name} is named by its path`, () => assert.throws(() => indexesOf(json), { message: `firestore.indexes.json: ${sentence}` }));
}
