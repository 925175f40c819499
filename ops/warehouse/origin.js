// Between which database and which tables an interrupted backfill was. Of the same names there may be others by now: then what was done of it says
// nothing of them.
import { isDeepStrictEqual } from 'node:util';
import { DATASET } from '../../analytics/resources.js';
import { historyOf } from '../../analytics/tables.js';

/** { database, tables: { collection: when it was made } } */
export async function originOf({ tables, databaseUid, client }) {
  const made = await Promise.all(tables.map(async (table) => [table.collection, await client.madeAt({ dataset: DATASET, table: historyOf(table) })]));
  return { database: await databaseUid(), tables: Object.fromEntries(made) };
}

/** Why `state` can't be gone on with, as the rest of a sentence; undefined if it can. `rowsOf(collection)`: how many rows its table has. */
export async function whyStale(state, origin, rowsOf) {
  if (state.origin.database !== origin.database) return 'of a database that isn\'t there any more';
  const made = Object.keys(origin.tables).filter((collection) => !isDeepStrictEqual(state.origin.tables[collection], origin.tables[collection]));
  if (made.length > 0) return `older than the table of ${made.join(' and of ')}`;
  for (const collection of Object.keys(origin.tables)) {
    const appended = state.ranges.filter((range) => range.collection === collection).reduce((sum, range) => sum + range.appended, 0);
    if (appended > 0 && await rowsOf(collection) < appended) return `of rows that are not in the table of ${collection} any more`;
  }
  return undefined;
}
