// Kills parts of the stack again and again, at moments that the seed draws, for as long as deliveries are in flight.
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from './seeded-random.js';

const LOOK_EVERY_MS = 10;
const LONGEST_DOWN_MS = 300;

/**
 * `kills`: { part: { everyMs, most } }. `isBusy()` resolves with whether a delivery is in flight; `restart(part, downForMs)` kills and
 * starts again. Returns { stop() }; what fails meanwhile goes to `onFailure`.
 */
export function startKilling({ seed, kills, isBusy, restart, onStruck, onFailure }) {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function again(part, { everyMs, most }) {
    const random = seededRandom(`${seed}/kill-${part}`);
    for (let killed = 0; killed < most && !signal.aborted; killed += 1) {
      const afterMs = random.between(everyMs / 2, everyMs * 1.5);
      const downForMs = random.below(LONGEST_DOWN_MS);
      // The time runs from when something is delivered again. Else it would be up while the streams of a dead router still last,
      // the next router would be killed at its first delivery, and nothing would ever be done.
      await busy();
      await wait(afterMs, undefined, { signal });
      await busy();
      onStruck(`kill-${part}`);
      await restart(part, downForMs);
    }
  }

  async function busy() {
    while (!await isBusy()) await wait(LOOK_EVERY_MS, undefined, { signal });
    signal.throwIfAborted();
  }

  for (const [part, how] of Object.entries(kills)) {
    again(part, how).catch((error) => { if (!signal.aborted) onFailure(error); });
  }
  return { stop: () => stopping.abort() };
}
