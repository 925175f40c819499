// A change as the row of its table: typed columns, money as NUMERIC, what no column takes in `rest`. `form` says how the API that
// the row is for wants a time and an integer.

/** { id, version, ... }, with names and types of the table's columns. */
export function rowOf(table, { id, before, after, time }, form) {
  const document = after ?? before;
  const updated = document.updateTime;
  const changed = after ? updated : later(updated, time);
  const row = {
    id,
    version: form.int(microsOf(updated)),
    deleted: after === undefined,
    change_time: form.time(changed),
    ingested_at: form.now(),
  };
  const at = document.fields[table.eventTime];
  if (at?.timestampValue) row.event_time = form.time(at.timestampValue);
  const [oldStatus, newStatus] = [before, after].map((each) => each?.fields[table.status]?.stringValue);
  if (oldStatus !== undefined) row.old_status = oldStatus;
  if (newStatus !== undefined) row.new_status = newStatus;
  if (after === undefined) return row;

  const { cells, rest } = cellsOf(table.columns, after.fields, { document: after.fields, form });
  for (const name of table.omitted ?? []) delete rest[name];
  Object.assign(row, cells);
  if (Object.keys(rest).length > 0) row.rest = JSON.stringify(rest);
  return row;
}

const microsOf = ({ seconds, nanos }) => Number(seconds) * 1e6 + Math.trunc(nanos / 1e3);
const later = (one, other) => (microsOf(one) >= microsOf(other) ? one : other);

function cellsOf({ list, names }, fields, place) {
  const cells = {};
  const rest = {};
  for (const column of list) {
    const value = fields[column.name];
    if (value === undefined || column.name === place.key) continue;
    const { cell, left } = cellOf(column, value, fields, place);
    if (cell !== undefined) cells[column.name] = cell;
    if (left !== undefined) rest[column.name] = left;
  }
  for (const name of Object.keys(fields)) if (!names.has(name) || name === place.key) rest[name] = jsonOf(fields[name]);
  return { cells, rest };
}

/** The cell, and what of the value it doesn't take. */
function cellOf(column, value, fields, place) {
  const kind = value.valueType;
  switch (column.type) {
    case 'STRING': if (kind === 'stringValue') return { cell: value.stringValue }; break;
    case 'INT64': if (kind === 'integerValue') return { cell: place.form.int(value.integerValue) }; break;
    case 'BOOL': if (kind === 'booleanValue') return { cell: value.booleanValue }; break;
    case 'TIMESTAMP': if (kind === 'timestampValue') return { cell: place.form.time(value.timestampValue) }; break;
    case 'JSON': if (kind !== 'nullValue') return { cell: JSON.stringify(jsonOf(value)) }; break;
    case 'MONEY': {
      const decimals = kind === 'integerValue' ? decimalsOf(currencyIn(column.currency, fields, place)) : undefined;
      if (decimals !== undefined) return { cell: decimalText(value.integerValue, decimals) };
      break;
    }
    case 'STRINGS': {
      const items = kind === 'arrayValue' ? value.arrayValue.values : [];
      const isKept = kind === 'arrayValue' && (items.length > 0 || column.required);
      if (isKept && items.every((item) => item.valueType === 'stringValue')) return { cell: items.map((item) => item.stringValue) };
      break;
    }
    case 'RECORD': if (kind === 'mapValue') {
      const { cells, rest } = cellsOf(column.fields, value.mapValue.fields, { document: place.document, form: place.form });
      return { cell: cells, left: Object.keys(rest).length > 0 ? rest : undefined };
    } break;
    case 'RECORDS': return column.key ? keyed(column, value, place) : listed(column, value, place);
    default: throw new Error(`${column.name}: the type ${column.type} is unknown`);
  }
  return { left: jsonOf(value) };
}

function keyed(column, value, place) {
  const entries = Object.entries(value.mapValue?.fields ?? {});
  if (value.valueType !== 'mapValue' || (entries.length === 0 && !column.required)) return { left: jsonOf(value) };
  const records = [];
  const left = {};
  for (const [name, each] of entries.sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (each.valueType !== 'mapValue') {
      left[name] = jsonOf(each);
      continue;
    }
    const { cells, rest } = cellsOf(column.fields, each.mapValue.fields, { document: place.document, form: place.form, key: column.key, name });
    records.push({ [column.key]: name, ...cells });
    if (Object.keys(rest).length > 0) left[name] = rest;
  }
  return { cell: records, left: Object.keys(left).length > 0 ? left : undefined };
}

function listed(column, value, place) {
  const items = value.arrayValue?.values ?? [];
  if (value.valueType !== 'arrayValue' || (items.length === 0 && !column.required)) return { left: jsonOf(value) };
  const records = [];
  let isWhole = true;
  for (const item of items) {
    if (item.valueType !== 'mapValue') {
      isWhole = false;
      continue;
    }
    const { cells, rest } = cellsOf(column.fields, item.mapValue.fields, { document: place.document, form: place.form });
    isWhole &&= Object.keys(rest).length === 0;
    records.push(cells);
  }
  return { cell: records, left: isWhole ? undefined : jsonOf(value) };
}

const currencyIn = (field, fields, { document, key, name }) => (key === field ? name : (fields[field] ?? document[field])?.stringValue);

const decimals = new Map();

/** Of a currency's minor unit; undefined where there is no such currency. */
function decimalsOf(code) {
  if (!decimals.has(code)) decimals.set(code, known.has(code) ? new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits : undefined);
  return decimals.get(code);
}

const known = new Set(Intl.supportedValuesOf('currency'));

function decimalText(minor, places) {
  const text = minor.toString();
  if (places === 0) return text;
  const sign = text.startsWith('-') ? '-' : '';
  const digits = text.slice(sign.length).padStart(places + 1, '0');
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

export function isoText({ seconds, nanos }) {
  const whole = new Date(Number(seconds) * 1e3).toISOString().slice(0, 19);
  return `${whole}.${String(Math.trunc(nanos / 1e3)).padStart(6, '0')}Z`;
}

export { microsOf };

function jsonOf(value) {
  switch (value.valueType) {
    case 'booleanValue': return value.booleanValue;
    case 'integerValue': return Number(value.integerValue);
    case 'doubleValue': return value.doubleValue;
    case 'timestampValue': return isoText(value.timestampValue);
    case 'stringValue': return value.stringValue;
    case 'bytesValue': return Buffer.from(value.bytesValue).toString('base64');
    case 'referenceValue': return value.referenceValue;
    case 'geoPointValue': return { latitude: value.geoPointValue.latitude, longitude: value.geoPointValue.longitude };
    case 'arrayValue': return value.arrayValue.values.map(jsonOf);
    case 'mapValue': return Object.fromEntries(Object.entries(value.mapValue.fields).map(([name, each]) => [name, jsonOf(each)]));
    default: return null;
  }
}
