// Each contender appends the same changes to an emulator's tables of its own, and the rows are compared, but for when they were made.
import { createWarehouse, bigQuery } from '../../local/warehouse/rest.js';
import { warehouseResources } from '../../analytics/resources.js';
import { questionLine, rowOf } from '../../local/warehouse/rows.js';
import { changes } from './changes.js';
import { CONTENDERS, envOf } from './contenders.js';
import { deliverer } from './deliver.js';
import { startFunction } from './function-process.js';

const PAYMENTS = 12;
const TABLES = ['transactions_history', 'users_history'];

/** How many rows each has made; throws where two aren't the same. */
export async function compareRows({ addresses, node, logFolder }) {
  const all = [];
  for (const [index, contender] of CONTENDERS.entries()) {
    const project = `bench-${index}`;
    const client = bigQuery({ rest: addresses.rest, project });
    await createWarehouse(client, warehouseResources({ project }));
    const running = await startFunction({ ...contender, node, env: envOf({ ...addresses, project }), logFile: `${logFolder}/equal-${index}.log` });
    const delivering = deliverer(running.port, 4);
    const events = changes(project, PAYMENTS);
    try {
      await delivering.deliverAll(events, events.length);
    } finally {
      delivering.close();
      await running.stop();
    }
    all.push({ name: contender.name, rows: await rowsOf(client, project) });
  }
  const [first, ...others] = all;
  for (const { name, rows } of others) {
    const at = first.rows.findIndex((row, index) => row !== rows[index]);
    if (at >= 0 || rows.length !== first.rows.length) throw new Error(`${name} makes another row than ${first.name}:\n${rows[at]}\n${first.rows[at]}`);
  }
  return first.rows.length;
}

async function rowsOf(client, project) {
  const lines = [];
  for (const table of TABLES) {
    const { fields, rows } = await client.query(`SELECT * EXCEPT (ingested_at) FROM \`${project}.boma.${table}\` WHERE change_time > TIMESTAMP '1970-01-01' ORDER BY id, version, deleted, new_status`);
    lines.push(...rows.map((row) => questionLine(fields, rowOf(fields, row))));
  }
  return lines.sort();
}
