// The columns of a table's file as the fields of a BigQuery schema. The types are spelled as BigQuery's REST answers them, so that
// what there is can be compared with what should be.
const TYPES = { STRING: 'STRING', INT64: 'INTEGER', BOOL: 'BOOLEAN', TIMESTAMP: 'TIMESTAMP', JSON: 'JSON', MONEY: 'NUMERIC', STRINGS: 'STRING', RECORD: 'RECORD', RECORDS: 'RECORD' };
const REPEATED = new Set(['STRINGS', 'RECORDS']);

export function fieldOf({ name, type, required, description, fields }) {
  if (!Object.hasOwn(TYPES, type)) throw new Error(`${name}: the type ${type} is unknown`);
  return { name, type: TYPES[type], mode: modeOf(type, required), description, ...(fields ? { fields: fields.map(fieldOf) } : {}) };
}

function modeOf(type, required) {
  if (REPEATED.has(type)) return 'REPEATED';
  return required ? 'REQUIRED' : 'NULLABLE';
}
