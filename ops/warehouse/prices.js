// What Google asks for, by the one list of prices in this tree: multi-regions, without any free quota, so the least favorable of what is charged.
import { readFileSync } from 'node:fs';

const LIST = JSON.parse(readFileSync(new URL('../../bench/cost/prices.json', import.meta.url), 'utf8'));

const MOST_DIGITS = 17;

export const PRICED_ON = LIST.asOf;

const { firestore, bigquery } = LIST;
const GIB = 2 ** 30;
const TIB = 2 ** 40;

export const dollarsOfReads = (reads) => reads * firestore.read;
export const dollarsOfAppended = (bytes) => bytes / GIB * bigquery.gibAppended;
export const dollarsOfStorageMonth = (bytes) => bytes / GIB * bigquery.gibMonth;
export const dollarsOfQuery = (bytes) => Math.max(bytes, bigquery.leastBytesQueried) / TIB * bigquery.tibQueried;

/** A count is charged like reading one document for each thousand of them, and at least one. */
export const readsOfCount = (documents) => Math.max(1, Math.ceil(documents / 1000));

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
