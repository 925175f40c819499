import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { drawn, faultyRouter } from '../../../local/faults/faulty-router.js';

const NO_DELAY = { least: 0, most: 0 };
const message = (number, attempt = 1) => ({ eventId: `event-${number}`, messageId: String(number), attempt });
const acked = { status: 204, outcome: 'APPLIED' };

/** A router with faults at these rates, before a function that records its deliveries and answers when `answer` does. */
function around(rates, { answer = async () => acked, delayMs = NO_DELAY } = {}) {
  const seen = { delivered: [], struck: [], copies: [] };
  const router = faultyRouter({
    seed: 's', rates, delayMs, onStruck: (name) => seen.struck.push(name), onCopy: (consumer, copy, { outcome }) => seen.copies.push([consumer, copy.eventId, outcome]),
  });
  const deliver = router.around('kyc', (each) => {
    seen.delivered.push(`${each.eventId}/${each.attempt}`);
    return answer(each);
  });
  return { seen, router, deliver };
}

test('the same seed, consumer, event and attempt meet the same, and nothing else decides', () => {
  const plan = { seed: 's', rates: { duplicate: 0.3, status: 0.3, delay: 0.3 }, delayMs: { least: 1, most: 1000 } };
  const met = (what, consumer, ...event) => { const { strikes, ...how } = drawn({ ...plan, ...what }, consumer, message(...event)); return JSON.stringify([[...strikes], how]); };
  const all = Array.from({ length: 50 }, (_, number) => met({}, 'kyc', number));
  assert.deepEqual(Array.from({ length: 50 }, (_, number) => met({}, 'kyc', 49 - number)).toReversed(), all);
  for (const others of [(number) => met({ seed: 't' }, 'kyc', number), (number) => met({}, 'access', number), (number) => met({}, 'kyc', number, 2)]) {
    assert.notDeepEqual(all.map((_, number) => others(number)), all);
  }
  // One rate more takes nothing from the others.
  const strikes = (rates) => all.map((_, number) => [...drawn({ ...plan, rates }, 'kyc', message(number)).strikes].includes('status'));
  assert.deepEqual(strikes({ status: 0.3 }), strikes(plan.rates));
});

test('each fault strikes as often as its rate says', () => {
  const rates = { duplicate: 0.05, twin: 0.5, status: 1 };
  const counts = { duplicate: 0, twin: 0, status: 0, delay: 0 };
  for (let number = 0; number < 4000; number += 1) for (const name of drawn({ seed: 's', rates, delayMs: NO_DELAY }, 'kyc', message(number)).strikes) counts[name] += 1;
  assert.ok(counts.duplicate > 140 && counts.duplicate < 260 && counts.twin > 1850 && counts.twin < 2150, JSON.stringify(counts));
  assert.deepEqual([counts.status, counts.delay], [4000, 0]);
});

test('without a fault the answer comes as it is', async () => {
  const { seen, deliver } = around({});
  assert.deepEqual(await deliver(message(1)), acked);
  assert.deepEqual(seen, { delivered: ['event-1/1'], struck: [], copies: [] });
});

test('status: the function never hears of it; lost: it does, and the answer is nobody\'s', async () => {
  const refusing = around({ status: 1 });
  assert.equal((await refusing.deliver(message(1))).status, 503);
  assert.deepEqual(refusing.seen.delivered, []);
  const losing = around({ lost: 1 });
  assert.equal((await losing.deliver(message(1))).status, 0);
  assert.deepEqual(losing.seen.delivered, ['event-1/1']);
});

test('twin: it is delivered twice at the same moment, and the router knows until both are done', async () => {
  const ends = [];
  const { seen, router, deliver } = around({ twin: 1 }, { answer: () => new Promise((resolve) => ends.push(resolve)) });
  const answer = deliver(message(1));
  while (ends.length < 2) await turn();
  assert.deepEqual(seen.delivered.toSorted(), ['event-1/1', 'event-1/2']);
  assert.deepEqual(router.withCopies({ inFlight: 1, queued: 2 }), { inFlight: 2, queued: 2 });
  for (const end of ends) end(acked);
  assert.deepEqual(await answer, acked);
  while (seen.copies.length === 0) await turn();
  assert.equal(router.withCopies({ inFlight: 0 }).inFlight, 0);
});

test('duplicate: what was acknowledged comes once more, and what was not comes anyhow', async () => {
  const { seen, router, deliver } = around({ duplicate: 1 });
  assert.deepEqual(await deliver(message(1)), acked);
  assert.equal(router.withCopies({ inFlight: 0 }).inFlight, 1);
  while (seen.copies.length === 0) await wait(20);
  assert.deepEqual([seen.delivered, seen.copies], [['event-1/1', 'event-1/2'], [['kyc', 'event-1', 'APPLIED']]]);
  assert.equal(router.withCopies({ inFlight: 0 }).inFlight, 0);
  const failing = around({ duplicate: 1 }, { answer: async () => ({ status: 500, outcome: 'FAULT' }) });
  await failing.deliver(message(1));
  assert.deepEqual(failing.seen.struck, []);
});

test('reorder: later ones go first; where none comes, it goes after a while and nothing has struck', async () => {
  const first = { rates: { reorder: 0.5 }, numbers: Array.from({ length: 200 }, (_, number) => number) };
  const strikes = (number) => drawn({ seed: 's', rates: first.rates, delayMs: NO_DELAY }, 'kyc', message(number)).strikes.has('reorder');
  const held = first.numbers.find(strikes);
  const others = first.numbers.filter((number) => !strikes(number)).slice(0, 5);
  const { seen, deliver } = around(first.rates);
  const answer = deliver(message(held));
  for (const number of others) await deliver(message(number));
  await answer;
  assert.deepEqual(seen.struck, ['reorder']);
  assert.ok(seen.delivered.indexOf(`event-${held}/1`) > 0, seen.delivered.join());
  const alone = around(first.rates);
  await alone.deliver(message(held));
  assert.deepEqual([alone.seen.struck, alone.seen.delivered], [[], [`event-${held}/1`]]);
});

test('delay: it comes late by no less than was drawn', async () => {
  const { deliver } = around({ delay: 1 }, { delayMs: { least: 60, most: 80 } });
  const startedMs = performance.now();
  await deliver(message(1));
  assert.ok(performance.now() - startedMs >= 58);
});
