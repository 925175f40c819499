// The datasets of the warehouse: that of all columns, and that of views without the personal ones, which may read the other one.
import { drifted, left, missing } from '../differences.js';
import { OWNER } from '../names.js';
import { BIGQUERY, callStep, usesWarehouse } from '../warehouse.js';
import { isOurs } from './values.js';

export const datasets = {
  name: 'datasets',
  permissions: { 'roles/bigquery.dataOwner': ['bigquery.datasets.create', 'bigquery.datasets.update', 'bigquery.datasets.delete'] },
  /** { id: the resource }, of those that are there. */
  async read(cloud, system) {
    if (!usesWarehouse(system)) return {};
    const read = async ({ datasetReference: { datasetId } }) => [datasetId, await cloud.get(BIGQUERY, `projects/${system.project}/datasets/${datasetId}`)];
    const found = await Promise.all(system.warehouse.datasets.map(read));
    return Object.fromEntries(found.filter(([, dataset]) => dataset !== null));
  },

  compare(there, system) {
    if (!usesWarehouse(system)) return [];
    return system.warehouse.datasets.flatMap((one) => {
      const known = there[idOf(one)];
      if (known === undefined) return [missing(`dataset ${idOf(one)} in ${one.location}`, [callStep(`create dataset ${idOf(one)}`, system, 'POST', 'datasets', one)])];
      return [...drift(one, known, system), ...readers(one, known)];
    });
  },

  /** With all that is in them, and only where nobody asks for its protection. */
  removal(there, system) {
    if (!system.isWhole || system.protectData) return [];
    return ours(there, system).map((id) => callStep(`delete dataset ${id} with all that is in it`, system, 'DELETE', `datasets/${id}?deleteContents=true`));
  },

  kept(there, system) {
    if (!system.isWhole || !system.protectData || ours(there, system).length === 0) return [];
    return [`datasets ${ours(there, system).join(' and ')}: stay with their tables, for deploy/environments/${system.environment}.json protects data`];
  },

  collisions: (there, { project }) => Object.entries(there).filter(([, dataset]) => !isOurs(dataset)).map(([id]) => ({
    what: `dataset ${id}`, adopt: ['bq', 'update', `--set_label=${OWNER.key}:${OWNER.value}`, `${project}:${id}`],
  })),
};

const idOf = ({ datasetReference: { datasetId } }) => datasetId;
/** The one that names the other goes first. */
const ours = (there, { warehouse }) => warehouse.datasets.map(idOf).filter((id) => isOurs(there[id] ?? {})).reverse();

const MS_PER_DAY = 86_400_000;
const EXPIRATIONS = { defaultTableExpirationMs: 'new tables', defaultPartitionExpirationMs: 'partitions of new tables' };

function drift(one, known, system) {
  const expiring = Object.keys(EXPIRATIONS).filter((field) => known[field] !== undefined);
  const access = known.access ?? [];
  const closed = access.filter((entry) => !isPublic(entry));
  const lacking = one.access.filter(({ dataset }) => dataset !== undefined && !access.some((entry) => isSame(entry, dataset)));
  const isOther = known.description !== one.description;
  const texts = [
    ...(closed.length < access.length ? ['is open to the public'] : []),
    ...lacking.map(({ dataset }) => `the views of ${dataset.dataset.datasetId} may not read it`),
    ...expiring.map((field) => `${EXPIRATIONS[field]} expire after ${Number(known[field]) / MS_PER_DAY} days, and nothing of it may`),
    ...(isOther ? ['is described otherwise'] : []),
  ];
  if (texts.length === 0) return [];
  const content = {
    ...((closed.length < access.length || lacking.length > 0) && { access: [...closed, ...lacking] }),
    ...Object.fromEntries(expiring.map((field) => [field, null])),
    ...(isOther && { description: one.description }),
  };
  const change = callStep(`change dataset ${idOf(one)}`, system, 'PATCH', `datasets/${idOf(one)}`, content);
  return [drifted(`dataset ${idOf(one)}`, texts, [change])];
}

const isSame = ({ dataset: there }, { dataset: { projectId, datasetId }, targetTypes }) => (
  there?.dataset.projectId === projectId && there.dataset.datasetId === datasetId && targetTypes.every((type) => there.targetTypes?.includes(type))
);

const PUBLIC = ['allUsers', 'allAuthenticatedUsers'];
const isPublic = ({ specialGroup, iamMember }) => PUBLIC.includes(specialGroup) || PUBLIC.includes(iamMember);

/** Whom a person lets read is that one's matter. These are let in by a right on the project, and would read customers' names. */
function readers(one, { access = [] }) {
  const isPersonal = one.access.some(({ dataset }) => dataset !== undefined);
  if (!isPersonal || !access.some(({ specialGroup }) => specialGroup === 'projectReaders')) return [];
  return [left(`dataset ${idOf(one)}`, 'is read by whoever may read the project (projectReaders): take that from it in the console, where it isn\'t meant')];
}
