// Firestore's administration: databases, backup schedules, fields, indexes. As Google answers: what takes time there is an
// operation, which here is done at once; an index and an expiry begin as CREATING and stay so until a test says otherwise.
import { alreadyThere, notFound, problem } from './refusals.js';

export const API = 'firestore.googleapis.com';

const DEFAULT_INDEXES = [{ order: 'ASCENDING' }, { order: 'DESCENDING' }, { arrayConfig: 'CONTAINS' }];

export function answer(request, cloud) {
  const databases = (cloud.state.databases ??= new Map());
  const [, id, rest = ''] = new RegExp(`^v1/projects/${cloud.project}/databases(?:/([^/:]+)(.*))?$`).exec(request.path) ?? [];
  if (id === undefined) return request.method === 'POST' ? create(databases, request, cloud) : undefined;
  const database = databases.get(id);
  if (database === undefined) return notFound(`database ${id}`);
  if (rest === '') return ofDatabase(databases, database, request);
  const [, kind, of] = /^\/(backupSchedules|operations)(?:\/(.+))?$/.exec(rest) ?? [];
  if (kind === 'operations' && of === undefined) return { body: {} };
  if (kind === 'operations') return { body: { name: request.path.slice('v1/'.length), done: true, response: {} } };
  if (kind === 'backupSchedules') return ofSchedules(database, of, request);
  if (rest === '/documents:listCollectionIds') return { body: { collectionIds: database.collections } };
  const [, collection, things, thing] = /^\/collectionGroups\/([^/]+)\/(fields|indexes)(?:\/(.+))?$/.exec(rest) ?? [];
  if (things === 'fields') return ofFields(database, { collection, path: thing }, request);
  if (things === 'indexes') return ofIndexes(database, { collection, id: thing }, request);
  return undefined;
}

function create(databases, { query: { databaseId }, body }, { project }) {
  if (databases.has(databaseId)) return alreadyThere(`database ${databaseId}`);
  const name = `projects/${project}/databases/${databaseId}`;
  const resource = {
    name, uid: `uid-${databases.size}`, locationId: body.locationId, type: body.type, databaseEdition: 'STANDARD', concurrencyMode: 'PESSIMISTIC',
    pointInTimeRecoveryEnablement: recovery(body), deleteProtectionState: body.deleteProtectionState ?? 'DELETE_PROTECTION_DISABLED', etag: 'e',
  };
  databases.set(databaseId, { resource, schedules: new Map(), fields: new Map(), indexes: new Map(), collections: [] });
  return operation(name, resource);
}

/** Unspecified is off. */
const recovery = ({ pointInTimeRecoveryEnablement: said }) => (
  said === 'POINT_IN_TIME_RECOVERY_ENABLED' ? said : 'POINT_IN_TIME_RECOVERY_DISABLED'
);

function ofDatabase(databases, { resource }, { method, query, body }) {
  if (method === 'GET') return { body: resource };
  if (method === 'PATCH') {
    const said = query.updateMask?.split(',') ?? Object.keys(body).filter((field) => field !== 'name');
    for (const field of said) resource[field] = body[field];
    return operation(resource.name, resource);
  }
  if (method !== 'DELETE') return undefined;
  if (resource.deleteProtectionState === 'DELETE_PROTECTION_ENABLED') return { status: 400, body: problem(400, 'Delete protection is enabled on this database.') };
  databases.delete(resource.name.split('/').at(-1));
  return operation(resource.name, resource);
}

function ofSchedules({ resource, schedules }, id, { method, body }) {
  if (id === undefined && method === 'GET') return { body: schedules.size === 0 ? {} : { backupSchedules: [...schedules.values()] } };
  if (id === undefined && method === 'POST') {
    const name = `${resource.name}/backupSchedules/schedule-${schedules.size + 1}`;
    const twice = [...schedules.values()].some((known) => ['dailyRecurrence', 'weeklyRecurrence'].some((field) => known[field] && body[field]));
    if (twice) return alreadyThere('a schedule of this recurrence');
    schedules.set(name, { ...body, name });
    return { body: schedules.get(name) };
  }
  const name = `${resource.name}/backupSchedules/${id}`;
  if (!schedules.has(name)) return notFound(name);
  if (method === 'PATCH') Object.assign(schedules.get(name), { retention: body.retention });
  const schedule = schedules.get(name);
  if (method === 'DELETE') schedules.delete(name);
  return { body: method === 'DELETE' ? {} : schedule };
}

function ofFields({ resource, fields }, { collection, path }, { method, query, body }) {
  if (path === undefined) {
    if (query.filter !== 'indexConfig.usesAncestorConfig=false OR ttlConfig:*') return undefined;
    const defaults = { name: `${resource.name}/collectionGroups/__default__/fields/*`, indexConfig: { indexes: indexesOf('*', DEFAULT_INDEXES) } };
    return { body: { fields: [defaults, ...[...fields.values()].filter((field) => field.ttlConfig || !field.indexConfig.usesAncestorConfig)] } };
  }
  const name = `${resource.name}/collectionGroups/${collection}/fields/${path}`;
  const field = fields.get(name) ?? { name, indexConfig: inherited(resource, path) };
  if (method === 'GET') return { body: field };
  if (query.updateMask === 'indexConfig') {
    const { indexConfig } = body;
    field.indexConfig = indexConfig === undefined
      ? inherited(resource, path)
      : { indexes: indexesOf(path, (indexConfig.indexes ?? []).flatMap((index) => index.fields)), ancestorField: `${resource.name}/collectionGroups/__default__/fields/*` };
  } else if (query.updateMask === 'ttlConfig') {
    if (body.ttlConfig === undefined) delete field.ttlConfig;
    else field.ttlConfig = { state: 'CREATING' };
  } else {
    return undefined;
  }
  fields.set(name, field);
  return operation(resource.name, field);
}

const inherited = ({ name }, path) => ({
  usesAncestorConfig: true, ancestorField: `${name}/collectionGroups/__default__/fields/*`, indexes: indexesOf(path, DEFAULT_INDEXES),
});

const indexesOf = (path, configs) => configs.map((config) => ({
  queryScope: 'COLLECTION', state: 'CREATING', fields: [{ fieldPath: path, ...config }],
}));

function ofIndexes({ resource, indexes }, { collection, id }, { method, body }) {
  if (id === undefined && method === 'GET') return { body: indexes.size === 0 ? {} : { indexes: [...indexes.values()] } };
  if (id === undefined && method === 'POST') {
    const name = `${resource.name}/collectionGroups/${collection}/indexes/index-${indexes.size + 1}`;
    const order = body.fields.at(-1).order ?? 'ASCENDING';
    indexes.set(name, { ...body, name, state: 'CREATING', density: 'SPARSE_ALL', fields: [...body.fields, { fieldPath: '__name__', order }] });
    return operation(resource.name, indexes.get(name));
  }
  // An index's id is enough: "-" stands for any collection.
  const name = [...indexes.keys()].find((known) => known.endsWith(`/indexes/${id}`));
  if (name === undefined) return notFound(`index ${id}`);
  if (method === 'DELETE') indexes.delete(name);
  return { body: {} };
}

const operation = (database, response) => ({
  body: { name: `${database}/operations/op-1`, done: true, metadata: { '@type': 'type.googleapis.com/google.firestore.admin.v1.FieldOperationMetadata' }, response },
});
