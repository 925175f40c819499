/** The list in slices of at most `length`, for requests that take no more at once. */
export function* slices(all, length) {
  for (let from = 0; from < all.length; from += length) yield all.slice(from, from + length);
}
