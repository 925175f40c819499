// The warehouse that should be: analytics/ as BigQuery's resources, with their owner and the place where they lie. And the steps that
// change it: gcloud has no commands for it, so they are a program of ours.
import { readFileSync } from 'node:fs';

import { DATASET, authorizedDatasetEntry, warehouseResources } from '../analytics/resources.js';
import { programStep } from './differences.js';
import { OWNER } from './names.js';

export const BIGQUERY = 'bigquery.googleapis.com';
export { DATASET };

const { firestore: { multiRegions } } = JSON.parse(readFileSync(new URL('regions.json', import.meta.url), 'utf8'));
/** Whoever owns the project. BigQuery would let all its readers in, if nobody were named. */
const OWNERS = { role: 'OWNER', specialGroup: 'projectOwners' };

/**
 * { location, datasets, tables, views } in the order in which they can be made. The dataset with personal columns comes after the one
 * whose views may read it: its access names that one.
 */
export function warehouseOf({ project, firestoreLocation, warehouseLocation }) {
  const location = warehouseLocation ?? multiRegions[firestoreLocation]?.bigquery ?? firestoreLocation;
  const { datasets, tables, views } = warehouseResources({ project });
  const owned = (resource) => ({ ...resource, labels: { [OWNER.key]: OWNER.value } });
  const placed = (dataset) => ({
    ...owned(dataset), location, access: [OWNERS, ...(dataset.datasetReference.datasetId === DATASET ? [authorizedDatasetEntry({ project })] : [])],
  });
  return { location, datasets: datasets.map(placed).reverse(), tables: tables.map(owned), views: views.map(owned) };
}

/** Whether this system has to do with it: with `--only`, where the function appends to tables. */
export const usesWarehouse = ({ isWhole, functions }) => isWhole || functions.some(({ permissions }) => permissions.some(({ tables = [] }) => tables.length > 0));

export const nameOf = ({ tableReference: { datasetId, tableId } }) => `${datasetId}.${tableId}`;
export const isTable = ({ type }) => type === 'TABLE';
const placeOf = ({ datasetId, tableId }) => `datasets/${datasetId}/tables/${tableId}`;

/** Of the wanted tables or views what is there, by name, and the list of everything in their datasets: { known: {name: resource}, listed }. */
export async function readTables(cloud, { project }, wanted) {
  const datasets = [...new Set(wanted.map(({ tableReference: { datasetId } }) => datasetId))];
  const lists = datasets.map((dataset) => cloud.list(BIGQUERY, `projects/${project}/datasets/${dataset}/tables`, 'tables', { maxResults: 1000 }));
  const listed = (await Promise.all(lists)).flat();
  const names = listed.map(nameOf);
  const there = wanted.filter((one) => names.includes(nameOf(one)));
  const read = async (one) => [nameOf(one), await cloud.get(BIGQUERY, `projects/${project}/${placeOf(one.tableReference)}`, { view: 'BASIC' })];
  const known = (await Promise.all(there.map(read))).filter(([, resource]) => resource !== null);
  return { known: Object.fromEntries(known), listed };
}

/** A call of BigQuery's REST interface as a step. `place` is below the project. */
export const callStep = (say, { project }, verb, place, content) => ({
  ...programStep(say, ['node', 'deploy/change-warehouse.js', `--project=${project}`, verb, place]),
  ...(content && { file: { flag: '--body', name: `${say.replaceAll(/\W+/g, '-')}.json`, content } }),
});

export const createStep = (say, system, resource) => callStep(say, system, 'POST', `datasets/${resource.tableReference.datasetId}/tables`, resource);
export const changeStep = (say, system, { tableReference }, content) => callStep(say, system, 'PATCH', placeOf(tableReference), content);
export const deleteStep = (say, system, { tableReference }) => callStep(say, system, 'DELETE', placeOf(tableReference));

export const tablePath = ({ project }, table) => `projects/${project}/${placeOf({ datasetId: DATASET, tableId: table })}`;
/** `verb`: bind or unbind. */
export function bindingStep(say, { project }, verb, table, { member, role }) {
  const { program, ...step } = callStep(say, { project }, verb, placeOf({ datasetId: DATASET, tableId: table }));
  return { ...step, program: [...program, `--member=${member}`, `--role=${role}`] };
}
