// A collection in ranges of document ids, to be read several at a time. Pure.
const HEX = [...'0123456789abcdef'];
const QUARTERS = ['', '4', '8', 'c'];
const WORTH_DIVIDING = 2_000;

/**
 * [{ after, upTo }]: a document is in the range whose bounds have its id between them, after < id <= upTo. The first has no `after` and the
 * last no `upTo`, so each id is in one. Ids are random UUIDs, of about the same number behind each first digit; those of
 * dead_letters have the consumer before theirs.
 */
export function rangesOf(collection, { documents, consumers }) {
  const bounds = documents < WORTH_DIVIDING ? [] : boundsOf(collection, consumers);
  return [...bounds, undefined].map((upTo, index) => ({ after: bounds[index - 1], upTo }));
}

function boundsOf(collection, consumers) {
  if (collection !== 'dead_letters') return HEX.slice(1);
  return consumers.toSorted().flatMap((consumer) => QUARTERS.map((digit) => `${consumer}.${digit}`)).sort();
}

/** As Firestore sorts them, and analytics/latest.js the rows: first those that were numbers in Datastore, then by their bytes in UTF-8. */
export function compareIds(a, b) {
  if (a === b) return 0;
  const [one, other] = [numberIn(a), numberIn(b)];
  if (one === other) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return other === undefined || one < other ? -1 : 1;
}

/** Undefined where it is none of 64 bits. */
function numberIn(id) {
  const digits = /^__id(-?[0-9]+)__$/.exec(id)?.[1];
  if (digits === undefined || BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits)) return undefined;
  return BigInt(digits);
}
