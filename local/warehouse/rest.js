// The BigQuery emulator's REST interface: as much of it as a local stack needs.
const PAGE_ROWS = 10_000;

export function bigQuery({ rest, project }) {
  const root = `${rest}/bigquery/v2/projects/${project}`;

  async function call(method, path, body) {
    const response = await fetch(root + path, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`the BigQuery emulator answers ${response.status} to ${method} ${path}: ${text}`);
    return JSON.parse(text);
  }

  return {
    createDataset: (resource) => call('POST', '/datasets', resource),
    createTable: (resource) => call('POST', `/datasets/${resource.tableReference.datasetId}/tables`, resource),

    /** Resolves with { fields, rows }: the result's schema, and its rows in REST's own form. */
    async query(sql) {
      const first = await call('POST', '/queries', { query: sql, useLegacySql: false, maxResults: PAGE_ROWS });
      if (first.errors?.length > 0) throw new Error(`the BigQuery emulator refuses a query: ${first.errors[0].message}\n${sql}`);
      const rows = first.rows ?? [];
      let { pageToken } = first;
      while (pageToken !== undefined) {
        const page = await call('GET', `/queries/${first.jobReference.jobId}?maxResults=${PAGE_ROWS}&pageToken=${pageToken}`);
        rows.push(...page.rows);
        ({ pageToken } = page);
      }
      return { fields: first.schema.fields, rows };
    },

    /** `rows`: one object for each, of its columns' values. */
    async insertAll({ dataset, table, rows }) {
      const { insertErrors } = await call('POST', `/datasets/${dataset}/tables/${table}/insertAll`, { rows: rows.map((json) => ({ json })) });
      if (insertErrors?.length > 0) throw new Error(`the BigQuery emulator refuses rows of ${table}: ${JSON.stringify(insertErrors[0])}`);
    },
  };
}

/** Makes the datasets, the tables and the views of `resources` (analytics/resources.js). */
export async function createWarehouse(client, { datasets, tables, views }) {
  for (const dataset of datasets) await client.createDataset(dataset);
  for (const resource of [...tables, ...views]) await client.createTable(resource);
}
