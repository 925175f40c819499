// Finds the names that a misspelt one may stand for.

const AT_MOST = 3;

/** The known names that are a slip or two away from this one, nearest first. */
export function nearest(name, known) {
  return known
    .map((other) => ({ other, slips: slipsBetween(name, other) }))
    .filter(({ slips, other }) => slips <= Math.max(1, Math.floor(other.length / 5)))
    .sort((one, two) => one.slips - two.slips || (one.other < two.other ? -1 : 1))
    .slice(0, AT_MOST)
    .map(({ other }) => other);
}

/** The Levenshtein distance: letters to insert, delete or replace. */
function slipsBetween(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const taken = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(taken, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row.at(-1);
}
