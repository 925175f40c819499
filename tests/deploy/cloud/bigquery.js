// BigQuery's datasets, tables and views. As Google's, it takes no view of what isn't there, changes no column's type and takes none away,
// and deletes no dataset with something in it unless it is told to.
import { alreadyThere, notFound, problem } from './refusals.js';

export const API = 'bigquery.googleapis.com';

const PATH = /^projects\/(?<project>[^/]+)\/datasets(?:\/(?<dataset>[^/]+)(?<tables>\/tables(?:\/(?<table>[^/:]+))?)?)?$/;

export function answer(request, cloud) {
  const datasets = (cloud.state.datasets ??= new Map());
  const { project, dataset, tables, table } = PATH.exec(request.path)?.groups ?? {};
  if (project !== cloud.project) return undefined;
  if (dataset === undefined) return request.method === 'POST' ? createDataset(datasets, request.body) : undefined;
  if (tables === undefined) return ofDataset(datasets, dataset, request);
  if (!datasets.has(dataset)) return notFound(`Dataset ${project}:${dataset}`);
  return table === undefined ? ofTables(datasets, dataset, request) : ofTable(datasets, dataset, table, request);
}

export const exists = (path, { state }) => {
  const { dataset, table } = PATH.exec(path)?.groups ?? {};
  return state.datasets?.get(dataset)?.tables.has(table) ?? false;
};

const refused = (message) => ({ status: 400, body: problem(400, message) });

function createDataset(datasets, body) {
  const id = body.datasetReference.datasetId;
  if (datasets.has(id)) return alreadyThere(`Dataset ${id}`);
  const stranger = strangerIn(body, datasets);
  if (stranger !== undefined) return notFound(`Dataset ${stranger}`);
  datasets.set(id, { resource: { ...body, kind: 'bigquery#dataset', etag: 'e', access: body.access ?? [{ role: 'READER', specialGroup: 'projectReaders' }] }, tables: new Map() });
  return { body: datasets.get(id).resource };
}

const strangerIn = ({ access = [] }, datasets) => access.map((entry) => entry.dataset?.dataset.datasetId).find((id) => id !== undefined && !datasets.has(id));

function ofDataset(datasets, id, { method, query, body }) {
  const known = datasets.get(id);
  if (known === undefined) return notFound(`Dataset ${id}`);
  if (method === 'GET') return { body: known.resource };
  if (method === 'PATCH') {
    const stranger = strangerIn(body, datasets);
    return stranger === undefined ? { body: patched(known.resource, body) } : notFound(`Dataset ${stranger}`);
  }
  if (method !== 'DELETE') return undefined;
  if (known.tables.size > 0 && query.deleteContents !== 'true') return refused(`Dataset ${id} is still in use`);
  datasets.delete(id);
  return { body: {} };
}

/** Null takes a field away. */
function patched(resource, body) {
  for (const [field, value] of Object.entries(body)) {
    if (value === null) delete resource[field];
    else resource[field] = withoutNull(value);
  }
  return resource;
}

function withoutNull(value) {
  if (Array.isArray(value) || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

function ofTables(datasets, dataset, { method, body }) {
  const { tables } = datasets.get(dataset);
  if (method === 'GET') return { body: tables.size === 0 ? {} : { tables: [...tables.values()].map(({ tableReference, type, labels }) => ({ tableReference, type, labels })) } };
  if (method !== 'POST') return undefined;
  const id = body.tableReference.tableId;
  if (tables.has(id)) return alreadyThere(`Table ${dataset}.${id}`);
  const wrong = wrongWithView(body, datasets) ?? wrongWithTable(body);
  if (wrong !== undefined) return wrong;
  tables.set(id, { ...body, kind: 'bigquery#table', etag: 'e', type: body.view ? 'VIEW' : 'TABLE' });
  return { body: tables.get(id) };
}

function ofTable(datasets, dataset, id, { method, body }) {
  const { tables } = datasets.get(dataset);
  const known = tables.get(id);
  if (known === undefined) return notFound(`Table ${dataset}.${id}`);
  if (method === 'GET') return { body: known };
  if (method === 'PATCH') {
    const wrong = wrongWithView(body, datasets) ?? wrongWithSchema(known.schema?.fields, body.schema?.fields) ?? wrongWithTable({ ...known, ...body });
    return wrong ?? { body: patched(known, body) };
  }
  if (method !== 'DELETE') return undefined;
  tables.delete(id);
  return { body: {} };
}

/** What it names must be there, and the columns that it names one by one. */
function wrongWithView({ view }, datasets) {
  if (view === undefined) return undefined;
  const named = [...view.query.matchAll(/`[\w-]+\.(\w+)\.(\w+)`/g)].map(([, dataset, table]) => [dataset, table, datasets.get(dataset)?.tables.get(table)]);
  const unknown = named.find(([, , table]) => table === undefined);
  if (unknown !== undefined) return notFound(`Table ${unknown[0]}.${unknown[1]}`);
  const [, list] = /^SELECT (`\w+`(?:, `\w+`)*)\nFROM/.exec(view.query) ?? [];
  const fields = named[0]?.[2].schema?.fields;
  if (list === undefined || fields === undefined) return undefined;
  const strange = list.replaceAll('`', '').split(', ').find((name) => !fields.some((field) => field.name === name));
  return strange === undefined ? undefined : refused(`Unrecognized name: ${strange}`);
}

function wrongWithTable({ schema, timePartitioning, clustering }) {
  if (schema === undefined) return undefined;
  const lacking = [timePartitioning?.field, ...(clustering?.fields ?? [])].find((name) => name !== undefined && !schema.fields.some((field) => field.name === name));
  return lacking === undefined ? undefined : refused(`The field ${lacking} is not in the schema`);
}

function wrongWithSchema(there, wanted, above = '') {
  if (there === undefined || wanted === undefined) return undefined;
  for (const is of there) {
    const should = wanted.find(({ name }) => name === is.name);
    if (should === undefined) return refused(`Provided Schema does not match Table. Field ${above}${is.name} is missing in new schema`);
    if (should.type !== is.type || (should.mode === 'REPEATED') !== (is.mode === 'REPEATED')) return refused(`Field ${above}${is.name} has changed type from ${is.type} to ${should.type}`);
    if (should.mode === 'REQUIRED' && is.mode !== 'REQUIRED') return refused(`Field ${above}${is.name} has changed mode from NULLABLE to REQUIRED`);
    const wrong = wrongWithSchema(is.fields, should.fields, `${above}${is.name}.`);
    if (wrong !== undefined) return wrong;
  }
  const required = wanted.find(({ name, mode }) => mode === 'REQUIRED' && !there.some((is) => is.name === name));
  return required === undefined ? undefined : refused(`Cannot add required fields to an existing schema. (field: ${above}${required.name})`);
}
