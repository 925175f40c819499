// The clock is called as soon as a letter's document is there, and not for letters that wait in vain.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { clockCaller, releasedByTrigger } from '../../local/clock/clock-caller.js';
import { until } from '../stack/until.js';

const AT_ONCE = { lookEveryMs: 1, lookUnaskedMs: 60_000 };

/** Letters by name, each with whether its document is there; the clock releases those. */
function calling(letters, settings) {
  const seen = { looks: 0, calls: 0 };
  const caller = clockCaller({
    ...AT_ONCE,
    hasTrigger: () => false,
    ...settings,
    letters: async () => {
      seen.looks += 1;
      return { open: letters.size, due: new Map([...letters].filter(([, isThere]) => isThere).map(([name]) => [name, `of-${name}/1`])) };
    },
    call: async () => {
      seen.calls += 1;
      for (const [name, isThere] of letters) if (isThere) letters.delete(name);
    },
  });
  return { ...caller, seen };
}

test('letters of before are looked at, and where none is open nobody looks again', async () => {
  const { seen, heard, close } = calling(new Map());
  await until('a look', () => seen.looks === 1, { everyMs: 1 });
  heard({ outcome: 'APPLIED' });
  await wait(50);
  close();
  assert.deepEqual(seen, { looks: 1, calls: 0 });
});

test('what is applied while nobody waits makes nobody look, also during a look', async (t) => {
  let looks = 0;
  const caller = clockCaller({
    ...AT_ONCE,
    hasTrigger: () => false,
    call: async () => {},
    letters: async () => {
      looks += 1;
      caller.heard({ outcome: 'APPLIED' });
      await wait(5);
      return { open: 0, due: new Map() };
    },
  });
  t.after(caller.close);
  await until('a look', () => looks === 1, { everyMs: 1 });
  for (let heard = 0; heard < 10; heard += 1) {
    caller.heard({ outcome: 'APPLIED' });
    await wait(5);
  }
  assert.equal(looks, 1);
  caller.heard({ outcome: 'FAULT' });
  await until('another look', () => looks === 2, { everyMs: 1 });
});

test('however long the clock takes, what its work made possible is looked at right after it', async (t) => {
  const TAKES_MS = 500;
  const ended = [];
  const began = [];
  const caller = clockCaller({
    ...AT_ONCE,
    hasTrigger: () => false,
    letters: async () => ({ open: 1, due: new Map([['a', 'transactions/1']]) }),
    call: async () => {
      began.push(performance.now());
      await wait(TAKES_MS);
      ended.push(performance.now());
    },
  });
  t.after(caller.close);
  await until('a second call', () => began.length === 2, { everyMs: 1 });
  assert.ok(began[1] - ended[0] < 2 * TAKES_MS, `${began[1] - ended[0]} ms after a call of ${TAKES_MS} ms`);
});

test('a letter whose document comes by a delivery is released', async () => {
  const letters = new Map();
  const { seen, heard, close } = calling(letters);
  letters.set('a', false);
  heard({ outcome: 'AWAITED' });
  await until('a look', () => seen.looks > 0, { everyMs: 1 });
  await wait(50);
  assert.equal(seen.calls, 0);
  letters.set('a', true);
  heard({ outcome: 'APPLIED' });
  await until('released', () => letters.size === 0, { everyMs: 1 });
  close();
  assert.equal(seen.calls, 1);
});

test('a document that somebody writes by hand is seen, too', async () => {
  const letters = new Map([['a', false]]);
  const { seen, close } = calling(letters, { lookUnaskedMs: 20 });
  await until('a look', () => seen.looks > 0, { everyMs: 1 });
  letters.set('a', true);
  await until('released', () => letters.size === 0, { everyMs: 1 });
  close();
});

test('what a function is triggered for is left to it for a while', async () => {
  const letters = new Map([['triggered', true]]);
  const { seen, heard, close } = calling(letters, { lookUnaskedMs: 5, hasTrigger: (path) => path === 'of-triggered/1', leftToTriggerMs: 60_000 });
  await until('three looks', () => seen.looks >= 3, { everyMs: 1 });
  assert.equal(seen.calls, 0);
  letters.set('other', true);
  heard({ outcome: 'AWAITED' });
  await until('released', () => letters.size === 0, { everyMs: 1 });
  close();
  assert.equal(seen.calls, 1);
});

test('what its function hasn\'t released by then is', async () => {
  const letters = new Map([['a', true]]);
  const { seen, close } = calling(letters, { lookUnaskedMs: 5, hasTrigger: () => true, leftToTriggerMs: 30 });
  await until('released', () => letters.size === 0, { everyMs: 1 });
  close();
  assert.ok(seen.looks > 1, 'left to it at first');
});

test('a look that fails is repeated', async () => {
  let looks = 0;
  const caller = clockCaller({
    ...AT_ONCE,
    hasTrigger: () => false,
    call: async () => {},
    letters: async () => {
      looks += 1;
      if (looks === 1) throw new Error('14 UNAVAILABLE');
      return { open: 0, due: new Map() };
    },
  });
  await until('two looks', () => looks === 2, { everyMs: 1 });
  caller.close();
});

test('a function that hears of every change releases no letters, so the clock does', () => {
  const hasTrigger = releasedByTrigger([{ document: 'users/{userId}', event: 'created' }, { document: 'users/{id}', event: 'written' }, { document: 'transactions/{id}', event: 'written' }]);
  assert.deepEqual(['users/u-1', 'transactions/t-1', 'leads/l-1'].map(hasTrigger), [true, false, false]);
});
