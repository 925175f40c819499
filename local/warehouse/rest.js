// BigQuery's REST interface, of the emulator or of Google: as much of it as a local stack and the operators need.
import { setTimeout as wait } from 'node:timers/promises';

const PAGE_ROWS = 10_000;
const WAIT_MS = 30_000;
// Else a timestamp is a floating-point number of seconds.
const EXACT_TIMES = 'formatOptions.useInt64Timestamp=true';
// A query may be asked twice.
const AGAIN_AFTER_MS = [500, 2_000, 5_000];
const PASSING_TROUBLE = new Set([429, 500, 502, 503, 504]);

export class QueryFailed extends Error {}

/** `headers()`: what Google asks for with each request; the emulator asks for nothing. */
export function bigQuery({ rest, project, headers = () => ({}) }) {
  const root = `${rest}/bigquery/v2/projects/${project}`;

  async function call(method, path, body) {
    const response = await fetched(path.startsWith('/queries') ? AGAIN_AFTER_MS : [], root + path, { method, headers: { 'content-type': 'application/json', ...await headers() }, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new QueryFailed(`BigQuery answers ${response.status} to ${method} ${path.split('?')[0]}: ${text}`);
    return JSON.parse(text);
  }

  async function ask(sql, { dryRun = false } = {}) {
    const asked = { query: sql, useLegacySql: false, maxResults: PAGE_ROWS, timeoutMs: WAIT_MS, formatOptions: { useInt64Timestamp: true }, ...(dryRun && { dryRun }) };
    const answer = await call('POST', '/queries', asked);
    if (answer.errors?.length > 0) throw new QueryFailed(`BigQuery refuses a query: ${answer.errors[0].message}\n${sql}`);
    return answer;
  }

  /** The pages of a query's result, as they come: { fields, rows, processedBytes }, the rows in REST's own form. */
  async function* pages(sql) {
    let page = await ask(sql);
    const { jobReference } = page;
    const more = (token) => call('GET', `/queries/${jobReference.jobId}?${[EXACT_TIMES, `maxResults=${PAGE_ROWS}`, `timeoutMs=${WAIT_MS}`, ...(jobReference.location ? [`location=${jobReference.location}`] : []), ...(token ? [`pageToken=${token}`] : [])].join('&')}`);
    while (page.jobComplete === false) page = await more();
    const { fields } = page.schema;
    for (;;) {
      yield { fields, rows: page.rows ?? [], processedBytes: Number(page.totalBytesProcessed ?? 0) };
      if (page.pageToken === undefined) return;
      page = await more(page.pageToken);
    }
  }

  return {
    createDataset: (resource) => call('POST', '/datasets', resource),
    createTable: (resource) => call('POST', `/datasets/${resource.tableReference.datasetId}/tables`, resource),

    pages,

    /** How many rows the table has, of which there may be more than one a version. */
    async rowsIn({ dataset, table }) {
      const { value: { rows } } = await pages(`SELECT COUNT(*) AS n FROM \`${project}.${dataset}.${table}\` WHERE change_time > TIMESTAMP '1970-01-01'`).next();
      return Number(rows[0].f[0].v);
    },

    /** When the table was made, in milliseconds since 1970. */
    madeAt: async ({ dataset, table }) => (await call('GET', `/datasets/${dataset}/tables/${table}`)).creationTime,

    /** Resolves with { fields, rows }: the whole result. */
    async query(sql) {
      const whole = { fields: [], rows: [] };
      for await (const { fields, rows } of pages(sql)) {
        whole.fields = fields;
        whole.rows.push(...rows);
      }
      return whole;
    },

    /** How many bytes the query would have to read. */
    processedBytes: async (sql) => Number((await ask(sql, { dryRun: true })).totalBytesProcessed ?? 0),

    /** `rows`: one object for each, of its columns' values. */
    async insertAll({ dataset, table, rows }) {
      const { insertErrors } = await call('POST', `/datasets/${dataset}/tables/${table}/insertAll`, { rows: rows.map((json) => ({ json })) });
      if (insertErrors?.length > 0) throw new Error(`BigQuery refuses rows of ${table}: ${JSON.stringify(insertErrors[0])}`);
    },
  };
}

async function fetched(pausesMs, url, request) {
  for (const pauseMs of pausesMs) {
    const response = await fetch(url, request).catch(() => undefined);
    if (response !== undefined && !PASSING_TROUBLE.has(response.status)) return response;
    await wait(pauseMs);
  }
  return fetch(url, request).catch((error) => {
    throw new QueryFailed(`BigQuery is not to be reached at ${new URL(url).host}: ${error.cause?.message ?? error.message}`);
  });
}

/** Makes the datasets, the tables and the views of `resources` (analytics/resources.js). */
export async function createWarehouse(client, { datasets, tables, views }) {
  for (const dataset of datasets) await client.createDataset(dataset);
  for (const resource of [...tables, ...views]) await client.createTable(resource);
}
