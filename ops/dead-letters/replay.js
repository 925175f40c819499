// Carries out a planned replay: keys side by side, the letters of one key one after the other. It may be stopped at any
// point: a letter that was published and not waited for is settled all the same, and one that wasn't is still open.
import { lanesOf } from './plan.js';

const KEYS_AT_ONCE = 500;
const SENDING_AT_ONCE = 32; // A body may have half a megabyte.
const FAILURES_TO_STOP = 10;
const LEFT_BEHIND = new Set(['UNSETTLED', 'GONE', 'FAILED']);

/**
 * `read(id)` -> { letter, body }, `publish({letter, body, topic})`, `settled(letter)` -> { outcome, ... } or undefined not to
 * wait. `refusal(letter)`: why a letter that changed since the plan may not go, or undefined. Each entry gets its `result`:
 * REPLAYED, RETURNED, PUBLISHED, REFUSED, UNSETTLED, GONE, FAILED, or HELD behind one of the last three; none if the
 * replay was stopped before; `isSent` says then whether it was published. Resolves when all are through or `stopped` aborts.
 */
export async function replayLetters(entries, { read, publish, settled, refusal, stop, stopped, onChange = () => {} }) {
  const lanes = lanesOf(entries);
  const sending = gate(SENDING_AT_ONCE);
  let next = 0;
  let failures = 0;

  async function work() {
    while (next < lanes.length && !stopped.aborted) {
      const lane = lanes[next];
      next += 1;
      await carry(lane);
    }
  }

  async function carry(lane) {
    for (const [index, entry] of lane.entries()) {
      if (stopped.aborted) return;
      const result = await replayed(entry);
      if (stopped.aborted && result === undefined) return;
      finish(entry, result);
      if (LEFT_BEHIND.has(result.outcome)) {
        for (const held of lane.slice(index + 1)) finish(held, { outcome: 'HELD', why: entry.letter.id });
        return;
      }
    }
  }

  function wasSent(entry) {
    entry.isSent = true;
    onChange('SENT');
  }

  function finish(entry, result) {
    entry.result = result;
    onChange(result.outcome);
  }

  async function replayed(entry) {
    const sent = await sending(() => send(entry));
    if (sent?.outcome) return sent;
    return sent && (settled ? settled(sent.letter) : { outcome: 'PUBLISHED' });
  }

  async function send(entry) {
    const { letter: { id }, topic } = entry;
    if (stopped.aborted) return undefined;
    try {
      const found = await read(id);
      if (!found) return { outcome: 'GONE' };
      // An earlier replay, stopped before it was settled, has come to its end meanwhile.
      if (found.letter.status === 'REPLAYED') return { outcome: 'REPLAYED' };
      const why = refusal(found.letter);
      if (why) return { outcome: 'REFUSED', why };
      if (stopped.aborted) return undefined;
      await publish({ ...found, topic });
      failures = 0;
      wasSent(entry);
      return { letter: found.letter };
    } catch (error) {
      failures += 1;
      if (failures >= FAILURES_TO_STOP) stop(`${FAILURES_TO_STOP} letters in a row could not be published; the last because of ${error.message}`);
      return { outcome: 'FAILED', why: error.message };
    }
  }

  const aborted = new Promise((resolve) => { stopped.addEventListener('abort', resolve, { once: true }); });
  await Promise.race([Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, lanes.length) }, work)), aborted]);
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
