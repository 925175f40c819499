import assert from 'node:assert/strict';
import test from 'node:test';
import { Barrier } from '../../../local/replay/barrier.js';

const event = (name, topic, ...customers) => ({ name, topic, key: customers[0], consumers: ['one'], customers });

function taken(barrier) {
  const names = [];
  for (let next = barrier.take(); next; next = barrier.take()) names.push(next.name);
  return names;
}

function holding(...events) {
  const barrier = new Barrier();
  for (const each of events) barrier.add(each);
  return barrier;
}

const registered = event('registered', 'user-onboarding', 'U');
const approved = event('approved', 'kyc', 'U');
const paid = event('paid', 'payments', 'U');
const paidAgain = event('paidAgain', 'payments', 'U');
const created = event('created', 'leads', 'L');
const registeredFromLead = event('registeredFromLead', 'user-onboarding', 'U', 'L');

test("a customer's next event on another topic waits until the earlier one is settled", () => {
  const barrier = holding(registered, approved, paid);
  assert.deepEqual(taken(barrier), ['registered']);
  barrier.settled(registered);
  assert.deepEqual(taken(barrier), ['approved']);
  barrier.settled(approved);
  assert.deepEqual(taken(barrier), ['paid']);
});

test('events of one customer on one topic go together', () => {
  assert.deepEqual(taken(holding(paid, paidAgain)), ['paid', 'paidAgain']);
});

test('events of one customer on one topic that other consumers hear wait for each other', () => {
  const suspended = { ...event('suspended', 'operations', 'U'), consumers: ['kyc'] };
  const ordered = { ...event('ordered', 'operations', 'U'), consumers: ['payments'] };
  const barrier = holding(suspended, ordered);
  assert.deepEqual(taken(barrier), ['suspended']);
  barrier.settled(suspended);
  assert.deepEqual(taken(barrier), ['ordered']);
});

test('all events of the earlier topic must be settled, not only the last', () => {
  const barrier = holding(paid, paidAgain, approved);
  assert.deepEqual(taken(barrier), ['paid', 'paidAgain']);
  barrier.settled(paidAgain);
  assert.deepEqual(taken(barrier), []);
  barrier.settled(paid);
  assert.deepEqual(taken(barrier), ['approved']);
});

test('an event does not overtake one of its customer that waits', () => {
  const barrier = holding(paid, approved, paidAgain);
  assert.deepEqual(taken(barrier), ['paid']);
  barrier.settled(paid);
  assert.deepEqual(taken(barrier), ['approved']);
});

test('other customers go ahead', () => {
  assert.deepEqual(taken(holding(registered, approved, event('other', 'kyc', 'V'))), ['registered', 'other']);
});

test('a registration waits for its lead', () => {
  const barrier = holding(created, registeredFromLead, approved);
  assert.deepEqual(taken(barrier), ['created']);
  barrier.settled(created);
  assert.deepEqual(taken(barrier), ['registeredFromLead']);
  barrier.settled(registeredFromLead);
  assert.deepEqual(taken(barrier), ['approved']);
});

test('what waits for a lead holds up its own customer, and a later event of the lead waits too', () => {
  const contacted = event('contacted', 'leads', 'L');
  const barrier = holding(created, registeredFromLead, contacted);
  taken(barrier);
  barrier.settled(created);
  assert.deepEqual(taken(barrier), ['registeredFromLead']);
  barrier.settled(registeredFromLead);
  assert.deepEqual(taken(barrier), ['contacted']);
});

test('two customers of one lead go one after the other, though on one topic: their keys differ', () => {
  const second = event('second', 'user-onboarding', 'V', 'L');
  const barrier = holding(registeredFromLead, second);
  assert.deepEqual(taken(barrier), ['registeredFromLead']);
  barrier.settled(registeredFromLead);
  assert.deepEqual(taken(barrier), ['second']);
});

test('an event without a customer waits for nobody', () => {
  assert.deepEqual(taken(holding(registered, approved, event('nobody', 'kyc'))), ['registered', 'nobody']);
});

test('switched off, everything goes in the order of the file', () => {
  const barrier = new Barrier({ enabled: false });
  for (const each of [registered, approved, paid]) barrier.add(each);
  assert.deepEqual(taken(barrier), ['registered', 'approved', 'paid']);
  barrier.settled(registered);
});

test('the size counts what waits and what is ready, and comes back to nothing', () => {
  const barrier = holding(registered, approved);
  assert.equal(barrier.size, 2);
  taken(barrier);
  assert.equal(barrier.size, 1);
  barrier.settled(registered);
  taken(barrier);
  barrier.settled(approved);
  assert.equal(barrier.size, 0);
});
