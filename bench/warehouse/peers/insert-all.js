// The peer that appends by insertAll. `raw`, because the rows are made as the API wants them; with an id, so that BigQuery drops what
// comes again soon.
import functions from '@google-cloud/functions-framework';
import { BigQuery } from '@google-cloud/bigquery';

import { changeOf } from './document-event.js';
import { DATASET, PROJECT, tables } from './tables.js';
import { isoText, rowOf } from './typed-row.js';

const form = { int: String, time: isoText, now: () => new Date().toISOString() };

const dataset = new BigQuery({ projectId: PROJECT }).dataset(DATASET);
const places = new Map([...tables].map(([collection, { tableId }]) => [collection, dataset.table(tableId)]));

functions.cloudEvent('warehouse', async (event) => {
  const change = changeOf(event);
  const json = rowOf(tables.get(change.collection), change, form);
  await places.get(change.collection).insert([{ insertId: event.id, json }], { raw: true });
});
