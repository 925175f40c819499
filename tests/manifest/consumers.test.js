import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeTriggersOf, consumersIn, isForConsole, routerConsumers, routingOf } from '../../manifest/consumers.js';

const KYC = { name: 'kyc', trigger: 'pubsub', concurrency: 40, topics: { kyc: ['KycCompleted'], payments: ['PaymentSent'] }, publishes: { 'user-lifecycle': ['UserActive'] } };
const ACCESS = { name: 'access', trigger: 'pubsub', concurrency: 2, topics: { 'user-lifecycle': ['UserActive'], kyc: ['KycCompleted'] }, publishes: {} };
const CLOCK = { name: 'clock', trigger: 'schedule', publishes: { payments: ['WithdrawalExpired'] } };

test('the router delivers to functions with the trigger pubsub, 16 at once at most', () => {
  assert.deepEqual(routerConsumers([KYC, ACCESS, CLOCK], 'demo'), [
    { name: 'kyc', concurrency: 16, subscriptions: ['projects/demo/subscriptions/kyc.kyc', 'projects/demo/subscriptions/kyc.payments'] },
    { name: 'access', concurrency: 2, subscriptions: ['projects/demo/subscriptions/access.user-lifecycle', 'projects/demo/subscriptions/access.kyc'] },
  ]);
});

test('a consumer hears the topics of its settings, and a function with another trigger none', () => {
  assert.deepEqual(consumersIn([KYC, CLOCK]), ['kyc']);
});

test('each type has its consumers, and those are known that may publish follow-ups', () => {
  const { consumersOf, publishing } = routingOf([KYC, ACCESS, CLOCK]);
  assert.deepEqual(['KycCompleted', 'UserActive', 'WithdrawalExpired'].map(consumersOf), [['kyc', 'access'], ['access'], []]);
  assert.deepEqual([...publishing], ['kyc', 'clock']);
});

test('a function that hears of several collections has a trigger for each, with an id of its own', () => {
  const release = { name: 'release', trigger: 'firestore', document: 'users/{userId}', event: 'created', concurrency: 4 };
  const warehouse = { name: 'warehouse', trigger: 'firestore', documents: ['users/{id}', 'leads/{id}'], event: 'written' };
  assert.deepEqual(changeTriggersOf([KYC, release, warehouse]), [
    { name: 'release', id: 'release', concurrency: 4, document: 'users/{userId}', event: 'created' },
    { name: 'warehouse', id: 'warehouse.users', concurrency: 16, document: 'users/{id}', event: 'written' },
    { name: 'warehouse', id: 'warehouse.leads', concurrency: 16, document: 'leads/{id}', event: 'written' },
  ]);
});

test('changes for the operators\' page may wait, as many at once as in the cloud', () => {
  const pulse = { name: 'pulse', trigger: 'firestore', documents: ['users/{id}', 'leads/{id}'], event: 'written', concurrency: 250, console: true };
  assert.deepEqual([pulse, KYC].map(isForConsole), [true, false]);
  assert.deepEqual(changeTriggersOf([pulse]), ['users', 'leads'].map((collection) => (
    { name: 'pulse', id: `pulse.${collection}`, concurrency: 250, document: `${collection}/{id}`, event: 'written', mayWait: true }
  )));
});
