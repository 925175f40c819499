// What a replay shows of the warehouse: every view as a file of lines, and the conversion table of the summary.
import { setTimeout as wait } from 'node:timers/promises';
import { DATASET, warehouseResources } from '../../analytics/resources.js';
import { latestOf, readTables } from '../../analytics/tables.js';
import { latestLine } from '../warehouse/document-lines.js';
import { bigQuery } from '../warehouse/rest.js';
import { questionLine, rowOf } from '../warehouse/rows.js';

const LOOK_EVERY_MS = 250;
const GIVE_UP_AFTER_MS = 15_000; // Without coming any nearer.

/** `addresses`: { project, warehouse }, as stack.json has them. */
export function warehouseOf({ project, warehouse }) {
  const client = bigQuery({ rest: warehouse.rest, project });
  const tables = readTables();
  const present = new Map(tables.map(({ collection }) => [collection, new Map()])); // id -> version

  async function read(view, { columns = '*', order = '' } = {}) {
    const { fields, rows } = await client.query(`SELECT ${columns} FROM \`${project}.${DATASET}.${view}\` ${order}`);
    return { fields, rows: rows.map((row) => rowOf(fields, row)) };
  }

  /** How many documents have another version there, or none, or are there though they are deleted. */
  async function differing() {
    let count = 0;
    for (const table of tables) {
      const { rows } = await read(latestOf(table), { columns: 'id, version' });
      const versions = present.get(table.collection);
      const others = rows.filter(({ id, version }) => versions.get(id) !== version).length;
      const missing = versions.size - rows.filter(({ id }) => versions.has(id)).length;
      count += others + missing;
    }
    return count;
  }

  return {
    /** For each document that is there. */
    note({ collection, id, updateTime }) {
      present.get(collection)?.set(id, String(BigInt(updateTime.seconds) * 1_000_000n + BigInt(Math.floor(updateTime.nanos / 1000))));
    },

    /**
     * The emulator tells of changes late. Resolves once the latest views have every document that was noted, or have come no nearer
     * for a while; with the number of those that they have otherwise.
     */
    async caughtUp({ signal, giveUpAfterMs = GIVE_UP_AFTER_MS } = {}) {
      let fewest = Infinity;
      let sinceMs = performance.now();
      for (;;) {
        signal?.throwIfAborted();
        const left = await differing();
        if (left < fewest) [fewest, sinceMs] = [left, performance.now()];
        if (left === 0 || performance.now() - sinceMs >= giveUpAfterMs) return left;
        await wait(LOOK_EVERY_MS);
      }
    },

    /** Yields { name, lines } of each view: of a latest view the documents' own lines by id, of others their rows in a steady order. */
    async* files() {
      const latest = new Map(tables.map((table) => [latestOf(table), table]));
      for (const view of viewsOf(project)) {
        const table = latest.get(view);
        const { fields, rows } = await read(view, { order: table ? 'ORDER BY id' : '' });
        yield { name: `warehouse.${view}`, lines: table ? rows.map((row) => latestLine(table, row)) : rows.map((row) => questionLine(fields, row)).sort() };
      }
    },

    /** [{ quarter, region, leads, converted, rate }], the earliest first. */
    async conversion() {
      const { rows } = await read('conversion_by_region_quarter', { order: 'ORDER BY quarter, region' });
      return rows.map((row) => ({ ...row, leads: Number(row.leads), converted: Number(row.converted), rate: Number(row.rate) }));
    },
  };
}

const viewsOf = (project) => warehouseResources({ project }).views
  .map(({ tableReference }) => tableReference).filter(({ datasetId }) => datasetId === DATASET).map(({ tableId }) => tableId);
