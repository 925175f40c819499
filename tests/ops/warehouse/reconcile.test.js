// Two streams in one order, page by page: what is appended where documents are too large for a page, and where the order isn't the same.
import assert from 'node:assert/strict';
import test from 'node:test';
import { OutOfOrder, newTally, reconcile } from '../../../ops/warehouse/reconcile.js';

const stopped = new AbortController().signal;
const READ_AT = '2026-03-01T10:00:00.000000Z';
const made = (id) => ({ id, version: '1000000', deleted: false, changeTime: '1970-01-01T00:00:01.000000Z', columns: {}, rest: {} });

async function* rowsOf(ids) {
  for (const id of ids) yield made(id);
}

/** Whatever is asked for, a page has two documents. */
function pagesOf(ids) {
  const asked = [];
  const page = async ({ after, upTo, only, deleted = [], append }) => {
    asked.push({ append, after, ...(only && { only }), ...(deleted.length > 0 && { deleted }) });
    const there = ids.filter((id) => (after === undefined || id > after) && (upTo === undefined || id <= upTo));
    const read = append === 'only' && only.length === 0 ? [] : there.slice(0, 2);
    const rows = read.map(made);
    const appended = append === 'none' ? 0 : rows.filter(({ id }) => only.includes(id)).length + deleted.length;
    return { rows: append === 'none' ? rows : [], read: read.length, reads: read.length, last: read.length === 2 ? read[1] : null, appended, bytes: 0, refused: [] };
  };
  return { asked, page };
}

async function compared({ documents, rows }) {
  const tally = newTally();
  const { asked, page } = pagesOf(documents);
  await reconcile({ collection: 'users', readAt: READ_AT, present: rowsOf(rows), page, tally, isDryRun: false, stopped });
  return { tally, asked };
}

test('what differs on a page is appended although the documents between are too large for one page', async () => {
  const documents = ['a', 'b', 'c', 'd', 'e'];
  const { tally } = await compared({ documents, rows: [] });
  assert.deepEqual([tally.missing, tally.appended], [documents, 5]);
});

test('a deletion alone reads nothing', async () => {
  const { tally, asked } = await compared({ documents: ['b'], rows: ['a/b', 'b'] });
  assert.deepEqual([tally.deleted, tally.appended, tally.reads], [['a/b'], 1, 1]);
  assert.deepEqual(asked.at(-1), { append: 'only', after: undefined, only: [], deleted: ['a/b'] });
});

test('rows in another order than Firestore\'s end it before anything behind them is called deleted', async () => {
  const wrong = compared({ documents: ['a', 'c'], rows: ['a', 'c', 'b'] });
  await assert.rejects(wrong, (error) => error instanceof OutOfOrder && /rows of users in another order than Firestore the documents: "b" behind "c"/.test(error.message));
});
