import assert from 'node:assert/strict';
import { test } from 'node:test';

import { indexesOf } from '../../../deploy/firestore-indexes.js';
import { fields } from '../../../deploy/kinds/fields.js';

const GROUPS = 'projects/p/databases/(default)/collectionGroups';
const ORDERED = [{ order: 'ASCENDING' }, { order: 'DESCENDING' }];
const BY_ITSELF = [...ORDERED, { arrayConfig: 'CONTAINS' }];

const system = {
  project: 'p', database: '(default)',
  indexes: indexesOf({ fieldOverrides: [
    { collectionGroup: 'letters', fieldPath: '*', indexes: [] },
    { collectionGroup: 'letters', fieldPath: 'at', indexes: ORDERED },
    { collectionGroup: 'records', fieldPath: 'expireAt', ttl: true, indexes: [] },
  ] }),
};

/** As Google lists a field: with its own indexes, or those that it inherits. */
function listed(field, own, { ttl, scope = 'COLLECTION', state = 'READY', ...more } = {}) {
  const [collection, path] = field.split('.');
  const indexes = (own ?? BY_ITSELF).map((config) => ({ queryScope: scope, state, fields: [{ fieldPath: path, ...config }] }));
  const indexConfig = { ...(indexes.length > 0 && { indexes }), ...(own === null && { usesAncestorConfig: true }), ...more };
  return { name: `${GROUPS}/${collection}/fields/${path}`, indexConfig, ...(ttl && { ttlConfig: { state: ttl } }) };
}

const AS_IT_SHOULD_BE = [
  listed('__default__.*', BY_ITSELF),
  listed('letters.*', []),
  listed('letters.at', ORDERED, { state: 'CREATING' }),
  listed('records.expireAt', [], { ttl: 'CREATING' }),
];
const instead = (field) => AS_IT_SHOULD_BE.map((known) => (known.name === field.name ? field : known));

/** What is there is read as it is in earnest, from the listing. */
async function compared(all, operations = []) {
  const there = await fields.read({ list: async (_api, _path, field) => (field === 'operations' ? operations : all) }, system);
  return fields.compare(there, system).map(({ mark, what, text, steps }) => (
    [`${mark} ${what}: ${text}`, ...steps.map(({ gcloud }) => gcloud.filter((word) => !/^(firestore|update|--database.*|--async)$/.test(word)).join(' '))]
  ));
}

test('where nothing is said yet, everything is, and without waiting for the building', async () => {
  const differences = await compared([]);
  assert.deepEqual(differences.map(([, command]) => command), [
    'indexes fields * --collection-group=letters --disable-indexes',
    'indexes fields at --collection-group=letters --index=order=ascending --index=order=descending',
    'indexes fields expireAt --collection-group=records --disable-indexes',
    'fields ttls expireAt --collection-group=records --enable-ttl',
  ]);
  const commands = fields.compare({ known: [], changing: [] }, system).flatMap(({ steps }) => steps).map(({ gcloud }) => gcloud);
  assert.ok(commands.every((words) => words.includes('--database=(default)')));
  assert.deepEqual(commands.map((words) => words.includes('--async')), [true, true, false, true], 'only what the same field is changed again after is waited for');
});

test('what is on its way is neither begun again nor taken for done', async () => {
  const operation = (field, done) => ({ name: 'o', ...(done && { done }), metadata: { field: `${GROUPS}/${field}` } });
  const underWay = [operation('records/fields/expireAt'), operation('letters/fields/*', true), { name: 'an index\'s', metadata: { index: 'i' } }, { name: 'an export' }];
  assert.deepEqual(await compared(AS_IT_SHOULD_BE.slice(0, 3), underWay), [
    ['! records.expireAt: is being changed, which takes Firestore a while; plan shows when it is through'],
  ]);
  assert.deepEqual(await compared(AS_IT_SHOULD_BE, underWay), [], 'what it leads to is shown already');
});

