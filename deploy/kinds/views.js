// The views of the warehouse: what is now, the questions, and both without personal columns. A view holds nothing, so it is replaced where
// its SQL is another.
import { drifted, missing, surplus } from '../differences.js';
import { changeStep, createStep, deleteStep, isTable, nameOf, readTables, usesWarehouse } from '../warehouse.js';
import { isOurs } from './values.js';

export const views = {
  name: 'views',
  permissions: { 'roles/bigquery.dataOwner': ['bigquery.tables.create', 'bigquery.tables.update', 'bigquery.tables.delete', 'bigquery.tables.getData'] },
  read: (cloud, system) => (usesWarehouse(system) ? readTables(cloud, system, system.warehouse.views) : { known: {}, listed: [] }),

  /** One after the other: some read others. */
  compare({ known, listed }, system) {
    if (!usesWarehouse(system)) return [];
    const compared = system.warehouse.views.flatMap((one) => {
      const there = known[nameOf(one)];
      if (there === undefined) return [missing(`view ${nameOf(one)}`, [createStep(`create view ${nameOf(one)}`, system, one)])];
      return drift(one, there, system);
    });
    return [...compared, ...unwanted(listed, system)];
  },

  /** They go with their dataset. */
  removal: () => [],
};

function drift(one, there, system) {
  const otherwise = [
    ['its SQL is another', there.view?.query === one.view.query && there.view.useLegacySql === false, { view: one.view }],
    ['is described otherwise', there.description === one.description, { description: one.description }],
    ['has no label of its owner', isOurs(there), { labels: one.labels }],
  ].filter(([, isRight]) => !isRight);
  if (otherwise.length === 0) return [];
  const content = Object.assign({}, ...otherwise.map(([, , part]) => part));
  return [drifted(`view ${nameOf(one)}`, otherwise.map(([text]) => text), [changeStep(`change view ${nameOf(one)}`, system, one, content)])];
}

/** Somebody's own view in the same dataset has no label of ours. */
function unwanted(listed, system) {
  const names = [...system.warehouse.tables, ...system.warehouse.views].map(nameOf);
  return listed.filter((one) => isOurs(one) && !isTable(one) && !names.includes(nameOf(one))).map((one) => (
    surplus(`view ${nameOf(one)}`, 'is Boma\'s, and nothing here asks for it', [deleteStep(`delete view ${nameOf(one)}`, system, one)])
  ));
}
