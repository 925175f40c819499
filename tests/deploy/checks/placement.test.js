import assert from 'node:assert/strict';
import { test } from 'node:test';

import { databaseThatIsThere } from '../../../deploy/checks/database.js';
import { nearest } from '../../../deploy/checks/nearest.js';
import { placement } from '../../../deploy/checks/regions.js';
import { database } from '../../../deploy/kinds/database.js';

const placed = (region, firestoreLocation = region) => placement({ system: { region, firestoreLocation } });

const WRONG = [
  ['a region with a slip of the finger', ['europe-wets1', 'eur3'], /^--region europe-wets1: .* no such region: near it is europe-west1; .*deploy\/regions\.json\.$/],
  ['a region that resembles none', ['mars-north1', 'eur3'], /^--region mars-north1: .* no such region: (near it|there are) /],
  ['a location with a slip of the finger', ['europe-west1', 'eur4'], /^--firestore-location eur4: .* no such location: near it is eur3; /],
  ['a multi-region as the region', ['eur3'], /^--region eur3: Cloud Functions has no such region/],
  ['another region than the database\'s', ['us-central1', 'europe-west1'], /^--region us-central1: .*give --region=europe-west1, or --firestore-location=us-central1\.$/],
  ['a region near the database\'s, but not it', ['europe-west4', 'europe-west1'], /give --region=europe-west1, or/],
  ['a region outside the multi-region', ['us-central1', 'eur3'], /give --region=europe-west1 or --region=europe-west4, or --firestore-location=us-central1\.$/],
  ['one of Canada with the database in the United States', ['northamerica-northeast1', 'nam5'], /give --region=us-central1, or/],
];

for (const [name, [region, location], sentence] of WRONG) {
  test(`${name} is one sentence`, () => {
    const sentences = placed(region, location);
    assert.equal(sentences.length, 1, sentences.join('\n'));
    assert.match(sentences[0], sentence);
  });
}

test('a region without Cloud Scheduler is refused where a function has a schedule', () => {
  const inRegion = (functions) => placement({ system: { region: 'northamerica-south1', firestoreLocation: 'northamerica-south1', functions } });
  const [sentence, ...others] = inRegion([{ name: 'kyc', trigger: 'pubsub' }, { name: 'clock', trigger: 'schedule' }]);
  assert.match(sentence, /^--region northamerica-south1: Cloud Scheduler, which calls clock, isn't there yet/);
  assert.deepEqual(others, []);
  assert.deepEqual(inRegion([{ name: 'kyc', trigger: 'pubsub' }]), []);
});

test('both wrong are two sentences, each with its flag', () => {
  assert.deepEqual(placed('us-centrall1', 'nam55').map((sentence) => sentence.split(' ')[0]), ['--region', '--firestore-location']);
});

test('the region itself and those inside a multi-region are served', () => {
  for (const pair of [['europe-west1'], ['europe-west1', 'eur3'], ['europe-west9', 'eur3'], ['us-central1', 'nam5'], ['us-east4', 'nam7'], ['asia-east1']]) {
    assert.deepEqual(placed(...pair), [], pair.join());
  }
});

test('the newest regions are known, each with a database in itself, or in the multi-region that it lies in', () => {
  for (const pair of [['europe-north2'], ['northamerica-south1'], ['asia-southeast3'], ['europe-north2', 'eur3']]) assert.deepEqual(placed(...pair), [], pair.join());
  assert.match(placed('northamerica-south1', 'nam5')[0], /give --region=us-central1, or --firestore-location=northamerica-south1\.$/);
});

test('names that somebody may have meant come nearest first, and not from afar', () => {
  assert.deepEqual(nearest('europe-west9x', ['asia-east1', 'europe-west1', 'europe-west9']), ['europe-west9', 'europe-west1']);
  assert.deepEqual(nearest('x', ['us-west1']), []);
});

const GOOD = { locationId: 'eur3', type: 'FIRESTORE_NATIVE', databaseEdition: 'STANDARD' };
const checked = (known) => databaseThatIsThere({ found: [{ kind: database, there: { database: known } }], system: { project: 'p', database: '(default)', firestoreLocation: 'eur3' } });

const DATABASES = [
  ['elsewhere', { ...GOOD, locationId: 'nam5' }, /is in nam5, not in eur3, .* give --firestore-location=nam5/],
  ['in Datastore mode', { ...GOOD, type: 'DATASTORE_MODE' }, /is in Datastore mode.*--database='\(default\)' --type=firestore-native --project=p$/],
  ['of another edition', { ...GOOD, databaseEdition: 'ENTERPRISE' }, /is of the Enterprise edition/],
];

for (const [name, known, sentence] of DATABASES) {
  test(`a database that is there ${name} is one sentence that says what to do`, () => {
    const sentences = checked(known);
    assert.equal(sentences.length, 1);
    assert.match(sentences[0], sentence);
  });
}

test('a database that is there as it should be, or not there, is no trouble', () => {
  assert.deepEqual([...checked(GOOD), ...checked(null)], []);
});
