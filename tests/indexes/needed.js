// Which indexes a query takes in production, by Firestore's rules. The emulator knows none of them and answers everything.
//
// - Each field has an ascending, a descending and a CONTAINS index by itself, but where an exemption of it, of a map above it or of `*` says otherwise.
// - Equalities alone are merged from those of their fields. `in` is an equality; array-contains takes the CONTAINS index.
// - One field with an order or bounds, and no equality, takes that field's index in that direction.
// - Anything else takes composite indexes: the equalities in any order, then each further field in its order. Several are merged when each
//   has a part of the equalities and the same fields behind them.
// - A composite index ends with the document's name, in the direction of its last field.
// - Bounds come in the order of their fields; a field that is equal has no order and no bounds.

const EQUAL = ['==', 'in'];
const CONTAINS = ['array-contains', 'array-contains-any'];
const BOUNDS = ['<', '<=', '>', '>=', '!=', 'not-in'];
const WORDS = { asc: 'ASCENDING', desc: 'DESCENDING' };
const NAME = '__name__';
const BY_ITSELF = ['ASCENDING', 'DESCENDING', 'CONTAINS'];

/** The last part of a collection's name is what indexes are of. */
export const groupOf = (collection) => collection.split('.').at(-1);

/**
 * { collection, equal: [{path, word}], sort: [{path, word}] } of a query: what is equal or contained, and the order, without the name where it
 * follows by itself. Throws where Firestore refuses the query.
 */
export function normalOf({ name, collection, where, orderBy }) {
  const wrong = (what) => new Error(`${name}: ${what}`);
  const strange = where.find(([, operator]) => ![...EQUAL, ...CONTAINS, ...BOUNDS].includes(operator)) ?? orderBy.find(([, direction]) => WORDS[direction] === undefined);
  if (strange !== undefined) throw wrong(`${strange.join(' ')} is nothing that Firestore knows`);
  const fields = (operators) => unique(where.filter(([, operator]) => operators.includes(operator)).map(([field]) => field));
  const equal = fields(EQUAL);
  const contained = where.filter(([, operator]) => CONTAINS.includes(operator)).map(([field]) => field);
  const bounded = fields(BOUNDS);
  if (contained.length > 1) throw wrong('more than one array-contains');
  const ordered = orderBy.map(([field]) => field);
  const both = [...ordered, ...bounded].find((field) => equal.includes(field));
  if (both !== undefined) throw wrong(`${both} is equal in all that it finds, and has an order or bounds`);
  if (unique(ordered).length < ordered.length) throw wrong('an order twice');

  const last = WORDS[orderBy.at(-1)?.[1] ?? 'asc'];
  const further = bounded.filter((field) => !ordered.includes(field)).sort().map((path) => ({ path, word: last }));
  const sort = [...orderBy.map(([path, direction]) => ({ path, word: WORDS[direction] })), ...further];
  return { collection: groupOf(collection), equal: [...equal.map((path) => ({ path, word: 'ASCENDING' })), ...contained.map((path) => ({ path, word: 'CONTAINS' }))], sort };
}

/** Of a query in normal form: { singles: [{path, word}] }, the indexes of single fields that answer it, or { composite: true }. */
export function needsOf({ equal, sort }) {
  const fields = sort.filter(({ path }) => path !== NAME);
  if (fields.length === 0) return { singles: equal };
  if (equal.length === 0 && fields.length === 1 && nameFollows(sort)) return { singles: fields };
  return { composite: true };
}

/** Whether the name has the direction of the field before it, which it has by itself. */
const nameFollows = (sort) => sort.at(-1).path !== NAME || sort.at(-1).word === sort.at(-2).word;
const withName = (sort) => (sort.at(-1)?.path === NAME ? sort : [...sort, { path: NAME, word: sort.at(-1)?.word ?? 'ASCENDING' }]);

/** The indexes that a field of a collection has: by the nearest of itself, a map that it is in, any field, Firestore itself. */
export function indexesOn({ fields }, collection, path) {
  const said = (of) => fields.find((field) => field.collection === collection && field.path === of)?.indexes;
  const parts = path.split('.');
  const nearest = parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
  return [...nearest, '*'].map(said).find((indexes) => indexes !== undefined) ?? BY_ITSELF;
}

/** What `indexes`, as deploy/firestore-indexes.js reads them, lack for a query: a list of sentences. */
export function missingFor(query, indexes) {
  const normal = normalOf(query);
  const needs = needsOf(normal);
  if (needs.singles !== undefined) {
    return needs.singles.filter(({ path, word }) => !indexesOn(indexes, normal.collection, path).includes(word))
      .map(({ path, word }) => `${query.name}: ${normal.collection}.${path} isn't indexed ${word}`);
  }
  return isMerged(normal, indexes.composites) ? [] : [`${query.name}: no index of ${normal.collection} by ${textOf([...normal.equal, ...normal.sort])}`];
}

/** Whether composite indexes with the query's order behind parts of its equalities have all of these together. */
function isMerged({ collection, equal, sort }, composites) {
  const ending = textOf(withName(sort));
  const isEqual = ({ path, word }) => equal.some((one) => one.path === path && (word === 'CONTAINS') === (one.word === 'CONTAINS'));
  const usable = composites.filter((one) => one.collection === collection && one.scope === 'COLLECTION').map(({ fields }) => {
    const whole = withName(fields);
    const begins = whole.length - withName(sort).length;
    return { first: whole.slice(0, Math.max(0, begins)), ending: textOf(whole.slice(Math.max(0, begins))) };
  }).filter((one) => one.ending === ending && one.first.every(isEqual));
  if (usable.length === 0) return false;
  const had = usable.flatMap(({ first }) => first.map(({ path }) => path));
  return equal.every(({ path }) => had.includes(path));
}

/** The composite indexes without which the queries still have all that they need, and the indexes that an exemption leaves for nobody. */
export function superfluousIn(indexes, queries) {
  const composites = indexes.composites.filter((one) => {
    const without = { ...indexes, composites: indexes.composites.filter((each) => each !== one) };
    return queries.every((query) => missingFor(query, without).length === 0);
  }).map(({ collection, fields }) => `index of ${collection} by ${textOf(fields)}`);

  const asked = queries.map(normalOf).flatMap((normal) => (needsOf(normal).singles ?? []).map(({ path, word }) => `${normal.collection}.${path} ${word}`));
  const singles = indexes.fields.flatMap(({ collection, path, indexes: words }) => words.map((word) => `${collection}.${path} ${word}`)).filter((text) => !asked.includes(text));
  return [...composites, ...singles];
}

const textOf = (fields) => fields.map(({ path, word }) => `${path} ${word}`).join(', ');
const unique = (values) => [...new Set(values)];
