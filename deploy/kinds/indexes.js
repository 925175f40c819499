// Composite indexes. One that is still being built counts as there.
import { gcloudLine } from '../command-line.js';
import { drifted, left, missing, step } from '../differences.js';
import { databasePath, lastOf } from '../names.js';

export const indexes = {
  name: 'indexes',
  permissions: { 'roles/datastore.indexAdmin': ['datastore.schemas.create', 'datastore.schemas.delete'] },
  /** [{id, collection, scope, state, fields: [{path, word}]}] */
  async read(cloud, system) {
    const all = await cloud.list('firestore.googleapis.com', `v1/${databasePath(system)}/collectionGroups/-/indexes`, 'indexes', { pageSize: 300 });
    return all.map(indexOf);
  },

  compare(there, { project, database, indexes: { composites } }) {
    const compared = composites.flatMap((wanted) => {
      const known = there.find((index) => textOf(index) === textOf(wanted));
      if (known === undefined) return [missing(textOf(wanted), [create(wanted, database)])];
      return known.state === 'NEEDS_REPAIR' ? [drifted(textOf(wanted), ['couldn\'t be built'], [remove(known, database), create(wanted, database)])] : [];
    });
    const nobodys = there.filter((index) => !composites.some((wanted) => textOf(wanted) === textOf(index)));
    return [...compared, ...nobodys.map((index) => unknown(index, database, project))];
  },

  /** They go with the database. */
  removal: () => [],
};

function indexOf({ name, queryScope, state, fields }) {
  const [, collection] = /\/collectionGroups\/([^/]+)\//.exec(name);
  const said = fields.map(({ fieldPath, order, arrayConfig }) => ({ path: fieldPath, word: order ?? arrayConfig ?? 'VECTOR' }));
  return { id: lastOf(name), collection, scope: queryScope, state, fields: withoutName(said) };
}

/** Firestore adds the document's name in the order of the last field, also where the index doesn't name it. */
function withoutName(fields) {
  const last = fields.at(-1);
  const before = fields.at(-2)?.word === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING';
  return last.path === '__name__' && last.word === before ? fields.slice(0, -1) : fields;
}

const textOf = ({ collection, scope, fields }) => (
  `index of ${scope === 'COLLECTION' ? '' : 'all '}${collection} by ${withoutName(fields).map(({ path, word }) => `${path} ${word}`).join(', ')}`
);

/** Somebody's query may need it: a person decides. */
function unknown(index, database, project) {
  return left(textOf(index), `isn't in firestore.indexes.json: write it there, or ${gcloudLine(remove(index, database).gcloud, { project })}`);
}

const create = (wanted, database) => step(`create ${textOf(wanted)}`, [
  'firestore', 'indexes', 'composite', 'create', `--database=${database}`, `--collection-group=${wanted.collection}`,
  `--query-scope=${wanted.scope.toLowerCase().replace('_', '-')}`,
  ...wanted.fields.map(({ path, word }) => `--field-config=field-path=${path},${word === 'CONTAINS' ? 'array-config=contains' : `order=${word.toLowerCase()}`}`),
  '--async',
]);

const remove = (index, database) => step(`delete ${textOf(index)}`, ['firestore', 'indexes', 'composite', 'delete', index.id, `--database=${database}`]);
