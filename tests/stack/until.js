// Waiting in tests.
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Resolves with the first truthy answer of `look`, which may be asynchronous. Throws after `withinMs`; `what` is the text that
 * the error names, or a function that returns it then.
 */
export async function until(what, look, { withinMs = 60_000, everyMs = 50 } = {}) {
  const giveUpAtMs = Date.now() + withinMs;
  for (;;) {
    const answer = await look();
    if (answer) return answer;
    if (Date.now() >= giveUpAtMs) throw new Error(`not within ${withinMs / 1000} s: ${typeof what === 'function' ? what() : what}`);
    await wait(everyMs);
  }
}
