// Waits until published letters are settled: the function rewrites the letter in the same Commit in which it decides, so
// the letter itself says what came of it.
import { setTimeout as wait } from 'node:timers/promises';
import { slices } from '../../local/slices.js';

const FIRST_LOOK_AFTER_MS = 40;
const LOOK_LESS_OFTEN = 1.5;
const LONGEST_PAUSE_MS = 2000;
const AT_ONCE = 300;
const LAST_LOOK_WITHIN_MS = 3000;

/** What became of a letter since it was `before`; undefined if nothing yet. Pure. */
export function settledAs(before, now) {
  if (!now) return { outcome: 'GONE' };
  if (now.status === 'REPLAYED') return { outcome: 'REPLAYED' };
  if (now.replays > before.replays) return { outcome: 'RETURNED', kind: now.kind, reason: now.reason };
  return undefined;
}

/** `read(ids)` -> Map of letters. `onBroken(error)` is called once, when they can't be read any more. */
export class Settlement {
  #read;
  #withinMs;
  #onBroken;
  #waiting = new Map(); // id -> { before, sinceMs, dueMs, pauseMs, resolve }
  #timer;
  #looking = false;

  constructor({ read, withinMs, onBroken }) {
    this.#read = read;
    this.#withinMs = withinMs;
    this.#onBroken = onBroken;
  }

  /** Resolves with { outcome: REPLAYED | RETURNED | GONE | UNSETTLED, ... }. */
  of(before) {
    return new Promise((resolve) => {
      const sinceMs = performance.now();
      this.#waiting.set(before.id, { before, sinceMs, dueMs: sinceMs + FIRST_LOOK_AFTER_MS, pauseMs: FIRST_LOOK_AFTER_MS, resolve });
      this.#schedule();
    });
  }

  /** How many wait, and which has waited longest: { letters, longest: {id, ms} or undefined }. */
  waiting() {
    const [first] = this.#waiting.values(); // Maps keep the order of insertion.
    return { letters: this.#waiting.size, longest: first && { id: first.before.id, ms: performance.now() - first.sinceMs } };
  }

  /** Looks once more at all letters that wait, so that the final report is current; unless that takes too long. */
  async lastLook() {
    clearTimeout(this.#timer);
    for (const waiting of this.#waiting.values()) waiting.dueMs = 0;
    await Promise.race([this.#look(), wait(LAST_LOOK_WITHIN_MS)]);
  }

  close() {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #schedule() {
    if (this.#looking || this.#waiting.size === 0) return;
    let earliestMs = Infinity;
    for (const { dueMs } of this.#waiting.values()) earliestMs = Math.min(earliestMs, dueMs);
    clearTimeout(this.#timer);
    // Letters that fall due within the next moment are read together.
    this.#timer = setTimeout(() => this.#look(), Math.max(FIRST_LOOK_AFTER_MS / 2, earliestMs - performance.now()));
  }

  async #look() {
    this.#looking = true;
    try {
      const nowMs = performance.now();
      const due = [...this.#waiting.values()].filter(({ dueMs }) => dueMs <= nowMs).map(({ before }) => before.id);
      for (const ids of slices(due, AT_ONCE)) {
        const letters = await this.#read(ids);
        for (const id of ids) this.#seen(id, letters.get(id));
      }
    } catch (error) {
      this.close();
      this.#onBroken(error);
    } finally {
      this.#looking = false;
      this.#schedule();
    }
  }

  #seen(id, letter) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return; // Closed meanwhile.
    const nowMs = performance.now();
    const settled = settledAs(waiting.before, letter) ?? (nowMs - waiting.sinceMs > this.#withinMs ? { outcome: 'UNSETTLED' } : undefined);
    if (settled) {
      this.#waiting.delete(id);
      waiting.resolve(settled);
      return;
    }
    waiting.dueMs = nowMs + waiting.pauseMs;
    waiting.pauseMs = Math.min(LONGEST_PAUSE_MS, waiting.pauseMs * LOOK_LESS_OFTEN);
  }
}
