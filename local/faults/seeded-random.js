// Pseudo-random numbers that repeat: the same seed text gives the same sequence on every machine.
import { createHash } from 'node:crypto';

/** { fraction(), below(n), between(a, b), of(list), shuffled(list) }, from one sequence that `text` alone decides. */
export function seededRandom(text) {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0);

  // Mulberry32: 32 bits of state, small, and even enough to choose what to break.
  function fraction() {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (n) => Math.floor(fraction() * n);

  return {
    fraction,
    below,
    between: (least, most) => least + below(most - least + 1),
    of: (list) => list[below(list.length)],
    shuffled(list) {
      const cards = [...list];
      for (let last = cards.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [cards[last], cards[other]] = [cards[other], cards[last]];
      }
      return cards;
    },
  };
}
