import assert from 'node:assert/strict';
import { test } from 'node:test';

import { database } from '../../../deploy/kinds/database.js';

const production = { project: 'p', database: '(default)', environment: 'production', firestoreLocation: 'eur3', protectData: true, isWhole: true };
const staging = { ...production, environment: 'staging', protectData: false };
const PROTECTED = { deleteProtectionState: 'DELETE_PROTECTION_ENABLED', pointInTimeRecoveryEnablement: 'POINT_IN_TIME_RECOVERY_ENABLED' };
const OPEN = { deleteProtectionState: 'DELETE_PROTECTION_DISABLED', pointInTimeRecoveryEnablement: 'POINT_IN_TIME_RECOVERY_DISABLED' };
const there = (known, isOurs = true, collections = []) => ({ database: known, isOurs, collections });

const compared = (known, system) => database.compare(there(known), system).map(({ mark, text, steps }) => ({ mark, text, commands: steps.map(({ gcloud }) => gcloud.slice(2).join(' ')) }));

const DIFFERENCES = [
  ['one that isn\'t there is made protected', null, production, '+', 'isn\'t there',
    ['create --database=(default) --location=eur3 --type=firestore-native --enable-pitr --delete-protection', 'describe --database=(default)']],
  ['one that isn\'t there and needs no protection is made without', null, staging, '+', 'isn\'t there',
    ['create --database=(default) --location=eur3 --type=firestore-native', 'describe --database=(default)']],
  ['recovery that is off is turned on', { ...PROTECTED, pointInTimeRecoveryEnablement: OPEN.pointInTimeRecoveryEnablement }, production, '~',
    'point-in-time recovery is off, not on', ['update --database=(default) --enable-pitr']],
  ['delete protection that is off is turned on', { ...PROTECTED, deleteProtectionState: OPEN.deleteProtectionState }, production, '~',
    'delete protection is off, not on', ['update --database=(default) --delete-protection']],
  ['both at once are one command', {}, production, '~',
    'point-in-time recovery is off, not on; delete protection is off, not on', ['update --database=(default) --enable-pitr --delete-protection']],
  ['protection that isn\'t wanted is left to a person: the wrong environment takes none away', PROTECTED, staging, '!',
    "has point-in-time recovery and delete protection, which deploy/environments/staging.json doesn't ask for; if nothing in it is worth that: gcloud firestore databases update '--database=(default)' --no-enable-pitr --no-delete-protection --project=p", []],
];

for (const [name, known, system, mark, text, commands] of DIFFERENCES) {
  test(name, () => assert.deepEqual(compared(known, system), [{ mark, text, commands }]));
}

test('one that is as it should be differs in nothing, protected or not', () => {
  assert.deepEqual(compared(PROTECTED, production), []);
  assert.deepEqual(compared(OPEN, staging), []);
});

const KEPT = [
  ['where data is protected the database stays, whatever it is like', there(OPEN), production, /^database \(default\): stays with .*production\.json protects data$/],
  ['one that somebody protected by hand stays', there(PROTECTED), staging, /protected against deletion: gcloud .* '--database=\(default\)' --no-delete-protection --project=p ends that$/],
  ['one that nothing shows to be ours stays', there(OPEN, false, ['orders']), staging, /nothing shows that it is Boma's/],
];

for (const [name, found, system, reason] of KEPT) {
  test(name, () => {
    assert.deepEqual(database.removal(found, system), []);
    assert.match(database.kept(found, system).join(), reason);
  });
}

test('one that is ours and unprotected goes, and nothing is said to stay', () => {
  assert.deepEqual(database.removal(there(OPEN), staging).map(({ gcloud }) => gcloud.join(' ')), ['firestore databases delete --database=(default)']);
  assert.deepEqual(database.kept(there(OPEN), staging), []);
});

test('one that isn\'t there neither goes nor stays', () => {
  assert.deepEqual([...database.removal(there(null), production), ...database.kept(there(null), production)], []);
});

test('one with others\' documents is somebody else\'s, and the way to take it over is a command', () => {
  const [{ what, adopt }] = database.collisions(there(OPEN, false, ['orders', 'users']), production);
  assert.equal(what, 'database (default) with orders, users');
  assert.equal(adopt.join(' '), 'firestore fields ttls update expireAt --database=(default) --collection-group=processed_events --enable-ttl --async');
});

test('one that isn\'t there and one that is empty are nobody else\'s', () => {
  assert.deepEqual([there(null), there(OPEN, false, [])].flatMap((found) => database.collisions(found, production)), []);
});
