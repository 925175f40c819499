// Exemptions of single fields from automatic indexing, and the fields by which documents expire (TTL). An index that is still being
// built counts as there.
import { gcloudLine } from '../command-line.js';
import { drifted, left, missing, step, surplus } from '../differences.js';
import { databasePath } from '../names.js';

/** The automatic indexes of a field without an exemption. */
const BY_ITSELF = ['ASCENDING', 'CONTAINS', 'DESCENDING'];
const FLAGS = { ASCENDING: '--index=order=ascending', DESCENDING: '--index=order=descending', CONTAINS: '--index=array-config=contains' };
/** The collection under which Google lists the defaults. */
const DEFAULTS = '__default__';

export const fields = {
  name: 'fields',
  permissions: { 'roles/datastore.indexAdmin': ['datastore.schemas.update'] },
  /** { known: [{collection, path, indexes: [word] or null where they are inherited, ttl: its state or null}], changing: [{collection, path}] } */
  async read(cloud, system) {
    const [known, operations] = await Promise.all([
      cloud.list('firestore.googleapis.com', `v1/${databasePath(system)}/collectionGroups/-/fields`, 'fields', {
        filter: 'indexConfig.usesAncestorConfig=false OR ttlConfig:*', pageSize: 300,
      }),
      cloud.list('firestore.googleapis.com', `v1/${databasePath(system)}/operations`, 'operations', { pageSize: 300 }),
    ]);
    return {
      known: known.map(fieldOf).filter(({ collection }) => collection !== DEFAULTS),
      changing: operations.filter(({ done, metadata }) => !done && metadata?.field !== undefined).map(({ metadata }) => placeOf(metadata.field)),
    };
  },

  compare({ known: there, changing }, { project, database, indexes: { fields: wanted } }) {
    const nobodys = there.filter((known) => !wanted.some((field) => isSame(field, known)));
    const differences = [
      ...wanted.map((field) => [field, ofWanted({ ...field, database }, there.find((known) => isSame(field, known)))]),
      ...nobodys.map((known) => [known, notWanted({ ...known, database }, project)]),
    ];
    // Until a change is done, Firestore may still show the field as it was, and takes no other change of it.
    return differences.flatMap(([field, ways]) => (ways.length > 0 && changing.some((place) => isSame(field, place)) ? [underWay(field)] : ways));
  },

  /** They go with the database. */
  removal: () => [],
};

const underWay = (field) => left(nameOf(field), 'is being changed, which takes Firestore a while; plan shows when it is through');

function placeOf(name) {
  const [, collection, path] = /\/collectionGroups\/([^/]+)\/fields\/(.+)$/.exec(name);
  return { collection, path };
}

function fieldOf({ name, indexConfig = {}, ttlConfig }) {
  const isInherited = indexConfig.usesAncestorConfig === true || indexConfig.reverting === true;
  return { ...placeOf(name), indexes: isInherited ? null : (indexConfig.indexes ?? []).map(wordOf).sort(), ttl: ttlConfig?.state ?? null };
}

/** An index of another scope or kind becomes a word that equals none of ours, and so differs. */
function wordOf({ queryScope, fields: [{ order, arrayConfig }] }) {
  const word = order ?? arrayConfig ?? 'VECTOR';
  return queryScope === 'COLLECTION' ? word : `${queryScope} ${word}`;
}

const isSame = (one, other) => one.collection === other.collection && one.path === other.path;
const nameOf = ({ collection, path }) => `${collection}.${path}`;

function ofWanted(field, known = { indexes: null, ttl: null }) {
  const should = [...field.indexes].sort();
  const differences = [];
  const comesToExpire = field.ttl && known.ttl === null;
  if (known.indexes === null) {
    differences.push(missing(`${nameOf(field)}: ${indexed(should)}`, [index(field, comesToExpire)]));
  } else if (known.indexes.join() !== should.join()) {
    differences.push(drifted(nameOf(field), [`is ${indexed(known.indexes)}, not ${indexed(should)}`], [index(field, comesToExpire)]));
  }
  if (comesToExpire) differences.push(missing(`${nameOf(field)}: documents expire by it`, [expire(field)]));
  if (field.ttl && known.ttl === 'NEEDS_REPAIR') differences.push(drifted(nameOf(field), ['documents no longer expire by it: Firestore calls for repair'], [expire(field)]));
  if (!field.ttl && known.ttl !== null) differences.push(keeping(field));
  return differences;
}

/** An exemption without an automatic index may break a function, and goes. One with more indexes may serve a query: a person decides. */
function notWanted(known, project) {
  const differences = known.ttl === null ? [] : [keeping(known)];
  if (known.indexes === null) return differences;
  if (BY_ITSELF.every((word) => known.indexes.includes(word))) {
    return [...differences, left(nameOf(known), `is ${indexed(known.indexes)}, which firestore.indexes.json doesn't say: write it there, or ${gcloudLine(clear(known).gcloud, { project })}`)];
  }
  return [...differences, surplus(nameOf(known), `is ${indexed(known.indexes)}, which firestore.indexes.json doesn't say`, [clear(known)])];
}

const indexed = (words) => (words.length === 0 ? 'not indexed' : `indexed ${words.join(', ')}`);
const keeping = (field) => surplus(nameOf(field), 'documents expire by it, and should stay', [keep(field)]);

/** Waits for the index only where another change of the same field comes next. */
function index(field, isWaitedFor) {
  const flags = field.indexes.length === 0 ? ['--disable-indexes'] : field.indexes.map((word) => FLAGS[word]);
  return step(`set the indexes of ${nameOf(field)}`, indexesUpdate({ ...field, isWaitedFor }, ...flags));
}
const clear = (field) => step(`index ${nameOf(field)} as Firestore does by itself`, indexesUpdate(field, '--clear-exemption'));
const expire = (field) => step(`let documents expire by ${nameOf(field)}`, ttlsUpdate(field, '--enable-ttl'));
const keep = (field) => step(`let no documents expire by ${nameOf(field)}`, ttlsUpdate(field, '--disable-ttl'));

const indexesUpdate = (field, ...flags) => ['firestore', 'indexes', 'fields', 'update', field.path, ...of(field), ...flags];
const ttlsUpdate = (field, ...flags) => ['firestore', 'fields', 'ttls', 'update', field.path, ...of(field), ...flags];
/** Mostly without waiting: with many documents a change takes hours. */
const of = ({ database, collection, isWaitedFor = false }) => [`--database=${database}`, `--collection-group=${collection}`, ...(isWaitedFor ? [] : ['--async'])];
