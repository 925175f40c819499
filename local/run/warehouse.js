// What a replay shows of the warehouse: every view as a file of lines, and the conversion table of the summary.
import { DATASET, warehouseResources } from '../../analytics/resources.js';
import { latestOf, readTables } from '../../analytics/tables.js';
import { latestLine } from '../warehouse/document-lines.js';
import { bigQuery } from '../warehouse/rest.js';
import { questionLine, rowOf } from '../warehouse/rows.js';

/** Yields { name, lines } of each view: of a latest view the documents' own lines by id, of others their rows in a steady order. */
export async function* warehouseFiles({ project, warehouse }) {
  const client = bigQuery({ rest: warehouse.rest, project });
  const latest = new Map(readTables().map((table) => [latestOf(table), table]));
  for (const view of viewsOf(project)) {
    const table = latest.get(view);
    const { fields, rows } = await client.query(`SELECT * FROM \`${project}.${DATASET}.${view}\`${table ? ' ORDER BY id' : ''}`);
    const values = rows.map((row) => rowOf(fields, row));
    yield { name: `warehouse.${view}`, lines: table ? values.map((row) => latestLine(table, row)) : values.map((row) => questionLine(fields, row)).sort() };
  }
}

const viewsOf = (project) => warehouseResources({ project }).views
  .map(({ tableReference }) => tableReference).filter(({ datasetId }) => datasetId === DATASET).map(({ tableId }) => tableId);

/** [{ quarter, region, leads, converted, rate }], the earliest first. */
export async function conversionRows({ project, warehouse }) {
  const client = bigQuery({ rest: warehouse.rest, project });
  const { fields, rows } = await client.query(`SELECT quarter, region, leads, converted, rate FROM \`${project}.${DATASET}.conversion_by_region_quarter\` ORDER BY quarter, region`);
  return rows.map((row) => rowOf(fields, row)).map((row) => ({ ...row, leads: Number(row.leads), converted: Number(row.converted), rate: Number(row.rate) }));
}
