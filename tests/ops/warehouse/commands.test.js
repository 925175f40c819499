// What backfill says and ends with, where Firestore doesn't have what it counted, and where it costs too much.
import assert from 'node:assert/strict';
import test from 'node:test';
import { backfill } from '../../../ops/warehouse/commands.js';
import { reconcileLines, refusedLines } from '../../../ops/warehouse/lines.js';
import { newTally } from '../../../ops/warehouse/reconcile.js';

const PAGE = { read: 2, reads: 2, appended: 2, bytes: 200, rows: [], refused: [], last: null };

/** Five collections, each of so many documents when they are counted, and of two when they are read. */
async function filled({ counted, json = false, maxCost }) {
  const said = { out: [], err: [] };
  const add = (to) => (...lines) => { to.push(...lines); };
  const status = await backfill({
    wanted: { command: 'backfill', json, maxCost }, target: { what: 'the project', project: 'p', databaseUid: async () => 'uid' },
    say: add(said.out), hint: add(said.err), complain: add(said.err), consumers: [], stopped: new AbortController().signal, progress: { note() {}, end() {} },
    file: { path: 'state', read: () => ({}), note() {}, keep() {}, remove() {} },
    client: { processedBytes: async () => 0, madeAt: async () => '1', rowsIn: async () => 0 },
    count: async (_, readAt) => ({ documents: counted, readAt: readAt ?? 'now' }), countOf: async () => counted, page: async () => PAGE, documentsNow: async () => 'now',
  });
  return { status, ...said };
}

test('documents that were counted and not read are said, and the status is that of not all', async () => {
  const { status, out } = await filled({ counted: 3 });
  assert.deepEqual([status, out.slice(-2)], [1, ['10 rows of 10 documents appended to the project. 15 had been counted.', '5 documents that were counted could not be read: the same command reads them all once more.']]);
  assert.equal((await filled({ counted: 2 })).status, 0);
  const { status: ofJson, out: [line] } = await filled({ counted: 3, json: true });
  assert.deepEqual([ofJson, JSON.parse(line)], [1, { documents: 10, appended: 10, before: { documents: 0, appended: 0 }, counted: 15, isWhole: true, refused: [] }]);
});

test('a cost that is just above --max-cost is told with the digits that tell it from that', async () => {
  const { status, err } = await filled({ counted: 4000, maxCost: 0.012 });
  assert.deepEqual([status, err], [1, ['The backfill would cost about $0.01205, which is more than --max-cost $0.012: nothing was done but the estimate (54 reads, $0.000032).']]);
});

test('what in an id could steer a terminal is told as its number', () => {
  const lines = [...reconcileLines({ collection: 'leads', tally: { ...newTally(), missing: ['a\nb', 'käse'] }, queryBytes: 0 }), ...refusedLines([{ collection: 'leads', id: '\u001b[2J', reason: 'too long' }])];
  assert.deepEqual([lines[1], lines[3]], ['    2 in Firestore, without a present row: a\\u000ab, käse', '  leads/\\u001b[2J: too long']);
});
