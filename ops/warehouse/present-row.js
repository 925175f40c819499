// A document's present row in BigQuery, spelled as the module of ops/warehouse-page spells the row that it makes of the document: so the two
// can be compared value by value. Pure.
import { isDeepStrictEqual } from 'node:util';
import { parseExactly } from '../../local/exact-json.js';
import { microsText } from '../../local/warehouse/document-lines.js';
import { plainDecimal } from '../../local/warehouse/json-text.js';

/** `row`: the values by column, in the form of BigQuery's REST interface. */
export function spelledRow(table, row) {
  const time = (value) => (value === null ? undefined : microsText(value));
  return {
    id: row.id, version: row.version, deleted: isTrue(row.deleted), changeTime: time(row.change_time),
    ...(row.event_time !== null && { eventTime: time(row.event_time) }),
    ...(row.new_status !== null && { newStatus: row.new_status }),
    columns: record(table.columns, row), rest: row.rest === null ? {} : parseExactly(row.rest),
  };
}

/** The columns that have a value. */
function record(columns, values) {
  const spelled = columns.map((column) => [column.name, valueOf(column, values[column.name])]);
  return Object.fromEntries(spelled.filter(([, value]) => value !== undefined));
}

const SPELLINGS = {
  STRING: (value) => value,
  INT64: String,
  BOOL: (value) => isTrue(value),
  TIMESTAMP: microsText,
  JSON: parseExactly,
  MONEY: plainDecimal,
  STRINGS: (value) => value,
  RECORD: (value, { fields }) => record(fields, value),
  RECORDS: (value, { fields }) => value.map((each) => record(fields, each)),
};

const valueOf = (column, value) => (value === null || value === undefined ? undefined : SPELLINGS[column.type](value, column));
const isTrue = (value) => value === true || value === 'true';

/** Whether both say the same of the document; how its last change came isn't compared. */
export function isSame(made, present) {
  const what = ({ version, deleted, changeTime, eventTime, newStatus, columns, rest }) => withoutMinusZero({ version, deleted, changeTime, eventTime, newStatus, columns, rest });
  return isDeepStrictEqual(what(made), what(present));
}

/** JSON in BigQuery has no zero below zero. */
function withoutMinusZero(value) {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutMinusZero(each)]));
}
