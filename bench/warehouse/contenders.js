// Who does the same work: the function as it is deployed, and the two peers.
import { fileURLToPath } from 'node:url';

import { DATASET } from '../../analytics/resources.js';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const [OUR_MODULES, THEIR_MODULES] = [path('../../node_modules'), path('node_modules')];

export const CONTENDERS = [
  { name: 'dist/warehouse', source: path('../../dist/warehouse'), modules: OUR_MODULES },
  { name: '@google-cloud/bigquery-storage', source: path('peers/storage-write.js'), modules: THEIR_MODULES },
  { name: '@google-cloud/bigquery', source: path('peers/insert-all.js'), modules: THEIR_MODULES },
];

/** No contender: below it nobody comes who answers by functions-framework. */
export const FRAMEWORK_ALONE = { name: 'functions-framework alone', source: path('peers/nothing.cjs'), modules: THEIR_MODULES, appendsNothing: true };

/** What tells any of them where BigQuery is, and that there is no metadata server to be looked for. */
export const envOf = ({ rest, grpc, project }) => ({
  GOOGLE_CLOUD_PROJECT: project, BOMA_DATASET: DATASET, BIGQUERY_STORAGE_EMULATOR_HOST: grpc, BIGQUERY_EMULATOR_HOST: `${rest}/bigquery/v2`,
  METADATA_SERVER_DETECTION: 'none',
});
