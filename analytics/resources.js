// The warehouse as the resources of BigQuery's REST interface (datasets, tables and views), made of the files beside this one.
import { fieldOf } from './fields.js';
import { latestSql, pseudonymizedSql, pseudonymizedViews } from './latest.js';
import { readQuestions } from './questions.js';
import { columnsOf, historyOf, latestOf, readTables } from './tables.js';

export const DATASET = 'boma';
export const pseudonymizedOf = (dataset) => `${dataset}_pseudonymized`;

/**
 * { datasets, tables, views }: bodies of datasets.insert and tables.insert, in an order in which they can be created. Where a
 * dataset lies, and who may read it, is the caller's to add.
 */
export function warehouseResources({ project, dataset = DATASET }) {
  const tables = readTables();
  const hidden = pseudonymizedOf(dataset);
  return {
    datasets: [
      { datasetReference: { projectId: project, datasetId: dataset }, description: 'Every change of the documents, what they are now, and answers.' },
      { datasetReference: { projectId: project, datasetId: hidden }, description: `What ${dataset} has, without the personal columns.` },
    ],
    tables: tables.map((table) => historyResource(table, { project, dataset })),
    views: [
      ...tables.map((table) => viewResource({ project, dataset, view: latestOf(table), description: `${table.description} What each is now.`, sql: latestSql(table, { project, dataset }) })),
      ...readQuestions({ project, dataset }).map((question) => viewResource({ project, dataset, ...question })),
      ...tables.flatMap((table) => pseudonymizedViews(table).map((view) => viewResource({
        project, dataset: hidden, view, description: `${table.description} Without the personal columns.`, sql: pseudonymizedSql(table, { project, dataset, view }),
      }))),
      // Over the views beside them: no answer has a personal column.
      ...readQuestions({ project, dataset: hidden }).map((question) => viewResource({ project, dataset: hidden, ...question })),
    ],
  };
}

/** The entry of the access list of `dataset` that lets the views of the pseudonymized one read it, and nobody else through them. */
export function authorizedDatasetEntry({ project, dataset = DATASET }) {
  return { dataset: { dataset: { projectId: project, datasetId: pseudonymizedOf(dataset) }, targetTypes: ['VIEWS'] } };
}

function historyResource(table, { project, dataset }) {
  return {
    tableReference: { projectId: project, datasetId: dataset, tableId: historyOf(table) },
    description: `${table.description} A row for each change; ${latestOf(table)} has what each is now.`,
    schema: { fields: columnsOf(table).map(fieldOf) },
    timePartitioning: { type: 'DAY', field: 'change_time' },
    clustering: { fields: table.clusterBy },
    requirePartitionFilter: true,
  };
}

function viewResource({ project, dataset, view, description, sql }) {
  return {
    tableReference: { projectId: project, datasetId: dataset, tableId: view },
    description,
    view: { query: sql, useLegacySql: false },
  };
}
