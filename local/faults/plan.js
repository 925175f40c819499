// Which call goes wrong, and how. Each gRPC method has a deck of cards: so many of each fault among so many calls, in an
// order that the seed shuffles, and a new deck when one is used up. So the rates hold exactly, every fault comes up once a
// deck has been dealt, and the n-th call of a method always meets the same card, whatever goes on beside it.
import { seededRandom } from './seeded-random.js';

/** gRPC's statuses that a call may be answered with, by their numbers. */
export const STATUSES = {
  DEADLINE_EXCEEDED: 4, RESOURCE_EXHAUSTED: 8, FAILED_PRECONDITION: 9, ABORTED: 10, UNAVAILABLE: 14,
};

/**
 * Each may strike before the call is passed on, which then never is, or after its answer has come, which then is lost:
 * `drop` never answers, `delay` goes on a little later, `reset` breaks the stream, `cut` breaks the whole connection.
 */
export const FAULTS = ['drop', 'delay', 'reset', 'cut', ...Object.keys(STATUSES)];

/** There is no after to this one: the call is passed on when its caller has given it up. */
export const LATE = 'late';
/** And no before to this one: the call is carried out, and its stream broken in the place of the answer. */
export const LOST = 'lost';

export const BEFORE_ONLY = [LATE];
export const AFTER_ONLY = [LOST];
const WHENS = ['before', 'after'];
const DELAY_MS = { least: 20, most: 300 };

/**
 * `decks`: { method: { calls, drop: 1, ABORTED: 2, ... } }: a deck has that many calls, and of each fault that many before and
 * as many after. What `decide` says is `{ fault, when, delayMs }`, or undefined for a call that nothing happens to.
 */
export function faultPlan({ seed, decks }) {
  const dealt = new Map(); // method -> { calls, cards }
  const struck = {}; // method -> { 'drop before': count }

  function decide(method) {
    const deck = Object.hasOwn(decks, method) ? decks[method] : undefined;
    if (!deck) return undefined;
    const soFar = dealt.get(method) ?? { calls: 0, cards: [] };
    dealt.set(method, soFar);
    const place = soFar.calls % deck.calls;
    if (place === 0) soFar.cards = shuffledDeck(deck, `${seed}/${method}/${soFar.calls / deck.calls}`);
    soFar.calls += 1;
    return soFar.cards[place];
  }

  return {
    decide,
    /** To be called when a fault has really struck: the caller may have gone before. */
    noteStruck(method, { fault, when }) {
      const name = `${fault} ${when}`;
      struck[method] ??= {};
      struck[method][name] = (struck[method][name] ?? 0) + 1;
    },
    /** { method: { 'drop before': count } }, of the faults that have struck. */
    struck: () => structuredClone(struck),
    /** { method: calls } that were decided on. */
    calls: () => Object.fromEntries([...dealt].map(([method, { calls }]) => [method, calls])),
  };
}

/** The plan of a proxy that only passes on. */
export const NO_FAULTS = faultPlan({ seed: 'none', decks: {} });

function shuffledDeck({ calls, ...counts }, text) {
  const random = seededRandom(text);
  const cards = Object.entries(counts).flatMap(([fault, count]) => whensOf(fault).flatMap((when) => Array.from({ length: count }, () => ({
    fault, when, ...(fault === 'delay' ? { delayMs: random.between(DELAY_MS.least, DELAY_MS.most) } : {}),
  }))));
  if (cards.length > calls) throw new Error(`${cards.length} faults don't fit into a deck of ${calls} calls`);
  return random.shuffled([...cards, ...Array.from({ length: calls - cards.length }, () => undefined)]);
}

function whensOf(fault) {
  if (BEFORE_ONLY.includes(fault)) return ['before'];
  if (AFTER_ONLY.includes(fault)) return ['after'];
  if (!FAULTS.includes(fault)) throw new Error(`no such fault: ${fault}`);
  return WHENS;
}
