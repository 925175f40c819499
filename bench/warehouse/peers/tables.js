// The tables' files, as both peers take them. What a column needs for each row is looked up here, once.
import { warehouseResources } from '../../../analytics/resources.js';
import { readTables } from '../../../analytics/tables.js';

export const PROJECT = process.env.GOOGLE_CLOUD_PROJECT;
export const DATASET = process.env.BOMA_DATASET;

const resources = warehouseResources({ project: PROJECT, dataset: DATASET }).tables;

/** Collection -> { table, tableId, schema, columns, eventTime, status, omitted }. */
export const tables = new Map(readTables().map((file) => {
  const { tableReference: { tableId }, schema } = resources.find(({ tableReference }) => tableReference.tableId === `${file.collection}_history`);
  return [file.collection, { ...file, tableId, schema, columns: known(file.columns) }];
}));

/** Columns with the names that they know. */
function known(columns) {
  const list = columns.map((column) => ({ ...column, fields: column.fields && known(column.fields) }));
  return { list, names: new Set(list.map(({ name }) => name)) };
}
