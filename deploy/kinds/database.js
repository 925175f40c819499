// The database. Where data is protected it has delete protection, and point-in-time recovery of the last seven days.
import { gcloudLine } from '../command-line.js';
import { drifted, left, missing, step } from '../differences.js';
import { databasePath } from '../names.js';

// A database has no labels. Ours is known by the first setting that it gets and that nobody else would make.
const MARK = { collection: 'processed_events', field: 'expireAt' };
const nameOf = ({ database: id }) => `database ${id}`;

export const database = {
  name: 'database',
  permissions: { 'roles/datastore.owner': ['datastore.databases.create', 'datastore.databases.update', 'datastore.databases.delete'] },
  /** { database, isOurs, collections }: the resource or null, and the collections of a database that isn't ours. */
  async read(cloud, system) {
    const path = databasePath(system);
    const known = await cloud.get('firestore.googleapis.com', `v1/${path}`);
    if (known === null) return { database: null, isOurs: false, collections: [] };
    const mark = await cloud.get('firestore.googleapis.com', `v1/${path}/collectionGroups/${MARK.collection}/fields/${MARK.field}`);
    const isOurs = mark?.ttlConfig !== undefined;
    return { database: known, isOurs, collections: isOurs ? [] : await collectionsOf(cloud, path) };
  },

  compare({ database: known }, system) {
    if (known === null) return [missing(nameOf(system), create(system))];
    const otherwise = settings(system.protectData, known).filter(({ is, should }) => is !== should);
    if (otherwise.length === 0) return [];
    const update = databases('update', system, ...otherwise.map(({ flag }) => flag));
    if (!system.protectData) return [unprotected(otherwise, update, system)];
    return [drifted(nameOf(system), otherwise.map(({ setting }) => `${setting} is off, not on`), [step(`change ${nameOf(system)}`, update)])];
  },

  /** Never a database that is protected, by its own settings or the environment's, nor one without our mark. */
  removal(there, system) {
    if (there.database === null || !system.isWhole || reasonToKeep(there, system) !== null) return [];
    return [step(`delete ${nameOf(system)} with all that is in it`, databases('delete', system))];
  },

  kept(there, system) {
    const reason = there.database === null ? null : reasonToKeep(there, system);
    return reason === null ? [] : [`${nameOf(system)}: ${reason}`];
  },

  /** An empty database may have come with the project. One with others' documents is theirs. */
  collisions({ collections }, system) {
    if (collections.length === 0) return [];
    return [{
      what: `${nameOf(system)} with ${collections.join(', ')}`,
      because: `documents in it don't expire as Boma's ${MARK.collection} do`,
      adopt: ['firestore', 'fields', 'ttls', 'update', MARK.field, `--database=${system.database}`, `--collection-group=${MARK.collection}`, '--enable-ttl', '--async'],
    }];
  },
};

async function collectionsOf(cloud, path) {
  const { collectionIds = [] } = (await cloud.put('firestore.googleapis.com', `v1/${path}/documents:listCollectionIds`, { pageSize: 5 })) ?? {};
  return collectionIds;
}

function reasonToKeep({ database: known, isOurs }, system) {
  if (system.protectData) return `stays with its documents and backups, for deploy/environments/${system.environment}.json protects data`;
  if (isOn(known.deleteProtectionState)) return `stays, for it is protected against deletion: ${gcloudLine(databases('update', system, '--no-delete-protection'), system)} ends that`;
  return isOurs ? null : 'stays, for nothing shows that it is Boma\'s';
}

/** `apply` turns protection on. Only a person turns it off, since --environment may be a slip. */
function unprotected(otherwise, update, system) {
  const what = otherwise.map(({ setting }) => setting).join(' and ');
  return left(nameOf(system), `has ${what}, which deploy/environments/${system.environment}.json doesn't ask for; if nothing in it is worth that: ${gcloudLine(update, system)}`);
}

/** gcloud doesn't wait until the database is there. `describe` fails until then, and deploy.sh tries it again. */
function create(system) {
  const flags = settings(system.protectData).filter(({ should }) => should).map(({ flag }) => flag);
  const place = [`--location=${system.firestoreLocation}`, '--type=firestore-native'];
  return [
    step(`create ${nameOf(system)} in ${system.firestoreLocation}`, databases('create', system, ...place, ...flags)),
    step(`see that ${nameOf(system)} is there`, databases('describe', system)),
  ];
}

const databases = (verb, { database: id }, ...flags) => ['firestore', 'databases', verb, `--database=${id}`, ...flags];

/** Each setting: whether it is on there, whether it should be, and the flag that makes it so. */
function settings(should, known = {}) {
  return [
    { setting: 'point-in-time recovery', is: isOn(known.pointInTimeRecoveryEnablement), should, flag: should ? '--enable-pitr' : '--no-enable-pitr' },
    { setting: 'delete protection', is: isOn(known.deleteProtectionState), should, flag: should ? '--delete-protection' : '--no-delete-protection' },
  ];
}

const isOn = (state) => state?.endsWith('_ENABLED') ?? false;
