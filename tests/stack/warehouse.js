// A warehouse of its own for a test: the BigQuery emulator with all tables and views, rows put in and views read.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { warehouseResources } from '../../analytics/resources.js';
import { latestOf, readTables } from '../../analytics/tables.js';
import { parseExactly } from '../../local/exact-json.js';
import { latestLine } from '../../local/warehouse/document-lines.js';
import { WAREHOUSE_ENVIRONMENT } from '../../local/set-up.js';
import { startBigQuery } from '../../local/warehouse/emulator.js';
import { installEmulator, isInstalled } from '../../local/warehouse/install.js';
import { bigQuery, createWarehouse } from '../../local/warehouse/rest.js';
import { questionLine, rowOf } from '../../local/warehouse/rows.js';
import { stateFolder } from './state-folder.js';

const TEN_O_CLOCK = Date.UTC(2026, 0, 5, 10);

/** Where the emulator is; `npm test` has installed it before. */
export async function installedEnvironment() {
  if (!isInstalled(WAREHOUSE_ENVIRONMENT)) await installEmulator(WAREHOUSE_ENVIRONMENT);
  return WAREHOUSE_ENVIRONMENT;
}

export async function startWarehouse({ project = 'demo-test' } = {}) {
  const environment = await installedEnvironment();
  const stateDir = stateFolder('warehouse-');
  const children = [];
  const addresses = await startBigQuery({ environment, logFile: join(stateDir, 'bigquery.log'), onSpawn: (child) => children.push(child) });
  const client = bigQuery({ rest: addresses.rest, project });
  await createWarehouse(client, warehouseResources({ project }));

  async function read(view) {
    const { fields, rows } = await client.query(`SELECT * FROM \`${project}.${view}\``);
    return { fields, rows: rows.map((row) => rowOf(fields, row)) };
  }

  return {
    ...addresses, client, read,
    insert: (collection, rows) => client.insertAll({ dataset: 'boma', table: `${collection}_history`, rows }),

    /** The rows of a question's view, parsed, each integer exact. Their order is no view's business. */
    async answers(view, { of = () => true } = {}) {
      const { fields, rows } = await read(`boma.${view}`);
      return rows.map((row) => questionLine(fields, row)).sort().map(parseExactly).filter(of);
    },

    /** The lines of a latest view by id, as they are exported. */
    async latest(collection) {
      const table = readTables().find((each) => each.collection === collection);
      const { rows } = await read(`boma.${latestOf(table)}`);
      return new Map(rows.map((row) => [row.id, latestLine(table, row).trim()]));
    },

    async stop() {
      for (const child of children) await child.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
}

/**
 * A row of a history table: what changed `seconds` after ten o'clock, ingested a second later. With `deletedAtS`, the deletion then of
 * what was changed last at `seconds`.
 */
export function change(id, seconds, columns = {}, { deletedAtS, ingestedAfterS = 1 } = {}) {
  const [atMs, changedMs] = [seconds, deletedAtS ?? seconds].map((each) => TEN_O_CLOCK + each * 1000);
  const iso = (ms) => new Date(ms).toISOString();
  return { id, version: `${BigInt(atMs) * 1000n}`, deleted: deletedAtS !== undefined, change_time: iso(changedMs), ingested_at: iso(changedMs + ingestedAfterS * 1000), ...columns };
}
