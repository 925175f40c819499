// Faults of the router: deliveries that are late, duplicated, reordered across keys, refused, or whose answer is lost. They wrap
// the router's own delivery function, which doesn't know of them.
//
// The faults of a delivery depend on the seed, its consumer, its event and its attempt alone. So the same seed does the same
// to the same event, however busy the machine is and however often the router was restarted. A change of a document, whose event has
// another id in each run, is known by the document and how often it has changed.
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from './seeded-random.js';
import { ROUTER_FAULTS } from './spec.js';

const LATEST_COPY_MS = 2000;
const MOST_OVERTAKING = 5;
const LONGEST_HELD_MS = 500; // Where nothing comes that could overtake.
const REFUSED = { status: 503, outcome: 'FAULT' };
const UNHEARD = { status: 0, outcome: 'FAULT' };

/** The faults that strike one delivery: { strikes: Set of names, delayMs, copyAfterMs, overtakenBy }. */
export function drawn({ seed, rates, delayMs }, consumer, { eventId, messageId, change, attempt }) {
  const random = seededRandom(`${seed}/${consumer}/${change ?? eventId ?? messageId}/${attempt}`);
  // Everything is drawn every time, so that one rate more or less changes nothing for the others.
  const strikes = new Set(ROUTER_FAULTS.filter((name) => random.fraction() < (rates[name] ?? 0)));
  return {
    strikes,
    delayMs: random.between(delayMs.least, delayMs.most),
    copyAfterMs: random.below(LATEST_COPY_MS),
    overtakenBy: random.between(1, MOST_OVERTAKING),
  };
}

/** `onStruck(name)` is called when a fault has struck, `onCopy(consumer, message, answer, startedMs)` when a duplicate was delivered. */
export function faultyRouter({ seed, rates, delayMs, onStruck, onCopy }) {
  let copies = 0; // scheduled or in flight

  function around(consumer, deliver) {
    const { passed, overtaken } = traffic();

    async function deliverCopy(message, afterMs) {
      copies += 1;
      await wait(afterMs);
      const startedMs = performance.now();
      const copy = { ...message, attempt: message.attempt + 1 };
      onCopy(consumer, copy, await deliver(copy), startedMs);
      copies -= 1;
    }

    return async (message) => {
      const { strikes, ...how } = drawn({ seed, rates, delayMs }, consumer, message);
      const doesStrike = (name) => {
        if (strikes.has(name)) onStruck(name);
        return strikes.has(name);
      };
      if (doesStrike('delay')) await wait(how.delayMs);
      if (strikes.has('reorder') && await overtaken(how.overtakenBy)) onStruck('reorder');
      if (doesStrike('status')) return REFUSED;
      if (doesStrike('twin')) deliverCopy(message, 0);
      const answer = await passed(deliver(message));
      if (doesStrike('lost')) return UNHEARD;
      const isAcked = answer.status >= 200 && answer.status < 300;
      if (isAcked && doesStrike('duplicate')) deliverCopy(message, how.copyAfterMs);
      return answer;
    };
  }

  return {
    around,
    /** The router's state plus the duplicates, which it doesn't count. */
    withCopies: (state) => ({ ...state, inFlight: state.inFlight + copies }),
  };
}

/** One consumer's deliveries. A held one is released once enough of those that began after it have ended. */
function traffic() {
  const held = new Set(); // { since, left, resolve }
  let begun = 0;

  return {
    async passed(delivery) {
      const place = begun += 1;
      const answer = await delivery;
      for (const each of held) {
        if (place > each.since && (each.left -= 1) === 0) each.resolve(true);
      }
      return answer;
    },
    /** Resolves with whether that many have overtaken it; not if nothing comes. */
    async overtaken(count) {
      const entry = { since: begun, left: count };
      const isOvertaken = await new Promise((resolve) => {
        entry.resolve = resolve;
        held.add(entry);
        setTimeout(resolve, LONGEST_HELD_MS, false);
      });
      held.delete(entry);
      return isOvertaken;
    },
  };
}
