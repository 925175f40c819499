// Fields that are indexed otherwise than Firestore does by itself, and the field by which documents expire. An index that is
// still being built is there.
import { commandLine } from '../command-line.js';
import { drifted, left, missing, step, surplus } from '../differences.js';
import { databasePath } from '../names.js';

/** What every field has that nobody has said anything of. */
const BY_ITSELF = ['ASCENDING', 'CONTAINS', 'DESCENDING'];
const FLAGS = { ASCENDING: '--index=order=ascending', DESCENDING: '--index=order=descending', CONTAINS: '--index=array-config=contains' };
/** The settings of what isn't set; Google lists them, too. */
const DEFAULTS = '__default__';

export const fields = {
  name: 'fields',
  permissions: { 'roles/datastore.indexAdmin': ['datastore.schemas.update'] },
  /** [{collection, path, indexes: [word] or null where they are inherited, ttl: its state or null}] */
  async read(cloud, system) {
    const all = await cloud.list('firestore.googleapis.com', `v1/${databasePath(system)}/collectionGroups/-/fields`, 'fields', {
      filter: 'indexConfig.usesAncestorConfig=false OR ttlConfig:*', pageSize: 300,
    });
    return all.map(fieldOf).filter(({ collection }) => collection !== DEFAULTS);
  },

  compare(there, { database, indexes: { fields: wanted } }) {
    const nobodys = there.filter((known) => !wanted.some((field) => isSame(field, known)));
    return [
      ...wanted.flatMap((field) => ofWanted({ ...field, database }, there.find((known) => isSame(field, known)))),
      ...nobodys.flatMap((known) => notWanted({ ...known, database })),
    ];
  },

  /** They go with the database. */
  removal: () => [],
};

function fieldOf({ name, indexConfig = {}, ttlConfig }) {
  const [, collection, path] = /\/collectionGroups\/([^/]+)\/fields\/(.+)$/.exec(name);
  const isInherited = indexConfig.usesAncestorConfig === true || indexConfig.reverting === true;
  return { collection, path, indexes: isInherited ? null : (indexConfig.indexes ?? []).map(wordOf).sort(), ttl: ttlConfig?.state ?? null };
}

/** An index of a scope or a kind that isn't asked for here is a word that nothing here equals. */
function wordOf({ queryScope, fields: [{ order, arrayConfig }] }) {
  const word = order ?? arrayConfig ?? 'VECTOR';
  return queryScope === 'COLLECTION' ? word : `${queryScope} ${word}`;
}

const isSame = (one, other) => one.collection === other.collection && one.path === other.path;
const nameOf = ({ collection, path }) => `${collection}.${path}`;

function ofWanted(field, known = { indexes: null, ttl: null }) {
  const should = [...field.indexes].sort();
  const differences = [];
  if (known.indexes === null) {
    differences.push(missing(`${nameOf(field)}: ${indexed(should)}`, [index(field)]));
  } else if (known.indexes.join() !== should.join()) {
    differences.push(drifted(nameOf(field), [`is ${indexed(known.indexes)}, not ${indexed(should)}`], [index(field)]));
  }
  if (field.ttl && known.ttl === null) differences.push(missing(`${nameOf(field)}: documents expire by it`, [expire(field)]));
  if (field.ttl && known.ttl === 'NEEDS_REPAIR') differences.push(drifted(nameOf(field), ['documents no longer expire by it: Firestore calls for repair'], [expire(field)]));
  if (!field.ttl && known.ttl !== null) differences.push(keeping(field));
  return differences;
}

/** An index less than by itself may be one that a function needs; one more is somebody's, who may need it. */
function notWanted(known) {
  const differences = known.ttl === null ? [] : [keeping(known)];
  if (known.indexes === null) return differences;
  if (BY_ITSELF.every((word) => known.indexes.includes(word))) {
    return [...differences, left(nameOf(known), `is ${indexed(known.indexes)}, which firestore.indexes.json doesn't say: write it there, or ${commandLine(['gcloud', ...clear(known).gcloud])}`)];
  }
  return [...differences, surplus(nameOf(known), `is ${indexed(known.indexes)}, which firestore.indexes.json doesn't say`, [clear(known)])];
}

const indexed = (words) => (words.length === 0 ? 'not indexed' : `indexed ${words.join(', ')}`);
const keeping = (field) => surplus(nameOf(field), 'documents expire by it, and should stay', [keep(field)]);

const index = (field) => step(`set the indexes of ${nameOf(field)}`, indexesUpdate(field, ...(field.indexes.length === 0 ? ['--disable-indexes'] : field.indexes.map((word) => FLAGS[word]))));
const clear = (field) => step(`index ${nameOf(field)} as Firestore does by itself`, indexesUpdate(field, '--clear-exemption'));
const expire = (field) => step(`let documents expire by ${nameOf(field)}`, ttlsUpdate(field, '--enable-ttl'));
const keep = (field) => step(`let no documents expire by ${nameOf(field)}`, ttlsUpdate(field, '--disable-ttl'));

const indexesUpdate = (field, ...flags) => ['firestore', 'indexes', 'fields', 'update', field.path, ...of(field), ...flags];
const ttlsUpdate = (field, ...flags) => ['firestore', 'fields', 'ttls', 'update', field.path, ...of(field), ...flags];
/** Without waiting: where there are documents, it may take hours. */
const of = ({ database, collection }) => [`--database=${database}`, `--collection-group=${collection}`, '--async'];
