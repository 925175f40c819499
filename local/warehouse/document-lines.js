// A row of a latest view as the line that the document itself has in the export: money as the integer of minor units, a record
// with a key as a map, and in place what has no column.
import { readFileSync } from 'node:fs';
import { timestampText } from '../run/export-format.js';
import { entriesText, merged, nodeOf, plainDecimal } from './json-text.js';

const DECIMALS = JSON.parse(readFileSync(new URL('../../contracts/currencies.json', import.meta.url), 'utf8'));

/** `table`: of analytics/tables.js; `row`: the values by column, in the form of BigQuery's REST interface. */
export function latestLine(table, row) {
  const rest = row.rest === null || row.rest === undefined ? new Map() : nodeOf(row.rest);
  const whole = merged(columnNodes(table.columns, row, { row, rest }), rest);
  const entries = entriesText(whole);
  return `{"id":${JSON.stringify(row.id)}${entries ? `,${entries}` : ''}}\n`;
}

/** `rest`: what no column took of these. A list that stands in it does so whole, and what its columns have isn't looked at. */
function columnNodes(columns, values, { row, rest }) {
  const nodes = new Map();
  for (const column of columns) {
    const left = rest instanceof Map ? rest.get(column.name) : undefined;
    const node = Array.isArray(left) ? left : nodeFrom(column, values, { row, rest: left });
    if (node !== undefined) nodes.set(column.name, node);
  }
  return nodes;
}

/** Undefined where the document has no such field. */
function nodeFrom(column, values, { row, rest }) {
  const value = values[column.name];
  if (value === null || value === undefined) return undefined;
  switch (column.type) {
    case 'STRING': return JSON.stringify(value);
    case 'INT64':
    case 'BOOL': return value;
    case 'TIMESTAMP': return JSON.stringify(microsText(value));
    case 'JSON': return nodeOf(value);
    case 'MONEY': return minorUnits(value, values[column.currency] ?? row[column.currency]);
    case 'RECORD': return columnNodes(column.fields, value, { row, rest });
    case 'STRINGS': return list(column, value.map((text) => JSON.stringify(text)));
    case 'RECORDS': return column.key ? map(column, value, { row, rest }) : list(column, value.map((item) => columnNodes(column.fields, item, { row })));
    default: throw new Error(`${column.name}: the type ${column.type} is unknown`);
  }
}

// A table can't tell an empty list from none: of a field that a document must have, it's the empty one.
const list = ({ required }, nodes) => (nodes.length > 0 || required ? nodes : undefined);

function map({ key, fields, required }, items, { row, rest }) {
  if (items.length === 0 && !required) return undefined;
  const others = fields.filter(({ name }) => name !== key);
  return new Map(items.map((item) => [item[key], columnNodes(others, item, { row, rest: rest instanceof Map ? rest.get(item[key]) : undefined })]));
}

/** 12.340000000 CZK -> 1234, digit by digit. */
export function minorUnits(decimal, currency) {
  const decimals = DECIMALS[currency];
  const [whole, fraction = ''] = plainDecimal(decimal).split('.');
  if (decimals === undefined || fraction.length > decimals) throw new Error(`${decimal} is no amount of ${currency}`);
  return String(BigInt(`${whole}${fraction.padEnd(decimals, '0')}`));
}

/** RFC 3339 of microseconds since 1970, which may be before. */
export function microsText(micros) {
  const all = BigInt(micros);
  const seconds = (all - (((all % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;
  return timestampText({ seconds: String(seconds), nanos: Number(all - seconds * 1_000_000n) * 1000 });
}
