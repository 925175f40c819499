import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAULTS, LATE, faultPlan } from '../../../local/faults/plan.js';
import { seededRandom } from '../../../local/faults/seeded-random.js';

const DECK = { calls: 60, ...Object.fromEntries(FAULTS.map((fault) => [fault, 2])), [LATE]: 1 };
const dealt = (plan, method, count) => Array.from({ length: count }, () => plan.decide(method));

test('the same seed decides the same for each call, whatever other methods are called in between', () => {
  const alone = dealt(faultPlan({ seed: 7, decks: { Commit: DECK } }), 'Commit', 150);
  const plan = faultPlan({ seed: 7, decks: { Commit: DECK, Publish: DECK } });
  const among = alone.map((_, index) => {
    for (let other = 0; other < index % 3; other += 1) plan.decide('Publish');
    return plan.decide('Commit');
  });
  assert.deepEqual(among, alone);
});

test('another seed, another method and another deck come in another order', () => {
  const first = dealt(faultPlan({ seed: 7, decks: { Commit: DECK } }), 'Commit', 120);
  const shown = (cards) => cards.map((card) => `${card?.fault} ${card?.when}`).join();
  const orders = [
    first.slice(0, 60), first.slice(60),
    dealt(faultPlan({ seed: 8, decks: { Commit: DECK } }), 'Commit', 60),
    dealt(faultPlan({ seed: 7, decks: { Publish: DECK } }), 'Publish', 60),
  ];
  assert.equal(new Set(orders.map(shown)).size, 4);
});

test('each deck holds every fault as often as it says, before as well as after', () => {
  const plan = faultPlan({ seed: 1, decks: { Commit: DECK } });
  for (let deck = 0; deck < 5; deck += 1) {
    const cards = dealt(plan, 'Commit', DECK.calls).filter(Boolean);
    for (const fault of FAULTS) {
      for (const when of ['before', 'after']) assert.equal(cards.filter((card) => card.fault === fault && card.when === when).length, 2, `${fault} ${when}`);
    }
    assert.deepEqual(cards.filter(({ fault }) => fault === LATE), [{ fault: LATE, when: 'before' }]);
    for (const { fault, delayMs } of cards) assert.equal(delayMs > 0, fault === 'delay');
  }
});

test('a method without a deck is left alone, even one that every object has', () => {
  const plan = faultPlan({ seed: 1, decks: { Commit: DECK } });
  assert.deepEqual([...dealt(plan, 'Rollback', 100), ...dealt(plan, 'toString', 100)].filter(Boolean), []);
});

test('a deck that is too small, and a fault that there is not, are refused', () => {
  assert.throws(() => faultPlan({ seed: 1, decks: { Commit: { calls: 3, drop: 2 } } }).decide('Commit'), /4 faults don't fit into a deck of 3 calls/);
  assert.throws(() => faultPlan({ seed: 1, decks: { Commit: { calls: 3, explode: 1 } } }).decide('Commit'), /no such fault: explode/);
});

test('what struck is counted by method, fault and when', () => {
  const plan = faultPlan({ seed: 1, decks: { Commit: DECK } });
  plan.decide('Commit');
  assert.deepEqual([plan.struck(), plan.calls()], [{}, { Commit: 1 }]);
  for (const when of ['after', 'after', 'before']) plan.noteStruck('Commit', { fault: 'drop', when });
  assert.deepEqual(plan.struck(), { Commit: { 'drop after': 2, 'drop before': 1 } });
});

test('the draws of a text are spread evenly, and a shuffled list keeps what was in it', () => {
  const random = seededRandom('evenly');
  const counts = Array.from({ length: 10 }, () => 0);
  for (let draw = 0; draw < 10_000; draw += 1) counts[random.below(10)] += 1;
  for (const count of counts) assert.ok(count > 850 && count < 1150, counts.join());
  const list = Array.from({ length: 50 }, (_, index) => index);
  const shuffled = random.shuffled(list);
  assert.notDeepEqual(shuffled, list);
  assert.deepEqual(shuffled.toSorted((a, b) => a - b), list);
});
