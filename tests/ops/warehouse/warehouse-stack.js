// A Firestore and a BigQuery with all tables, and no function between them: what stands in either one, a test puts there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTables } from '../../../analytics/tables.js';
import { slices } from '../../../local/slices.js';
import { startStack } from '../../../local/stack.js';
import { latestLine } from '../../../local/warehouse/document-lines.js';
import { bigQuery } from '../../../local/warehouse/rest.js';
import { rowOf } from '../../../local/warehouse/rows.js';
import { openTarget } from '../../../ops/target.js';
import { originOf } from '../../../ops/warehouse/origin.js';
import { standInFunctions } from '../../stack/stand-ins.js';
import { installedEnvironment } from '../../stack/warehouse.js';

const WRITES_AT_ONCE = 400;

export async function warehouseStack() {
  const files = standInFunctions({ other: { topics: { payments: ['Paid'] } } }, { Paid: 'payments' });
  const own = await startStack({ ...files, warehouse: { environment: await installedEnvironment() } });
  const { stateDir, project } = files;
  const target = await openTarget({ stateDir });
  const client = bigQuery({ rest: own.stack.warehouse.rest, project });
  const root = `${target.database}/documents`;

  async function rows(sql) {
    const { fields, rows: found } = await client.query(sql);
    return found.map((row) => rowOf(fields, row));
  }

  return {
    stateDir, project, rows,
    /** What a backfill's state says that it is about. */
    origin: () => originOf({ tables: readTables(), client, databaseUid: target.databaseUid }),
    tableOf: (collection) => `\`${project}.boma.${collection}_history\``,
    /** `{path: fields}` of the protocol's own values; null takes a document away. */
    async put(documents) {
      for (const some of slices(Object.entries(documents), WRITES_AT_ONCE)) {
        const writes = some.map(([path, fields]) => (fields === null ? { delete: `${root}/${path}` } : { update: { name: `${root}/${path}`, fields } }));
        await target.firestore.commit({ database: target.database, writes }, target.options);
      }
    },
    /** The fields of a document as they are stored. */
    async stored(path) {
      const [document] = await target.firestore.getDocument({ name: `${root}/${path}` }, target.options);
      return document.fields;
    },
    count: async (collection) => Number((await rows(`SELECT COUNT(*) AS n FROM \`${project}.boma.${collection}_history\``))[0].n),
    /** The documents as the view has them: lines by id. */
    async latest(collection) {
      const table = readTables().find((each) => each.collection === collection);
      const found = await rows(`SELECT * FROM \`${project}.boma.${collection}_latest\``);
      return new Map(found.map((row) => [row.id, latestLine(table, row).trim()]));
    },
    /** The folder of a stack that is like this one, but for some entries of its file. */
    stateLike(changes) {
      const folder = join(stateDir, 'like');
      mkdirSync(folder, { recursive: true });
      const stack = JSON.parse(readFileSync(join(stateDir, 'stack.json'), 'utf8'));
      writeFileSync(join(folder, 'stack.json'), JSON.stringify({ ...stack, ...changes }));
      return folder;
    },
    async stop() {
      await target.close();
      await own.stop();
      files.remove();
    },
  };
}
