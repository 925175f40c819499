import assert from 'node:assert/strict';
import test from 'node:test';
import { recount } from '../../../local/run/recount.js';

const hears = { KycCompleted: ['kyc'], UserActive: ['access'], UserRegistered: ['profile', 'leads'], Unheard: [] };
const consumersOf = (type) => hears[type];
const line = (id, type, hash = `hash-${id}`) => ({ id, type, hash });
const record = (outcome = 'APPLIED', ...followUps) => ({ outcome, followUps });

function counted({ sent, records = {}, letters = {} }) {
  return recount({ sent, consumersOf, records: new Map(Object.entries(records)), letters: new Map(Object.entries(letters)) });
}

test('a pair without a record and without a letter is lost', () => {
  const { lost, applied } = counted({ sent: [line('e', 'UserRegistered')], records: { 'profile.e': record() } });
  assert.deepEqual(lost, [{ consumer: 'leads', id: 'e', type: 'UserRegistered' }]);
  assert.equal(applied, 1);
});

test('a follow-up that nobody recorded is lost', () => {
  const { lost, followUps } = counted({ sent: [line('e', 'KycCompleted')], records: { 'kyc.e': record('APPLIED', line('f', 'UserActive')) } });
  assert.deepEqual(lost, [{ consumer: 'access', id: 'f', type: 'UserActive' }]);
  assert.equal(followUps, 1);
});

test('the record of another consumer does not count', () => {
  assert.equal(counted({ sent: [line('e', 'KycCompleted')], records: { 'access.e': record() } }).lost.length, 1);
});

test("another body's letter does not count", () => {
  const sent = [line('e', 'KycCompleted', 'one'), line('e', 'KycCompleted', 'two')];
  const { lost, deadLetters } = counted({ sent, letters: { 'kyc.one': {} } });
  assert.equal(lost.length, 1);
  assert.equal(deadLetters, 1);
});

test('an event without an id can have a letter', () => {
  assert.deepEqual(counted({ sent: [line(undefined, 'KycCompleted', 'h')], letters: { 'kyc.h': {} } }).lost, []);
  assert.equal(counted({ sent: [line(undefined, 'KycCompleted', 'h')] }).lost.length, 1);
});

test('a line that stands three times is one pair', () => {
  const sent = [1, 2, 3].map(() => line('e', 'KycCompleted'));
  const result = counted({ sent, records: { 'kyc.e': record('APPLIED', line('f', 'UserActive')), 'access.f': record() } });
  assert.deepEqual({ applied: result.applied, pairs: result.pairs, followUps: result.followUps, lost: result.lost }, { applied: 2, pairs: 2, followUps: 1, lost: [] });
});

test('outcomes are told apart, and a refused pair with its letter counts once as refused', () => {
  const { applied, ignored, refused, deadLetters } = counted({
    sent: [line('a', 'KycCompleted'), line('b', 'KycCompleted'), line('c', 'KycCompleted')],
    records: { 'kyc.a': record('APPLIED'), 'kyc.b': record('IGNORED'), 'kyc.c': record('REFUSED') },
    letters: { 'kyc.hash-c': {} },
  });
  assert.deepEqual({ applied, ignored, refused, deadLetters }, { applied: 1, ignored: 1, refused: 1, deadLetters: 1 });
});

test('what nobody can read has a letter of each consumer that got it', () => {
  const { deadLetters, lost } = counted({ sent: [line('a', 'KycCompleted')], letters: { 'kyc.hash-a': {}, 'profile.hash-a': {} } });
  assert.deepEqual({ deadLetters, lost }, { deadLetters: 2, lost: [] });
});

test('a letter that waits is counted as one that awaits; where its document is there, its pair is lost', () => {
  const sent = [line('a', 'KycCompleted'), line('b', 'KycCompleted'), line('c', 'KycCompleted')];
  const letters = { 'kyc.hash-a': { awaits: 'users/a' }, 'kyc.hash-b': { awaits: 'users/b', isDue: true }, 'kyc.hash-c': {} };
  const { awaited, deadLetters, lost } = counted({ sent, letters });
  assert.deepEqual({ awaited, deadLetters, lost }, { awaited: 2, deadLetters: 3, lost: [{ consumer: 'kyc', id: 'b', type: 'KycCompleted' }] });
});

test('records and letters of other runs are not counted', () => {
  const { applied, deadLetters } = counted({ sent: [line('a', 'Unheard')], records: { 'kyc.x': record() }, letters: { 'kyc.y': {} } });
  assert.deepEqual({ applied, deadLetters }, { applied: 0, deadLetters: 0 });
});

test('of one body that nobody can read there may be a letter of each message', () => {
  const { deadLetters, lost } = counted({ sent: [line(undefined, 'KycCompleted', 'h'), line(undefined, 'KycCompleted', 'h')], letters: { 'kyc.h': { count: 2 } } });
  assert.deepEqual({ deadLetters, lost }, { deadLetters: 2, lost: [] });
});
