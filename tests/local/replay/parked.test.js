import assert from 'node:assert/strict';
import test from 'node:test';
import { Parked } from '../../../local/replay/parked.js';

const pair = (name, ...customers) => ({ name, customers });
const names = (pairs) => pairs.map(({ name }) => name).sort();

test('a pair is found by each of its customers, and once', () => {
  const parked = new Parked();
  parked.add(pair('registration', 'customer', 'lead'));
  assert.equal(parked.has(['another']), false);
  assert.equal(parked.has(['lead']), true);
  assert.deepEqual(names(parked.take(['customer', 'lead'])), ['registration']);
  assert.equal(parked.has(['lead']), false);
  assert.equal(parked.isEmpty, true);
});

test('others stay', () => {
  const parked = new Parked();
  for (const each of [pair('a', 'one'), pair('b', 'one', 'two'), pair('c', 'two')]) parked.add(each);
  assert.deepEqual(names(parked.take(['one'])), ['a', 'b']);
  assert.equal(parked.has(['two']), true);
  assert.deepEqual(names(parked.take()), ['c']);
  assert.equal(parked.isEmpty, true);
});
