// Takes ranges of documents into the warehouse, several at a time, each from page to page. Where each of them is stands in its state,
// so that another run can go on there.
import { TooOld } from './page.js';

const RANGES_AT_ONCE = 8;
const PAGE_DOCUMENTS = 300;

/** What a run begins with: all ranges at one time. `origin`: of origin.js. */
export const newBackfill = (ranges, { readAt, origin }) => ({ readAt, origin, ranges: ranges.map((range) => ({ ...range, read: 0, appended: 0, isDone: false })), refused: [] });

/**
 * Appends what is left of `state`, which changes as it goes. `freshReadAt()`: Firestore's time now, for the ranges that are left when the
 * one of before has become too old. Resolves when all are through, or `stopped` aborts; then each range stands behind a whole page.
 */
export async function carryOn(state, { page, freshReadAt, stopped, onPage = () => {}, onRenewed = () => {} }) {
  const left = state.ranges.filter(({ isDone }) => !isDone);
  let renewing;

  async function work() {
    while (left.length > 0 && !isOver()) await through(left.shift());
  }

  async function through(range) {
    while (!range.isDone && !isOver()) {
      const { readAt } = state;
      const answer = await pageOf(range, readAt);
      if (answer === undefined) await renewed(readAt);
      else take(range, answer);
    }
  }

  async function pageOf({ collection, after, upTo }, readAt) {
    try {
      return await page({ collection, after, upTo, readAt, limit: PAGE_DOCUMENTS, append: 'all' });
    } catch (error) {
      if (error instanceof TooOld) return undefined;
      throw error;
    }
  }

  function take(range, { read, appended, last, refused }) {
    range.read += read;
    range.appended += appended;
    state.refused.push(...refused.map((each) => ({ collection: range.collection, ...each })));
    if (last === null) range.isDone = true;
    else range.after = last;
    onPage(state);
  }

  /** By the first range that finds it; the others wait for it. */
  async function renewed(old) {
    if (state.readAt !== old) return;
    renewing ??= freshReadAt().then((readAt) => {
      state.readAt = readAt;
      onRenewed({ from: old, to: readAt });
    }).finally(() => { renewing = undefined; });
    await renewing;
  }

  let failed = false;
  const isOver = () => stopped.aborted || failed;
  const workers = Array.from({ length: RANGES_AT_ONCE }, () => work().catch((error) => {
    failed = true;
    throw error;
  }));
  const ends = await Promise.allSettled(workers);
  const failure = ends.find(({ status }) => status === 'rejected');
  if (failure) throw failure.reason;
}

/** { read, appended, isWhole } of all ranges. */
export function progressOf({ ranges }) {
  const sum = (name) => ranges.reduce((whole, range) => whole + range[name], 0);
  return { read: sum('read'), appended: sum('appended'), isWhole: ranges.every(({ isDone }) => isDone) };
}
