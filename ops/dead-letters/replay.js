// Takes the keys of a plan through their replay, many at a time, each from step to step. In which order, and whether at all, the job
// says. It may be stopped between any two steps: a published letter is settled all the same, and one that wasn't is still open.
import { setTimeout as sleep } from 'node:timers/promises';

const KEYS_AT_ONCE = 500;
const STEPS_AT_ONCE = 32; // A body may have half a megabyte.
const FAILURES_TO_STOP = 10;
const LAST_LOOK_WITHIN_MS = 3000;

/** The letters that are published and not settled yet. */
export class OnTheWay {
  #sinceMs = new Map();

  sent(id) {
    this.#sinceMs.set(id, performance.now());
  }

  settled(id) {
    this.#sinceMs.delete(id);
  }

  /** { letters, longest: {id, ms} or undefined } */
  waiting() {
    const [first] = this.#sinceMs; // Maps keep the order of insertion.
    return { letters: this.#sinceMs.size, longest: first && { id: first[0], ms: performance.now() - first[1] } };
  }
}

/**
 * `keys`: [[{letter: id}]], as the job planned them. `step(state)`: takes a key's next step. `entries`: Map from id to the entry
 * that gets `isSent` and its `result`: { outcome, ... } as the job says, none if the replay was stopped before. Resolves when all keys
 * are through, or soon after `stopped` aborts.
 */
export async function replayKeys(keys, { step, entries, waits, stop, stopped, onTheWay = new OnTheWay(), onChange = () => {} }) {
  const steps = gate(STEPS_AT_ONCE);
  const underWay = new Set(); // The state of each key between its first step and its last.
  let next = 0;
  let failures = 0;

  async function work() {
    while (next < keys.length && !stopped.aborted) {
      const left = keys[next];
      next += 1;
      await carry({ left, sent: [], waitedMs: 0, pauseMs: 0 });
    }
  }

  async function carry(first) {
    let state = first;
    while (state.pauseMs !== null) {
      underWay.add(state);
      if (state.pauseMs > 0) await sleep(state.pauseMs, undefined, { signal: stopped }).catch(() => {});
      const present = state;
      const following = await steps(() => (stopped.aborted ? undefined : step(present)));
      if (following === undefined) return;
      take(following);
      if (following.fault !== undefined) {
        stop(`the letters can't be read any more (${following.fault})`);
        return;
      }
      underWay.delete(present);
      state = following;
    }
  }

  function take({ results = [] }) {
    for (const { letter, ...result } of results) {
      const entry = entries.get(letter);
      if (entry.result) continue; // Two looks at once.
      if (result.outcome === 'PUBLISHED') wasSent(entry);
      if (result.outcome !== 'PUBLISHED' || !waits) finish(entry, result);
    }
  }

  function wasSent(entry) {
    failures = 0;
    entry.isSent = true;
    if (waits) onTheWay.sent(entry.letter.id);
    onChange('SENT');
  }

  function finish(entry, result) {
    entry.result = result;
    onTheWay.settled(entry.letter.id);
    onChange(result.outcome);
    if (result.outcome !== 'FAILED') return;
    failures += 1;
    if (failures === FAILURES_TO_STOP) stop(`${FAILURES_TO_STOP} letters in a row could not be published; the last because of ${result.why}`);
  }

  /** At all that are on their way, so that what is said at the end is true at the end. Nothing more is published. */
  async function lastLook() {
    const sent = [...underWay].map((state) => ({ ...state, left: [] })).filter((state) => state.sent.length > 0);
    await Promise.all(sent.map((state) => steps(async () => take(await step(state)))));
  }

  const aborted = new Promise((resolve) => { stopped.addEventListener('abort', resolve, { once: true }); });
  const all = Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, keys.length) }, work));
  await Promise.race([all, aborted]);
  if (stopped.aborted) await Promise.race([all.then(lastLook), sleep(LAST_LOOK_WITHIN_MS)]);
}

/** Runs at most so many at once, in the order in which they came. */
function gate(limit) {
  const queue = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise((resolve) => { queue.push(resolve); });
    else running += 1;
    try {
      return await work();
    } finally {
      const following = queue.shift();
      if (following) following();
      else running -= 1;
    }
  };
}
