// Production's clock comes every ten minutes. Here nobody wants to wait that long: the clock is called as soon as the document is
// there that an open letter waits for. Where a function is triggered by that document, the letter is left to it for a while; else both
// would replay it, and one of the two deliveries would be for nothing.
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;
// A document can also be written by hand, which no delivery tells of.
const LOOK_UNASKED_MS = 3_000;
// Looking takes at most a sixth of the time: with thousands of open letters one look lasts a while. How long the clock takes is no
// reason to wait: what it released may be what the next letter waits for.
const PAUSE_PER_LOOK = 5;
const LEFT_TO_TRIGGER_MS = 10_000;

/**
 * `letters`: see letters.js; `call()` calls the clock; `hasTrigger(path)`: whether a function hears of that document. Letters of before
 * this process count, too: another router may have been killed.
 */
export function clockCaller({
  letters, call, hasTrigger, lookEveryMs = LOOK_EVERY_MS, lookUnaskedMs = LOOK_UNASKED_MS, leftToTriggerMs = LEFT_TO_TRIGGER_MS,
}) {
  const closing = new AbortController();
  let reasons = 1; // to look, so far; and how many of them the last look was for
  let lookedFor = 0;
  let filed = 1; // Letters that may have been filed, so far.
  let anyOpen = true;
  let dueSince = new Map(); // Letter -> when it was first seen with its document there.

  async function run() {
    let lookedMs = -Infinity;
    let pauseMs = lookEveryMs;
    while (await paused(pauseMs)) {
      pauseMs = lookEveryMs;
      if (!anyOpen || !(reasons > lookedFor || performance.now() - lookedMs > lookUnaskedMs)) continue;
      lookedFor = reasons;
      lookedMs = performance.now();
      try {
        const due = await look();
        pauseMs = Math.max(lookEveryMs, PAUSE_PER_LOOK * (performance.now() - lookedMs));
        if (!due) continue;
        await call();
        reasons += 1; // What isn't settled by then, and what waited for what came of it, is looked at again.
      } catch (error) {
        console.error(`letters that wait were not looked at, once more in a moment: ${error.message}`);
        reasons += 1;
      }
    }
  }

  /** Whether the clock has something to do. */
  async function look() {
    const filedBefore = filed;
    const { open, due } = await letters();
    anyOpen = open > 0 || filed > filedBefore; // One that was filed meanwhile may not have been seen.
    const nowMs = performance.now();
    dueSince = new Map([...due.keys()].map((letter) => [letter, dueSince.get(letter) ?? nowMs]));
    const isTheClocks = ([letter, awaits]) => !hasTrigger(awaits) || nowMs - dueSince.get(letter) >= leftToTriggerMs;
    return [...due].some(isTheClocks);
  }

  const paused = (ms) => wait(ms, true, { signal: closing.signal }).catch(() => false);

  run();
  return {
    /** A notice of the router: each delivery may write a document, some file a letter, and one whose answer was lost may have. */
    heard({ outcome }) {
      reasons += 1;
      if (outcome !== 'AWAITED' && outcome !== 'FAULT') return;
      filed += 1;
      anyOpen = true;
    },
    close: () => closing.abort(),
  };
}

/** `hasTrigger`, of Eventarc's triggers: functions that release letters hear that a document is created, others of other changes. */
export function releasedByTrigger(triggers) {
  const collectionOf = (path) => path.slice(0, path.indexOf('/'));
  const releasing = new Set(triggers.filter(({ event }) => event === 'created').map(({ document }) => collectionOf(document)));
  return (path) => releasing.has(collectionOf(path));
}

/** Any answer but a fault of the connection is one: what the clock couldn't do it says in its own log. */
export async function callClock(url) {
  const response = await fetch(url, { method: 'POST' });
  await response.arrayBuffer();
}
