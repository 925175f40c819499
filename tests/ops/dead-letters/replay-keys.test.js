// How the command takes keys from step to step, with a job that the test plays.
import assert from 'node:assert/strict';
import test from 'node:test';
import { OnTheWay, replayKeys } from '../../../ops/dead-letters/replay.js';

const THROUGH = { left: [], sent: [], waitedMs: 0, pauseMs: null };
const keyOf = (...ids) => ids.map((letter) => ({ letter }));

function replayOf(keys, step, { waits = true, ...others } = {}) {
  const entries = keys.flat().map(({ letter: id }) => ({ letter: { id } }));
  const stopping = new AbortController();
  const stops = [];
  const stop = (why) => { stops.push(why); stopping.abort(); };
  const done = replayKeys(keys, {
    step: async (state) => step(state, stopping), entries: new Map(entries.map((entry) => [entry.letter.id, entry])), waits, stop, stopped: stopping.signal, ...others,
  });
  return { done, entries, stops };
}

test('each step is given what the one before it answered, until the key is through', async () => {
  const answers = [
    { left: keyOf('b'), sent: [{ letter: 'a', replays: 0 }], waitedMs: 1, pauseMs: 1, results: [{ letter: 'a', outcome: 'PUBLISHED' }] },
    { ...THROUGH, results: [{ letter: 'a', outcome: 'REPLAYED' }, { letter: 'b', outcome: 'REFUSED', why: 'why' }] },
  ];
  const seen = [];
  const { done, entries } = replayOf([keyOf('a', 'b')], (state) => {
    seen.push(state);
    return answers[seen.length - 1];
  });
  await done;
  assert.deepEqual(seen, [{ left: keyOf('a', 'b'), sent: [], waitedMs: 0, pauseMs: 0 }, answers[0]]);
  assert.deepEqual(entries.map(({ isSent, result }) => [isSent, result]), [[true, { outcome: 'REPLAYED' }], [undefined, { outcome: 'REFUSED', why: 'why' }]]);
});

test('without waiting a published letter is all that is said', async () => {
  const { done, entries } = replayOf([keyOf('a')], () => ({ ...THROUGH, results: [{ letter: 'a', outcome: 'PUBLISHED' }] }), { waits: false });
  await done;
  assert.deepEqual(entries[0].result, { outcome: 'PUBLISHED' });
});

test('once it is stopped, what is on its way is looked at once more and nothing else is published', async () => {
  const onTheWay = new OnTheWay();
  const lefts = [];
  const { done, entries } = replayOf([keyOf('a', 'b'), keyOf('c')], ({ left, sent }, stopping) => {
    lefts.push(left.map(({ letter }) => letter).join());
    if (sent.length > 0) return { ...THROUGH, results: [{ letter: 'a', outcome: 'REPLAYED' }] };
    if (left[0].letter === 'a') return { left: keyOf('b'), sent: [{ letter: 'a', replays: 0 }], waitedMs: 0, pauseMs: 60_000, results: [{ letter: 'a', outcome: 'PUBLISHED' }] };
    setTimeout(() => stopping.abort(), 10);
    return { left: keyOf('c'), sent: [], waitedMs: 0, pauseMs: 60_000, results: [] };
  }, { onTheWay });
  await done;
  assert.deepEqual(lefts, ['a,b', 'c', '']);
  assert.deepEqual(entries.map(({ result }) => result?.outcome), ['REPLAYED', undefined, undefined]);
  assert.equal(onTheWay.waiting().letters, 0);
});

test('where the letters cannot be read any more, everything stops, and what was published stays on its way', async () => {
  const { done, entries, stops } = replayOf([keyOf('a')], ({ sent }) => (sent.length > 0
    ? { left: [], sent, waitedMs: 0, pauseMs: null, results: [], fault: '7 PERMISSION_DENIED: no' }
    : { left: [], sent: [{ letter: 'a', replays: 0 }], waitedMs: 0, pauseMs: 1, results: [{ letter: 'a', outcome: 'PUBLISHED' }] }));
  await done;
  assert.deepEqual(stops, ["the letters can't be read any more (7 PERMISSION_DENIED: no)"]);
  assert.deepEqual([entries[0].isSent, entries[0].result], [true, undefined]);
});
