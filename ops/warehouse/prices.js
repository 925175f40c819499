// What Google asks for, by the list of prices.json.
import { readFileSync } from 'node:fs';

const LIST = JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8'));

const MOST_DIGITS = 17;

export const PRICED_ON = LIST.read;

export const dollarsOfReads = (reads) => of('firestoreRead', reads);
export const dollarsOfAppended = (bytes) => of('append', bytes);
export const dollarsOfStorageMonth = (bytes) => of('storageMonth', bytes);
/** Each query is charged for ten megabytes at least. */
export const dollarsOfQuery = (bytes) => of('query', Math.max(bytes, LIST.query.leastBytes));

/** A count is charged like reading one document for each thousand of them, and at least one. */
export const readsOfCount = (documents) => Math.max(1, Math.ceil(documents / 1000));

const of = (name, amount) => (LIST[name].dollars * amount) / LIST[name].per;

/** To the cent, and what is less to its first digits: $12.34, $0.00042. */
export function dollars(amount, digits = 2) {
  if (amount >= 1) return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits })}`;
  return amount === 0 ? '$0' : `$${amount.toLocaleString('en-US', { maximumSignificantDigits: digits, maximumFractionDigits: 20 })}`;
}

/** With as many digits as tell it from the lower amount. */
export function dollarsAbove(amount, lower) {
  let digits = 2;
  while (digits < MOST_DIGITS && dollars(amount, digits) === dollars(lower)) digits += 1;
  return dollars(amount, digits);
}
