// Names that somebody may have meant.

const AT_MOST = 3;

/** Of the known names those that a slip or two away from this one, nearest first. */
export function nearest(name, known) {
  return known
    .map((other) => ({ other, slips: slipsBetween(name, other) }))
    .filter(({ slips, other }) => slips <= Math.max(1, Math.floor(other.length / 5)))
    .sort((one, two) => one.slips - two.slips || (one.other < two.other ? -1 : 1))
    .slice(0, AT_MOST)
    .map(({ other }) => other);
}

/** Letters to put in, leave out or take for another. */
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
