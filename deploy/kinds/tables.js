// The tables of the warehouse. Their columns grow as analytics/tables/ does, before any function appends rows that have them; what a
// table has beyond that stays.
import { columnsBetween } from '../columns.js';
import { drifted, left, missing } from '../differences.js';
import { changeStep, createStep, isTable, nameOf, readTables, usesWarehouse } from '../warehouse.js';
import { isOurs } from './values.js';

const MS_PER_DAY = 86_400_000;

export const tables = {
  name: 'tables',
  permissions: { 'roles/bigquery.dataOwner': ['bigquery.tables.create', 'bigquery.tables.update'] },
  read: (cloud, system) => (usesWarehouse(system) ? readTables(cloud, system, system.warehouse.tables) : { known: {}, listed: [] }),

  compare({ known, listed }, system) {
    if (!usesWarehouse(system)) return [];
    const compared = system.warehouse.tables.flatMap((one) => {
      const there = known[nameOf(one)];
      if (there === undefined) return [missing(`table ${nameOf(one)}`, [{ ...createStep(`create table ${nameOf(one)}`, system, one), wave: 'create' }])];
      return [...drift(one, there, system), ...strangers(one, there)];
    });
    return [...compared, ...unknown(listed, system)];
  },

  /** They go with their dataset. */
  removal: () => [],
};

/** What of a table nothing can change, each a sentence. */
export function unchangeable(one, there) {
  const { type, field } = there.timePartitioning ?? {};
  const { timePartitioning: should } = one;
  const partitions = type === should.type && field === should.field ? [] : [`it is partitioned by ${type ?? 'nothing'} of ${field ?? 'nothing'}, not by ${should.type} of ${should.field}, which can't be changed: copy its rows into a new one`];
  return [...columnsBetween(one.schema.fields, there.schema?.fields ?? []).impossible, ...partitions];
}

/** [texts, what ends them] for each part of a table that can be changed. */
function parts(one, there) {
  const { texts, grown } = columnsBetween(one.schema.fields, there.schema?.fields ?? []);
  const clustered = (resource) => resource.clustering?.fields.join(', ') ?? 'nothing';
  const expiring = [
    there.expirationTime === undefined ? [] : [`is deleted on ${new Date(Number(there.expirationTime)).toISOString().slice(0, 10)}, and may not be`],
    there.timePartitioning?.expirationMs === undefined ? [] : [`its partitions expire after ${Number(there.timePartitioning.expirationMs) / MS_PER_DAY} days, and may not`],
  ];
  return [
    [texts, { schema: { fields: grown } }],
    [expiring[0], { expirationTime: null }],
    [expiring[1], { timePartitioning: { ...one.timePartitioning, expirationMs: null } }],
    [clustered(there) === clustered(one) ? [] : [`is clustered by ${clustered(there)}, not ${clustered(one)}`], { clustering: one.clustering }],
    [there.requirePartitionFilter === true ? [] : ['is read without a condition on its partitions'], { requirePartitionFilter: true }],
    [there.description === one.description ? [] : ['is described otherwise'], { description: one.description }],
    [isOurs(there) ? [] : ['has no label of its owner'], { labels: one.labels }],
  ];
}

/** What can't be changed stops an `apply` before its first step (checks/warehouse.js). */
function drift(one, there, system) {
  const otherwise = parts(one, there).filter(([texts]) => texts.length > 0);
  if (otherwise.length === 0) return [];
  const content = Object.assign({}, ...otherwise.map(([, part]) => part));
  return [drifted(`table ${nameOf(one)}`, otherwise.flatMap(([texts]) => texts), [changeStep(`change table ${nameOf(one)}`, system, one, content)])];
}

function strangers(one, there) {
  const names = columnsBetween(one.schema.fields, there.schema?.fields ?? []).strangers;
  return names.length === 0 ? [] : [left(`table ${nameOf(one)}`, `has ${names.join(', ')}, which its file doesn't: it stays, with what is in it; write it into the file, or drop the column by hand if nobody needs it`)];
}

/** A newer tree may have it, and it is full of rows: a person decides. */
function unknown(listed, { project, warehouse }) {
  const names = [...warehouse.tables, ...warehouse.views].map(nameOf);
  return listed.filter((one) => isOurs(one) && isTable(one) && !names.includes(nameOf(one))).map((one) => (
    left(`table ${nameOf(one)}`, `is Boma's, and nothing here appends to it; if nobody reads it any more: bq rm --table ${project}:${nameOf(one)}`)
  ));
}