const DIFFERENCES = [
  ['a field that is indexed otherwise is indexed as it is said', instead(listed('letters.at', BY_ITSELF)),
    ['~ letters.at: is indexed ASCENDING, CONTAINS, DESCENDING, not indexed ASCENDING, DESCENDING', 'indexes fields at --collection-group=letters --index=order=ascending --index=order=descending']],
  ['an index of another scope isn\'t the one that is said', instead(listed('letters.at', ORDERED, { scope: 'COLLECTION_GROUP' })),
    ['~ letters.at: is indexed COLLECTION_GROUP ASCENDING, COLLECTION_GROUP DESCENDING, not indexed ASCENDING, DESCENDING', 'indexes fields at --collection-group=letters --index=order=ascending --index=order=descending']],
  ['an exemption that is being taken back is gone', instead(listed('letters.*', [], { reverting: true })),
    ['+ letters.*: not indexed: isn\'t there', 'indexes fields * --collection-group=letters --disable-indexes']],
  ['documents that no longer expire do again', instead(listed('records.expireAt', [])),
    ['+ records.expireAt: documents expire by it: isn\'t there', 'fields ttls expireAt --collection-group=records --enable-ttl']],
  ['an expiry that couldn\'t be built is asked for again', instead(listed('records.expireAt', [], { ttl: 'NEEDS_REPAIR' })),
    ['~ records.expireAt: documents no longer expire by it: Firestore calls for repair', 'fields ttls expireAt --collection-group=records --enable-ttl']],
  ['a field that expires and should be indexed otherwise only is left to expire', instead(listed('records.expireAt', null, { ttl: 'ACTIVE' })),
    ['+ records.expireAt: not indexed: isn\'t there', 'indexes fields expireAt --collection-group=records --disable-indexes']],
  ['documents that nobody here wants to expire stay', [...AS_IT_SHOULD_BE, listed('users.createdAt', null, { ttl: 'ACTIVE' })],
    ['- users.createdAt: documents expire by it, and should stay', 'fields ttls createdAt --collection-group=users --disable-ttl']],
  ['nor do they expire by a field that is here for its indexes', instead(listed('letters.at', ORDERED, { ttl: 'ACTIVE' })),
    ['- letters.at: documents expire by it, and should stay', 'fields ttls at --collection-group=letters --disable-ttl']],
  ['an exemption by hand, which a query may need gone, is taken back', [...AS_IT_SHOULD_BE, listed('kyc_cases.dueAt', [])],
    ['- kyc_cases.dueAt: is not indexed, which firestore.indexes.json doesn\'t say', 'indexes fields dueAt --collection-group=kyc_cases --clear-exemption']],
  ['an index more, which somebody\'s query may need, is left to a person', [...AS_IT_SHOULD_BE, { ...listed('users.email', BY_ITSELF), indexConfig: { indexes: [
    ...listed('users.email', BY_ITSELF).indexConfig.indexes, { queryScope: 'COLLECTION_GROUP', fields: [{ order: 'ASCENDING' }] }] } }],
  ['! users.email: is indexed ASCENDING, COLLECTION_GROUP ASCENDING, CONTAINS, DESCENDING, which firestore.indexes.json doesn\'t say: write it there, '
    + "or gcloud firestore indexes fields update email '--database=(default)' --collection-group=users --async --clear-exemption --project=p"]],
];

for (const [name, all, difference] of DIFFERENCES) {
  test(name, async () => assert.deepEqual(await compared(all), [difference]));
}

test('what is as it should be differs in nothing, while it is being built, too', async () => {
  assert.deepEqual(await compared(AS_IT_SHOULD_BE), []);
});

test('a field of a map is a field of its own, beside what is said of the map', async () => {
  const ofMap = { project: 'p', database: '(default)', indexes: indexesOf({ fieldOverrides: [
    { collectionGroup: 'users', fieldPath: 'profileData', indexes: [] },
    { collectionGroup: 'users', fieldPath: 'profileData.email', indexes: [{ order: 'ASCENDING' }] },
  ] }) };
  const name = (path) => `${GROUPS}/users/fields/${path}`;
  const email = { name: name('profileData.email'), indexConfig: { indexes: [{ queryScope: 'COLLECTION', fields: [{ fieldPath: 'profileData.email', order: 'ASCENDING' }], state: 'READY' }] } };
  const said = async (...all) => {
    const there = await fields.read({ list: async (_api, _path, field) => (field === 'operations' ? [] : all) }, ofMap);
    return fields.compare(there, ofMap).map(({ mark, what, steps }) => `${mark} ${what}: ${steps.map(({ gcloud }) => gcloud.slice(4).join(' ')).join()}`);
  };
  assert.deepEqual(await said({ name: name('profileData'), indexConfig: {} }), [
    '+ users.profileData.email: indexed ASCENDING: profileData.email --database=(default) --collection-group=users --async --index=order=ascending',
  ]);
  assert.deepEqual(await said({ name: name('profileData'), indexConfig: {} }, email), []);
});
