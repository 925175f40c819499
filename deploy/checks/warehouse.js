// Checks what can't be changed of a warehouse that is there: its place, what is a table and what a view, partitions, and the type of a column.
import { datasets } from '../kinds/datasets.js';
import { tables, unchangeable } from '../kinds/tables.js';
import { views } from '../kinds/views.js';
import { isTable, nameOf, usesWarehouse } from '../warehouse.js';

export function warehouseThatIsThere({ found, system }) {
  const of = (kind) => found.find((one) => one.kind === kind)?.there;
  if (!usesWarehouse(system) || of(datasets) === undefined) return [];
  return [...places(of(datasets), system), ...wrongSorts(of(tables), of(views), system), ...tablesAsTheyAre(of(tables), system)];
}

function places(there, { environment, warehouse }) {
  return Object.entries(there).filter(([, { location }]) => location.toLowerCase() !== warehouse.location.toLowerCase()).map(([id, { location }]) => (
    `dataset ${id} is in ${location}, not in ${warehouse.location}, and can't be moved: write "warehouseLocation": "${location}" into deploy/environments/${environment}.json, or take another project.`
  ));
}

function wrongSorts({ known: asTables }, { known: asViews }, { project }) {
  const wrong = [
    ...Object.values(asTables).filter((one) => !isTable(one)).map((one) => [one, 'a table']),
    ...Object.values(asViews).filter((one) => one.type !== 'VIEW').map((one) => [one, 'a view']),
  ];
  return wrong.map(([one, should]) => `${nameOf(one)} is a ${one.type}, and should be ${should}: if nobody needs it: bq rm --table ${project}:${nameOf(one)}`);
}

function tablesAsTheyAre({ known }, { warehouse }) {
  return warehouse.tables.filter((one) => known[nameOf(one)] !== undefined && isTable(known[nameOf(one)]))
    .flatMap((one) => unchangeable(one, known[nameOf(one)]).map((sentence) => `table ${nameOf(one)}: ${sentence}.`));
}
