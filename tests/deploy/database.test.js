// The database and all that belongs to it, by the real gcloud. What differs when is beside, in kinds/; here is whether gcloud
// takes the commands, and whether nothing differs after them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { indexesOf } from '../../deploy/firestore-indexes.js';
import { backups } from '../../deploy/kinds/backups.js';
import { database } from '../../deploy/kinds/database.js';
import { fields } from '../../deploy/kinds/fields.js';
import { indexes } from '../../deploy/kinds/indexes.js';
import { collisionsOf } from '../../deploy/plan.js';
import { withGcloud } from './with-gcloud.js';

const PATH = 'projects/boma-data/databases/(default)';
const system = {
  project: 'boma-data', database: '(default)', environment: 'production', region: 'europe-west1', firestoreLocation: 'eur3', protectData: true, isWhole: true,
  // One of each way in which a field or an index is said.
  indexes: indexesOf({
    indexes: [{ collectionGroup: 'mail', queryScope: 'COLLECTION_GROUP', fields: [
      { fieldPath: 'to', order: 'ASCENDING' }, { fieldPath: 'tags', arrayConfig: 'CONTAINS' }, { fieldPath: 'sentAt', order: 'DESCENDING' },
    ] }],
    fieldOverrides: [
      { collectionGroup: 'users', fieldPath: 'profileData', indexes: [] },
      { collectionGroup: 'users', fieldPath: 'profileData.email', indexes: [{ order: 'ASCENDING' }] },
      { collectionGroup: 'processed_events', fieldPath: '*', indexes: [] },
      { collectionGroup: 'processed_events', fieldPath: 'expireAt', ttl: true, indexes: [{ order: 'ASCENDING' }, { order: 'DESCENDING' }, { arrayConfig: 'CONTAINS' }] },
    ],
  }),
};
let there;

before(async () => {
  there = await withGcloud([database, backups, fields, indexes], system);
  there.cloud.state.enabled.add('firestore.googleapis.com');
});
after(() => there.stop());

const changed = () => there.cloud.changes().map(({ method, path, query, body }) => ({ method, path: path.replace(`v1/${PATH}`, ''), query, body }));

test('an empty project gets the whole database, and then nothing differs', async () => {
  await there.apply();

  assert.deepEqual(await there.differences(), []);
  assert.deepEqual(there.cloud.unexpected(), []);
  const { resource } = there.cloud.state.databases.get('(default)');
  assert.equal(resource.locationId, 'eur3');
  assert.equal(resource.type, 'FIRESTORE_NATIVE');
  assert.equal(resource.pointInTimeRecoveryEnablement, 'POINT_IN_TIME_RECOVERY_ENABLED');
  assert.equal(resource.deleteProtectionState, 'DELETE_PROTECTION_ENABLED');
  const schedules = [...there.cloud.state.databases.get('(default)').schedules.values()].map(({ name: _name, ...said }) => said);
  assert.deepEqual(schedules, [{ dailyRecurrence: {}, retention: '1209600s' }, { retention: '8467200s', weeklyRecurrence: { day: 'SUNDAY' } }]);
  const everyField = changed().find(({ path }) => path === '/collectionGroups/processed_events/fields/*');
  assert.equal(everyField.query.updateMask, 'indexConfig', 'not one field, and nothing but its indexes');
});

test('what somebody changed by hand is changed back, each with one command', async () => {
  const { resource, schedules, fields: known, indexes: composites, collections } = there.cloud.state.databases.get('(default)');
  collections.push('users');
  resource.deleteProtectionState = 'DELETE_PROTECTION_DISABLED';
  resource.pointInTimeRecoveryEnablement = 'POINT_IN_TIME_RECOVERY_DISABLED';
  [...schedules.values()][0].retention = '86400s';
  const dueAt = `${PATH}/collectionGroups/kyc_cases/fields/dueAt`;
  known.set(dueAt, { name: dueAt, indexConfig: { indexes: [] }, ttlConfig: { state: 'ACTIVE' } });
  delete known.get(`${PATH}/collectionGroups/processed_events/fields/expireAt`).ttlConfig;
  [...composites.values()][0].state = 'NEEDS_REPAIR';

  const [taken] = collisionsOf(await there.read(), system);
  assert.equal(taken.what, 'database (default) with users', 'nothing marks it as ours any more');
  const steps = await there.apply();

  assert.deepEqual(collisionsOf(await there.read(), system), []);
  assert.deepEqual(steps.map(({ say }) => say), [
    'change database (default)',
    'change daily backups',
    'let documents expire by processed_events.expireAt',
    'let no documents expire by kyc_cases.dueAt',
    'index kyc_cases.dueAt as Firestore does by itself',
    'delete index of all mail by to ASCENDING, tags CONTAINS, sentAt DESCENDING',
    'create index of all mail by to ASCENDING, tags CONTAINS, sentAt DESCENDING',
  ]);
  assert.deepEqual(await there.differences(), []);
});

test('where data needs no protection, what is there is a person\'s to take away; then the database can go', async (t) => {
  const staging = { ...system, environment: 'staging', protectData: false };
  const other = await withGcloud([database, backups], staging);
  t.after(() => other.stop());
  other.cloud.state.enabled = there.cloud.state.enabled;
  other.cloud.state.databases = there.cloud.state.databases;

  assert.deepEqual(await other.apply(), []);
  const forAPerson = (await other.differences()).flatMap(({ differences }) => differences);
  assert.deepEqual(forAPerson.map(({ mark, what }) => `${mark} ${what}`), ['! database (default)', '! daily backups', '! weekly backups']);
  await other.remove();
  assert.equal(other.cloud.state.databases.size, 1, 'protected');

  await other.typed(forAPerson.map(({ text }) => /gcloud .*$/.exec(text)[0]));
  assert.deepEqual(await other.differences(), []);
  await other.remove();
  assert.equal(other.cloud.state.databases.size, 0);
  assert.deepEqual(other.cloud.unexpected(), []);
});
