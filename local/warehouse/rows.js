// Rows of a query as BigQuery's REST interface has them, and as lines of JSON.
import { microsText } from './document-lines.js';
import { nodeOf, plainDecimal, textOf } from './json-text.js';

/** { column: value }: a record is such an object, too, and what is repeated a list. */
export function rowOf(fields, { f: cells }) {
  return Object.fromEntries(fields.map((field, index) => [field.name, unwrapped(field, cells[index].v)]));
}

function unwrapped(field, value) {
  if (field.mode === 'REPEATED') return (value ?? []).map(({ v }) => one(field, v));
  return one(field, value);
}

const one = ({ fields }, value) => (fields && value !== null ? rowOf(fields, value) : value);

/** Every column as it is, sorted by name. */
export const questionLine = (fields, row) => `${textOf(recordNode(fields, row))}\n`;

const recordNode = (fields, row) => new Map(fields.map((field) => [field.name, nodeFrom(field, row[field.name])]));

function nodeFrom(field, value) {
  if (value === null) return 'null';
  if (field.mode === 'REPEATED') return value.map((each) => nodeFrom({ ...field, mode: 'NULLABLE' }, each));
  switch (field.type) {
    case 'INTEGER':
    case 'BOOLEAN': return value;
    case 'NUMERIC': return plainDecimal(value);
    case 'FLOAT': return JSON.stringify(Number.isFinite(Number(value)) ? Number(value) : value);
    case 'TIMESTAMP': return JSON.stringify(microsText(value));
    case 'JSON': return nodeOf(value);
    case 'RECORD': return recordNode(field.fields, value);
    default: return JSON.stringify(value); // Text, dates and the like.
  }
}
