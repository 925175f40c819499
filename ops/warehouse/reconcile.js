// Compares a collection with its present rows, both as of one moment and in the order of ids, and appends what differs.
import { slices } from '../../local/slices.js';
import { microsText } from '../../local/warehouse/document-lines.js';
import { printable } from '../dead-letters/readable.js';
import { isSame } from './present-row.js';
import { compareIds } from './ranges.js';

/** What can't be compared page by page. */
export class OutOfOrder extends Error {}

const PAGE_DOCUMENTS = 300;
/** Documents between two that are to be appended are cheaper read once more than passed over by another request. */
const GAP_DOCUMENTS = 10;
const DELETED_AT_ONCE = 500;

export const newTally = () => ({ documents: 0, rows: 0, reads: 0, missing: [], changed: [], deleted: [], beyond: [], appended: 0, appendedBytes: 0, refused: [] });

export const differencesOf = ({ missing, changed, deleted, beyond }) => missing.length + changed.length + deleted.length + beyond.length;

/**
 * `present`: the rows as `spelledRow` makes them, an async iterable by id. `tally` has in the end the ids that were `missing`, `changed`, or
 * `deleted` in Firestore, and those `beyond` repair: their row is later than the read time.
 */
export async function reconcile({ collection, readAt, present, page, tally, isDryRun, stopped, onPage = () => {} }) {
  const rows = peekable(inOrder(present, collection));
  const read = (after) => page({ collection, after, readAt, limit: PAGE_DOCUMENTS, append: 'none' });
  let after;
  let reading = read();
  while (!stopped.aborted) {
    const answer = await reading;
    tally.reads += answer.reads;
    if (answer.last !== null) {
      reading = read(answer.last);
      reading.catch(() => {}); // It is awaited in its turn, unless this page fails before.
    }
    await compare(answer.rows, { after, upTo: answer.last });
    onPage(tally);
    if (answer.last === null) return;
    after = answer.last;
  }

  async function counted(parameters) {
    const answer = await page(parameters);
    tally.reads += answer.reads;
    return answer;
  }

  async function compare(made, { after: before, upTo }) {
    tally.documents += made.length;
    const left = new Map(made.map((row) => [row.id, row]));
    const wanted = new Map();
    let gone = [];
    for (let row = await rows.peek(); row !== undefined && (upTo === null || compareIds(row.id, upTo) <= 0); row = await rows.peek()) {
      rows.next();
      tally.rows += 1;
      const of = left.get(row.id);
      left.delete(row.id);
      if (of !== undefined) sort(of, row, wanted);
      else if (!row.deleted) gone = await noteGone(row, gone);
    }
    for (const id of left.keys()) {
      tally.missing.push(id);
      wanted.set(id, { isRestated: false });
    }
    if (!isDryRun) await repair(made.map(({ id }) => id), wanted, { before, gone });
  }

  function sort(made, row, wanted) {
    const [own, theirs] = [made, row].map(({ version }) => BigInt(version));
    const isLater = theirs > own || (theirs === own && row.deleted);
    if (isLater ? !row.deleted && isSame(made, { ...row, version: made.version, changeTime: made.changeTime }) : isSame(made, row)) return;
    // Restated, the document has the version of the read time, which loses to a later one.
    if (isLater && microsText(row.version) >= readAt) {
      tally.beyond.push(row.id);
      return;
    }
    tally[row.deleted ? 'missing' : 'changed'].push(row.id);
    wanted.set(row.id, { isRestated: isLater });
  }

  /** Where there are none left in Firestore this may be the whole table. */
  async function noteGone(row, gone) {
    // The delete is in the version of the read time, and loses to a later one. Both are RFC 3339, so texts have the order of times.
    if (microsText(row.version) > readAt) {
      tally.beyond.push(row.id);
      return gone;
    }
    tally.deleted.push(row.id);
    const all = [...gone, row.id];
    if (all.length < DELETED_AT_ONCE) return all;
    if (!isDryRun) await appendDeleted(all);
    return [];
  }

  async function repair(ids, wanted, { before, gone }) {
    for (const group of groupsOf(ids, wanted, before)) {
      const restated = group.only.filter((id) => wanted.get(id).isRestated);
      await appendGroup({ ...group, ...(restated.length > 0 && { restated }) });
    }
    if (gone.length > 0) await appendDeleted(gone);
  }

  /** In one page, but for documents that are too large for it. */
  async function appendGroup(group) {
    for (let { after: from } = group; ;) {
      const answer = await counted({ collection, ...group, after: from, readAt, limit: PAGE_DOCUMENTS, append: 'only' });
      take(answer);
      if (answer.last === null || answer.last === group.upTo) return;
      from = answer.last;
    }
  }

  async function appendDeleted(gone) {
    for (const deleted of slices(gone, DELETED_AT_ONCE)) take(await counted({ collection, readAt, limit: 1, append: 'only', only: [], deleted }));
  }

  function take({ appended, bytes, refused }) {
    tally.appended += appended;
    tally.appendedBytes += bytes;
    tally.refused.push(...refused);
  }
}

/** [{ after, upTo, only }]: narrow ranges that have all the wanted ids of a page. */
export function groupsOf(ids, wanted, before) {
  const groups = [];
  let lastIndex = -Infinity;
  ids.forEach((id, index) => {
    if (!wanted.has(id)) return;
    if (index - lastIndex > GAP_DOCUMENTS) groups.push({ after: ids[index - 1] ?? before, upTo: id, only: [] });
    groups.at(-1).only.push(id);
    groups.at(-1).upTo = id;
    lastIndex = index;
  });
  return groups;
}

/** In another order than the documents' all that is passed over would be called deleted. */
async function* inOrder(rows, collection) {
  let before;
  for await (const row of rows) {
    if (before !== undefined && compareIds(before, row.id) >= 0) throw new OutOfOrder(`BigQuery has the rows of ${collection} in another order than Firestore the documents: "${printable(row.id)}" behind "${printable(before)}". Nothing more was compared.`);
    before = row.id;
    yield row;
  }
}

/** The rows one by one, the next of them as often as it is asked for. */
function peekable(iterable) {
  const iterator = iterable[Symbol.asyncIterator]();
  let ahead;
  return {
    async peek() {
      ahead ??= iterator.next();
      return (await ahead).value;
    },
    next() {
      ahead = undefined;
    },
  };
}
