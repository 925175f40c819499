// How many documents a page has. The module holds a page in 128 MiB and shares them with the pages beside it, and a document may have one: where it
// breaks, half as many are asked for. Pure.

/** Large documents are seldom all: after so many pages that went well twice as many are tried. */
const PAGES_TO_GROW = 10;

/** { of(collection, limit) => the size of its next page, wentWell(collection), broke(collection, limit): a page of that size did }. */
export function pageSizes() {
  const known = new Map(); // collection -> { most, well }

  return {
    of: (collection, limit) => Math.min(limit, known.get(collection)?.most ?? limit),

    wentWell(collection) {
      const size = known.get(collection);
      if (size === undefined) return;
      size.well += 1;
      if (size.well < PAGES_TO_GROW) return;
      size.most *= 2;
      size.well = 0;
    },

    /** Of pages that broke together one has halved it. */
    broke(collection, limit) {
      const half = Math.max(1, Math.floor(limit / 2));
      known.set(collection, { most: Math.min(known.get(collection)?.most ?? half, half), well: 0 });
    },
  };
}
