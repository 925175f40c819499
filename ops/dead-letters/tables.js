// The output of the commands, as lines of text. Pure.
import { jsonOf } from '../../local/run/export-format.js';
import { commonReason, groupsOf } from './groups.js';
import { FIELDS_BUT_BODY } from './letter.js';
import { printable, readableBody } from './readable.js';

const NAMED = 10;
const LONGEST_REASON = 120;

export const count = (number) => number.toLocaleString('en-US');
export const letters = (number) => (number === 1 ? '1 letter' : `${count(number)} letters`);

/** Groups with how to see one of each. */
export function groupLines(groups) {
  const rows = groups.map(({ letters: howMany, consumer, kind, oldest, newest, reason }) => [count(howMany), consumer, kind, second(oldest), second(newest), short(reason)]);
  const lines = table(['letters', 'consumer', 'kind', 'oldest', 'newest', 'reason'], rows, 1);
  return [lines[0], ...groups.flatMap(({ example }, index) => [lines[index + 1], `  ${''.padStart(7)}  show ${example}`])];
}

export function letterLine({ id, status, kind, receivedAt, replays, type, subject, reason }) {
  return [id, status, kind, second(receivedAt), `replays ${replays}`, type ?? 'no type', subject ?? 'no subject', short(reason)].map(printable).join('  ');
}

/** What a replay would publish, by group. */
export function planLines(entries) {
  const rows = groupsOf(entries.map(({ letter }) => letter))
    .sort((a, b) => b.letters - a.letters)
    .map(({ letters: howMany, consumer, kind, reason }) => [count(howMany), consumer, kind, short(reason)]);
  return table(['letters', 'consumer', 'kind', 'reason'], rows, 1);
}

/** `refused`: [{letter, why}]. Each letter by name, as long as they are few. */
export function refusedLines(refused) {
  return [...grouped(refused, ({ why }) => why)].flatMap(([why, some]) => [
    `  ${letters(some.length)} refused: ${printable(why)}`,
    ...some.slice(0, NAMED).map(({ letter }) => `    ${letter.id}`),
    ...(some.length > NAMED ? [`    and ${count(some.length - NAMED)} more`] : []),
  ]);
}

const COLUMNS = [['replayed', 'REPLAYED'], ['returned', 'RETURNED'], ['published', 'PUBLISHED'], ['unsettled', 'UNSETTLED'], ['refused', 'REFUSED'], ['failed', 'FAILED'], ['gone', 'GONE'], ['held back', 'HELD'], ['on the way', 'SENT'], ['not reached', 'NONE']];

const outcomeOf = ({ result, isSent }) => result?.outcome ?? (isSent ? 'SENT' : 'NONE');

/** The outcomes of a replay, by the groups before it; only columns that count something. */
export function outcomeLines(entries) {
  const columns = COLUMNS.filter(([, outcome]) => entries.some((entry) => outcomeOf(entry) === outcome));
  const rows = [...grouped(entries, ({ letter: { consumer, kind, reason } }) => JSON.stringify([consumer, kind, commonReason(reason)]))]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([key, some]) => {
      const [consumer, kind, reason] = JSON.parse(key);
      const counts = columns.map(([, outcome]) => count(some.filter((entry) => outcomeOf(entry) === outcome).length));
      return [...counts, consumer, kind, short(reason)];
    });
  return table([...columns.map(([name]) => name), 'consumer', 'kind', 'reason'], rows, columns.length);
}

const REMARKS = {
  RETURNED: ({ kind, reason }) => `came back ${kind}: ${commonReason(reason)}`,
  UNSETTLED: () => 'published, but not settled in time',
  REFUSED: ({ why }) => `changed meanwhile: ${why}`,
  FAILED: ({ why }) => `could not be published: ${why}`,
  GONE: () => 'gone from Firestore',
  HELD: () => 'not published, for the one before it of the same key isn\'t settled',
};

/** Why the others weren't replayed, with one letter of each. */
export function remarkLines(entries) {
  const others = entries.filter(({ result }) => REMARKS[result?.outcome]);
  return [...grouped(others, ({ result }) => REMARKS[result.outcome](result))]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([remark, some]) => `  ${letters(some.length)}: ${short(printable(remark))}  (show ${some[0].letter.id})`);
}

/** Every field of one letter, and its body. */
export function letterLines(id, fields, body) {
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'body'));
  const width = Math.max(...Object.keys(others).map((name) => name.length), 'body'.length);
  const text = (value) => (value.valueType === 'stringValue' ? value.stringValue : jsonOf(value).replace(/^"(.*)"$/, '$1'));
  const known = FIELDS_BUT_BODY.filter((name) => others[name]);
  const rows = [...known, ...Object.keys(others).filter((name) => !known.includes(name)).sort()].map((name) => `  ${printable(name).padEnd(width)}  ${printable(text(others[name]))}`);
  const whole = Number(others.bodyBytes?.integerValue ?? body.length);
  const size = others.truncated?.booleanValue
    ? `the first ${count(body.length)} of ${count(whole)} bytes; the rest was cut when it was filed`
    : `${count(body.length)} bytes`;
  return [id, ...rows, `  ${'body'.padEnd(width)}  ${size}. It may hold personal data: don't copy it where it doesn't belong.`, '', ...readableBody(body)];
}

/** Columns as wide as they must be; the first `numbers` of them to the right. */
export function table(head, rows, numbers) {
  const all = [head, ...rows].map((row) => row.map((cell) => printable(cell)));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => `  ${row.map((cell, column) => (column < numbers ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ')}`.trimEnd());
}

function grouped(all, keyOf) {
  const groups = new Map();
  for (const each of all) {
    const key = keyOf(each);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(each);
  }
  return groups;
}

const second = (time) => (time ? `${time.slice(0, 19)}Z` : 'no time');
export const short = (text) => (text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text);
