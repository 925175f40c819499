// A table's columns as its file says and as BigQuery has them. BigQuery adds columns, and lets one be empty that had to be there; it
// changes no type, and what it has, nothing here takes away.

/** BigQuery answers with one of two spellings. */
const SPELLINGS = { INT64: 'INTEGER', FLOAT64: 'FLOAT', BOOL: 'BOOLEAN', STRUCT: 'RECORD' };

const typeOf = ({ type, mode }) => `${SPELLINGS[type] ?? type}${mode === 'REPEATED' ? ', REPEATED' : ''}`;
const modeOf = ({ mode }) => mode ?? 'NULLABLE';
const isSame = (one, other) => one.name.toLowerCase() === other.name.toLowerCase();

/**
 * { texts: what differs and can be ended, grown: the schema that ends it, impossible: what nobody can end by a change of the schema,
 * strangers: columns that only BigQuery has }.
 */
export function columnsBetween(wanted, there, above = '') {
  const found = wanted.map((should) => ofColumn(should, there.find((is) => isSame(is, should)), above));
  const strangers = there.filter((is) => !wanted.some((should) => isSame(should, is))).map(({ name }) => `${above}${name}`);
  const grown = [
    ...there.map((is) => found.find(({ column, isNew }) => !isNew && isSame(column, is))?.column ?? is),
    ...found.filter(({ isNew }) => isNew).map(({ column }) => column),
  ];
  return {
    grown,
    texts: found.flatMap(({ texts }) => texts),
    impossible: found.flatMap(({ impossible }) => impossible),
    strangers: [...found.flatMap((one) => one.strangers), ...strangers],
  };
}

function ofColumn(should, is, above) {
  const name = `${above}${should.name}`;
  if (is === undefined) {
    const impossible = should.mode === 'REQUIRED' ? [`${name} is new and REQUIRED, and the rows that are there have none: leave out "required"`] : [];
    return { column: should, isNew: true, texts: [`${name} isn't there`], impossible, strangers: [] };
  }
  if (typeOf(is) !== typeOf(should)) {
    const impossible = [`${name} is ${typeOf(is)}, not ${typeOf(should)}, and no column changes its type: give the new one another name, and let views read both`];
    return { column: is, texts: [], impossible, strangers: [] };
  }
  const below = columnsBetween(should.fields ?? [], is.fields ?? [], `${name}.`);
  const mode = ofMode(name, is, should);
  const description = (is.description ?? '') === (should.description ?? '') ? [] : [`${name} is described otherwise`];
  return {
    column: { ...is, mode: mode.impossible.length > 0 ? is.mode : should.mode, description: should.description, ...(should.fields && { fields: below.grown }) },
    texts: [...mode.texts, ...description, ...below.texts],
    impossible: [...mode.impossible, ...below.impossible],
    strangers: below.strangers,
  };
}

function ofMode(name, is, should) {
  if (modeOf(is) === modeOf(should)) return { texts: [], impossible: [] };
  if (modeOf(should) === 'NULLABLE') return { texts: [`${name} is REQUIRED, not NULLABLE`], impossible: [] };
  return { texts: [], impossible: [`${name} is NULLABLE, not REQUIRED, and rows without it may be there: leave out "required"`] };
}
