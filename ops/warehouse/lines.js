// What the commands say, as lines of text or of JSON. Pure.
import { count, table } from '../dead-letters/tables.js';
import { printable } from '../dead-letters/readable.js';
import { PRICED_ON, dollars, dollarsAbove, dollarsOfAppended, dollarsOfQuery, dollarsOfReads } from './prices.js';

const NAMED = 10;

export function estimateLines({ collections, total, own }, what) {
  const rows = [...collections, { ...total, collection: 'together' }].map(({ documents, reads, bytes, dollars: cost, collection }) => (
    [count(documents), count(reads), size(bytes), dollars(cost.reads), dollars(cost.append), dollars(cost.storageMonth), dollars(cost.query), collection]
  ));
  return [
    `What the documents of ${what} would cost, at list prices of ${PRICED_ON}, no free quota taken off:`,
    ...table(['documents', 'reads', 'bytes', 'to read', 'to append', 'to keep, a month', 'to compare', ''], rows, 7),
    `  Bytes are of a sample of ${count(total.sampled)} documents. "To compare" is reconcile's query.`,
    `  One backfill is about ${dollars(total.dollars.backfill)}, one reconcile about ${dollars(total.dollars.reconcile)} and what it appends.`,
    `  This estimate itself: ${count(own.reads)} reads, ${dollars(own.dollars)}.`,
  ];
}

/** A line for each collection, and one for all. */
export function estimateJson({ collections, total, own }) {
  return [...collections.map((each) => ({ ...each, table: undefined })), { collection: null, ...total, own }].map((each) => JSON.stringify(each));
}

export function tooExpensive({ command, cost, maxCost, own }) {
  return `The ${command} would cost about ${dollarsAbove(cost, maxCost)}, which is more than --max-cost ${dollars(maxCost)}: nothing was done but the estimate (${count(own.reads)} reads, ${dollars(own.dollars)}).`;
}

export function filledLines({ documents, appended, before, counted, isWhole }, { what, path, lacking }) {
  const earlier = before.documents > 0 ? `, and ${count(before.appended)} of ${count(before.documents)} by the runs before` : '';
  const ends = isWhole ? (counted === undefined ? '' : ` ${count(counted)} had been counted.`) : ` Stopped: where each range is stands in ${path}, and the same command goes on there.`;
  return [
    `${count(appended)} rows of ${count(documents)} documents appended to ${what}${earlier}.${ends}`,
    ...(lacking > 0 ? [`${count(lacking)} documents that were counted could not be read: the same command reads them all once more.`] : []),
  ];
}

export function refusedLines(refused) {
  if (refused.length === 0) return [];
  return [`${count(refused.length)} rows were refused by BigQuery and are not in the warehouse:`, ...refused.map(({ collection, id, reason }) => printable(`  ${collection}/${id}: ${reason}`))];
}

const KINDS = [['missing', 'in Firestore, without a present row'], ['changed', 'whose present row differs'], ['deleted', 'with a present row, and not in Firestore'], ['beyond', 'whose row is later than now: no append can mend it']];

export function reconcileLines({ collection, tally, queryBytes }) {
  const { documents, rows, reads, appended, appendedBytes } = tally;
  const found = KINDS.filter(([kind]) => tally[kind].length > 0).flatMap(([kind, says]) => [`    ${count(tally[kind].length)} ${says}: ${named(tally[kind])}`]);
  const cost = dollarsOfReads(reads) + dollarsOfQuery(queryBytes) + dollarsOfAppended(appendedBytes);
  return [`  ${collection}: ${count(documents)} documents, ${count(rows)} rows, ${count(appended)} appended; ${count(reads)} reads, ${size(queryBytes)} queried, ${dollars(cost)}`, ...found];
}

export function reconcileSums(all) {
  const sum = (of) => all.reduce((whole, each) => whole + of(each), 0);
  const readsDollars = dollarsOfReads(sum(({ tally }) => tally.reads));
  const queryDollars = sum(({ queryBytes }) => dollarsOfQuery(queryBytes));
  const appendDollars = dollarsOfAppended(sum(({ tally }) => tally.appendedBytes));
  const lengths = Object.fromEntries(['missing', 'changed', 'deleted', 'beyond', 'refused'].map((kind) => [kind, sum(({ tally }) => tally[kind].length)]));
  return {
    documents: sum(({ tally }) => tally.documents), rows: sum(({ tally }) => tally.rows), reads: sum(({ tally }) => tally.reads), ...lengths,
    appended: sum(({ tally }) => tally.appended), queryBytes: sum(({ queryBytes }) => queryBytes),
    dollars: { reads: readsDollars, query: queryDollars, append: appendDollars, together: readsDollars + queryDollars + appendDollars },
  };
}

export const reconcileJson = (all) => [...all.map(({ collection, readAt, tally, queryBytes }) => ({ collection, readAt, ...tally, queryBytes })), { collection: null, ...reconcileSums(all) }].map((each) => JSON.stringify(each));

const named = (ids) => `${ids.slice(0, NAMED).map(printable).join(', ')}${ids.length > NAMED ? ` and ${count(ids.length - NAMED)} more` : ''}`;

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

export function size(bytes) {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** step).toLocaleString('en-US', { maximumFractionDigits: step === 0 ? 0 : 1 })} ${UNITS[step]}`;
}

/** How far it is, how fast it is, and how long it will take. */
export function pace({ done, total, seconds }) {
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
  return `${count(done)} of ${count(total)} documents, ${count(Math.round(rate))} a second${left}`;
}

function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`;
}
