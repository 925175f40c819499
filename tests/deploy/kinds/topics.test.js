import assert from 'node:assert/strict';
import { test } from 'node:test';

import { topics } from '../../../deploy/kinds/topics.js';
import { aSystem, commands, said } from '../a-system.js';

const OURS = { 'managed-by': 'boma' };
const right = (name, others = {}) => ({
  name: `projects/acme-crm/topics/${name}`, labels: OURS, messageRetentionDuration: '2678400s',
  messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'], enforceInTransit: true }, ...others,
});
const ALL = ['dead-letters', 'kyc', 'user-lifecycle'];
const compare = (there, system = aSystem()) => topics.compare(there, system);
const otherwise = (others) => compare([right('dead-letters'), right('kyc', others), right('user-lifecycle')]);

test('where there is nothing, every topic is made, with its month and its one region', () => {
  const differences = compare([]);
  assert.deepEqual(said(differences), ALL.map((name) => `+ topic ${name}`));
  assert.equal(commands(differences)[1], 'pubsub topics create kyc --message-retention-duration=31d --message-storage-policy-allowed-regions=europe-west1 --message-storage-policy-enforce-in-transit --labels=managed-by=boma');
});

test('another retention is changed', () => {
  assert.deepEqual(said(otherwise({ messageRetentionDuration: '604800s' })), ['~ topic kyc: keeps messages for 7 days, not 31']);
  assert.deepEqual(commands(otherwise({ messageRetentionDuration: undefined })), ['pubsub topics update kyc --message-retention-duration=31d']);
});

test('another region, or any, is changed', () => {
  assert.deepEqual(said(otherwise({ messageStoragePolicy: { allowedPersistenceRegions: ['us-east1', 'europe-west1'] } })), ['~ topic kyc: keeps messages in us-east1, europe-west1, not in europe-west1 alone']);
  assert.deepEqual(said(otherwise({ messageStoragePolicy: undefined })), ['~ topic kyc: keeps messages in any region, not in europe-west1 alone']);
});

test('who may publish by the endpoints of other regions, out of order, is refused', () => {
  const open = { messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'] } };
  assert.deepEqual(said(otherwise(open)), ['~ topic kyc: takes messages by endpoints of other regions, which are in no order with the others']);
  assert.deepEqual(commands(otherwise(open)), ['pubsub topics update kyc --message-storage-policy-allowed-regions=europe-west1 --message-storage-policy-enforce-in-transit']);
});

test('a topic of ours that nothing knows any more is left to a person, and a stranger to himself', () => {
  const there = [...ALL.map((name) => right(name)), right('old'), right('theirs', { labels: {} })];
  assert.deepEqual(said(compare(there)).map((line) => line.slice(0, 32)), ["! topic old: is Boma's, and noth"]);
  assert.deepEqual(compare(there, aSystem({ isWhole: false })), []);
});

test('a name that somebody else has is a collision', () => {
  assert.deepEqual(topics.collisions([right('kyc', { labels: undefined })], aSystem()).map(({ what }) => what), ['topic kyc']);
});

test('where all is right there is nothing to do', () => assert.deepEqual(compare(ALL.map((name) => right(name))), []));

test('what is taken away is ours, and of a part of the functions nothing', () => {
  const there = [right('kyc'), right('user-lifecycle', { labels: {} }), right('old')];
  assert.deepEqual(topics.removal(there, aSystem()).map(({ gcloud }) => gcloud.join(' ')), ['pubsub topics delete kyc']);
  assert.deepEqual(topics.removal(there, aSystem({ isWhole: false })), []);
});
