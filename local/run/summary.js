// The summary that ends a replay, for a person to read. Pure: it is given the numbers and returns the text.
import { absolute, inUnits } from './balances.js';
import { deadLetterLines } from './dead-letter-lines.js';

const LINES_NAMED = 10;
const QUARTERS_SHOWN = 50;

/**
 * `faults`: { text, seed } of a run in which things went wrong, `struck`: { name: how often }. `analytics`: where there
 * is a warehouse, the rows appended with the CPU time that they took, its table of conversions, and how many documents its latest views have otherwise. `endsAfter`: the
 * stack is gone after this, and its letters with it, but for those in `exportDir`.
 */
export function summaryText({ report, run, recounted, deliveries, comparison, analytics, limits, faults, struck, endsAfter, exportDir }) {
  return [
    '',
    ...whatCameOfIt({ report, run, recounted, deliveries }),
    ...deadLetterLines(recounted.openLetters, { endsAfter, exportDir }),
    ...unreadableLines(run.unreadable),
    ...lostPairs(recounted.lost),
    ...customers(comparison),
    ...(analytics ? [...warehouseLine(analytics), ...conversionTable(analytics.conversion)] : []),
    ...limitLines(limits),
    ...(faults ? ['', faultsText(faults, struck)] : []),
    '',
  ].join('\n');
}

function whatCameOfIt({ report, run, recounted, deliveries }) {
  const { p50, p95, p99 } = report.latencyMs;
  const rows = [
    ['events', count(report.events), `${count(run.published)} published, ${count(recounted.followUps)} more followed from them`],
    ['pairs', count(recounted.pairs), `of an event and a function: applied ${count(report.applied)}, ignored ${count(report.ignored)}, refused ${count(report.refused)}`],
    ['redelivered', count(report.duplicates), `recognized as duplicates; conflicts ${count(report.conflicts)}, malformed ${count(report.malformed)}, faults ${count(deliveries.faults)}`],
    ['dead letters', count(report.deadLetters), report.awaited === 0 ? '' : `${count(report.awaited)} of them await a document`],
    ['lost', count(report.lost), report.lost === 0 ? 'every pair has a record or a dead letter' : 'PAIRS WITHOUT RECORD AND DEAD LETTER, OR THAT WAIT FOR WHAT IS THERE'],
    ['latency', `${p50} ms`, `half of all deliveries; 95 % within ${p95} ms, 99 % within ${p99} ms`],
    ['time', `${report.seconds} s`, `${count(Math.round(report.events / Math.max(0.01, report.seconds)))} events a second`],
  ];
  return ['What came of it', ...rows.map(([name, figure, remark]) => `  ${name.padEnd(13)}${figure.padStart(9)}   ${remark}`.trimEnd())];
}

function unreadableLines(unreadable) {
  if (unreadable.length === 0) return [];
  const named = unreadable.slice(0, LINES_NAMED).map(({ file, number, why }) => `  ${file}, line ${number}: ${why}`);
  const more = unreadable.length > LINES_NAMED ? [`  and ${count(unreadable.length - LINES_NAMED)} more`] : [];
  return ['', 'Lines that went to no topic', ...named, ...more];
}

function lostPairs(lost) {
  if (lost.length === 0) return [];
  const named = lost.slice(0, LINES_NAMED).map(({ consumer, type, id }) => `  ${consumer}: ${type} ${id ?? 'without id'}`);
  const more = lost.length > LINES_NAMED ? [`  and ${count(lost.length - LINES_NAMED)} more`] : [];
  return ['', 'Lost', ...named, ...more];
}

function customers({ rows, counts }) {
  if (rows.length === 0) return [];
  const lines = rows.map((row) => `  ${fitted(row.name, 16)}${fitted(row.region, 18)}${inUnits(row.minor, row.currency).padStart(18)}${bankCells(row)}`);
  const agreed = counts.compared === 0 ? [] : [
    `  ${count(counts.sumAgrees)} of ${count(counts.compared)} balances equal the sum of their payments; `
    + `${count(counts.exactAgrees)} of the ${count(counts.exact)} that the bank recorded exactly equal the bank's own figure.`,
  ];
  const head = counts.compared === 0 ? '' : `${'the bank says'.padStart(18)}`;
  return ['', `  ${`${rows.length} of ${count(counts.users)} customers`.padEnd(34)}${'balance'.padStart(18)}${head}`, ...lines, ...agreed];
}

function warehouseLine({ differing, appended, seconds }) {
  const cpu = Number.isFinite(appended?.cpuS) && appended.rows > 0 ? `, ${(appended.cpuS / appended.rows * 1000).toFixed(2)} ms of its function's CPU time each` : '';
  const rows = appended ? [`${count(appended.rows)} rows were appended in ${seconds.toFixed(1)} s${cpu}`] : [];
  return ['', ...rows, differing === 0 ? 'The warehouse has every document as it is' : `THE WAREHOUSE HAS ${count(differing)} DOCUMENTS OTHERWISE THAN FIRESTORE`];
}

function conversionTable(rows) {
  if (rows.length === 0) return ['', 'Conversion, by the warehouse: no leads'];
  const lines = rows.slice(-QUARTERS_SHOWN).map(({ quarter, region, leads, converted, rate }) => (
    `  ${fitted(quarter ?? 'no date', 9)}${fitted(region ?? 'no region', 25)}${count(leads).padStart(9)}${count(converted).padStart(12)}${`${(rate * 100).toFixed(1)} %`.padStart(10)}`
  ));
  const more = rows.length > lines.length ? [`  and ${count(rows.length - lines.length)} earlier ones`] : [];
  return ['', 'Conversion, by the warehouse', `  ${'quarter'.padEnd(9)}${'region'.padEnd(25)}${'leads'.padStart(9)}${'converted'.padStart(12)}${'rate'.padStart(10)}`, ...lines, ...more];
}

function bankCells({ grade, minor, bankMinor, sumMinor, currency }) {
  if (grade === undefined) return '';
  const bank = inUnits(bankMinor, currency).padStart(18);
  if (minor !== sumMinor) return `${bank}  WRONG: the payments come to ${inUnits(sumMinor, currency)}`;
  if (minor === bankMinor) return `${bank}  equal`;
  return `${bank}  ${grade === 'exact' ? 'WRONG' : `${inUnits(absolute(minor - bankMinor), currency)} apart: the bank ${grade === 'unordered' ? 'has no order of that day' : 'rounded'}`}`;
}

function limitLines(limits) {
  if (limits.length === 0) return [];
  return ['', 'Limits', ...limits.map(({ name, value, limit, unit }) => (
    `  ${(value <= limit ? 'ok' : 'OVER').padEnd(6)}${name.padEnd(34)}${value.toFixed(unit === 's' ? 1 : 0).padStart(7)} of ${limit} ${unit}`
  ))];
}

/** What went wrong on purpose, and how often. */
export function faultsText({ text, seed }, struck) {
  const lines = text.split(',').map((part) => {
    const name = part.split('=')[0];
    return `  ${name.padEnd(34)}${count(struck[name]).padStart(7)}   wanted: ${part.slice(name.length + 1)}`;
  });
  return [`Faults that struck (seed ${seed})`, ...lines].join('\n');
}

const count = (number) => number.toLocaleString('en-US');

/** A name may have 200 characters, a column has not. */
function fitted(text, width) {
  return (text.length < width ? text : `${text.slice(0, width - 2)}…`).padEnd(width);
}
