// The views that are made of a table's file: what a collection has now, and both for readers who may not see personal columns.
import { isPersonal } from './personal.js';
import { columnsOf, historyOf, latestOf } from './tables.js';

/**
 * The last row of each document. A delete comes after any write of its version; of two rows of the same change the one that was
 * ingested later counts. The table wants a condition on its partitions: this one holds for all.
 */
export const latestSql = (table, { project, dataset }) => lastRows(table, { project, dataset }, shownOf(table));

/**
 * Named one by one, so that a new column is seen by whoever may not see all of them only once its fields are known. The view of the
 * latest rows reads the table, too, and not the view beside it: a dataset's views are let in to the other one's tables, and a view in between
 * would have to be let in by itself.
 */
export function pseudonymizedSql(table, { project, dataset, view }) {
  const hidden = new Set([...table.columns.filter((column) => isPersonal(table.collection, column)).map(({ name }) => name), 'rest']);
  const isShown = ({ name }) => !hidden.has(name);
  if (view === latestOf(table)) return lastRows(table, { project, dataset }, shownOf(table).filter(isShown));
  return `SELECT ${listed(columnsOf(table).filter(isShown))}\nFROM \`${project}.${dataset}.${view}\``;
}

const shownOf = (table) => columnsOf(table).filter(({ name }) => name !== 'deleted');

const lastRows = (table, { project, dataset }, columns) => `SELECT ${listed(columns)}
FROM \`${project}.${dataset}.${historyOf(table)}\`
WHERE change_time > TIMESTAMP '1970-01-01'
QUALIFY ${IS_LAST} AND NOT deleted`;

const IS_LAST = 'ROW_NUMBER() OVER (PARTITION BY id ORDER BY version DESC, deleted DESC, ingested_at DESC) = 1';
/** Firestore's: ids that were numbers in Datastore come first, by the number. */
const IN_ORDER_OF_NAMES = "IF(STARTS_WITH(id, '__id') AND ENDS_WITH(id, '__'), SAFE_CAST(SUBSTR(id, 5, LENGTH(id) - 6) AS INT64), NULL) NULLS LAST, id";
const OF_THE_DELIVERY = ['old_status', 'trace', 'ingested_at'];

/**
 * The last row of each document that changed until then, deleted ones with it, in Firestore's order: what its document can be compared with. How the
 * change came says nothing of the document.
 */
export function presentSql(table, { project, dataset, until }) {
  const columns = columnsOf(table).filter(({ name }) => !OF_THE_DELIVERY.includes(name));
  return `SELECT ${listed(columns)}
FROM \`${project}.${dataset}.${historyOf(table)}\`
WHERE change_time > TIMESTAMP '1970-01-01' AND change_time <= TIMESTAMP '${until}'
QUALIFY ${IS_LAST}
ORDER BY ${IN_ORDER_OF_NAMES}`;
}

export const pseudonymizedViews = (table) => [historyOf(table), latestOf(table)];

const listed = (columns) => columns.map(({ name }) => `\`${name}\``).join(', ');
