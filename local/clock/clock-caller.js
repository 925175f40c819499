// Production's clock comes every ten minutes. Here nobody wants to wait that long: the clock is called as soon as the document is
// there that an open letter waits for. The function `release` has mostly done the work by then; transactions are the clock's alone.
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;
// A document can also be written by hand, which no delivery tells of.
const LOOK_UNASKED_MS = 3_000;
// Looking takes at most a sixth of the time: with thousands of open letters one look lasts a while.
const PAUSE_PER_LOOK = 5;

/**
 * `letters`: see letters.js; `call()` calls the clock. Letters of before this process count, too: another router may have been killed.
 */
export function clockCaller({ letters, call, lookEveryMs = LOOK_EVERY_MS, lookUnaskedMs = LOOK_UNASKED_MS }) {
  const closing = new AbortController();
  let reasons = 1; // to look, so far; and how many of them the last look was for
  let lookedFor = 0;
  let anyOpen = true;

  async function run() {
    let lookedMs = -Infinity;
    let pauseMs = lookEveryMs;
    while (await paused(pauseMs)) {
      pauseMs = lookEveryMs;
      if (!anyOpen || !(reasons > lookedFor || performance.now() - lookedMs > lookUnaskedMs)) continue;
      lookedFor = reasons;
      lookedMs = performance.now();
      try {
        await look();
      } catch (error) {
        console.error(`letters that wait were not looked at, once more in a moment: ${error.message}`);
        reasons += 1;
      }
      pauseMs = Math.max(lookEveryMs, PAUSE_PER_LOOK * (performance.now() - lookedMs));
    }
  }

  async function look() {
    const { open, due } = await letters();
    anyOpen = open > 0 || reasons > lookedFor;
    if (due.length === 0) return;
    await call();
    reasons += 1; // What isn't settled by then is looked at again.
  }

  const paused = (ms) => wait(ms, true, { signal: closing.signal }).catch(() => false);

  run();
  return {
    /** A notice of the router: each delivery may write a document, and some file a letter. */
    heard({ outcome }) {
      reasons += 1;
      anyOpen ||= outcome === 'AWAITED';
    },
    close: () => closing.abort(),
  };
}

/** Any answer but a fault of the connection is one: what the clock couldn't do it says in its own log. */
export async function callClock(url) {
  const response = await fetch(url, { method: 'POST' });
  await response.arrayBuffer();
}
