// Ranges of documents, taken page by page: what happens when a page is refused, fails or comes too late. And how a collection is divided.
import assert from 'node:assert/strict';
import test from 'node:test';
import { carryOn, newBackfill, progressOf } from '../../../ops/warehouse/backfill.js';
import { earlier } from '../../../ops/warehouse/documents.js';
import { TooOld } from '../../../ops/warehouse/page.js';
import { compareIds, rangesOf } from '../../../ops/warehouse/ranges.js';
import { groupsOf } from '../../../ops/warehouse/reconcile.js';

const never = new AbortController().signal;
const RANGES = rangesOf('users', { documents: 1_000_000, consumers: [] }).map((range) => ({ collection: 'users', ...range }));
const PAGE = { read: 2, appended: 2, last: null, refused: [] };

test('rows that are refused are named with their collection, and the others go on', async () => {
  const state = newBackfill(RANGES, { readAt: 'then' });
  await carryOn(state, { stopped: never, page: async ({ after }) => (after === '7' ? { ...PAGE, appended: 1, refused: [{ id: '7a', reason: 'too long' }] } : PAGE) });
  assert.deepEqual(state.refused, [{ collection: 'users', id: '7a', reason: 'too long' }]);
  assert.deepEqual(progressOf(state), { read: 32, appended: 31, isWhole: true });
});

test('a read time that is too old is renewed once for all ranges that are left', async () => {
  const state = newBackfill(RANGES, { readAt: 'old' });
  const renewals = [];
  let asked = 0;
  await carryOn(state, {
    stopped: never, onRenewed: (each) => renewals.push(each),
    async freshReadAt() {
      asked += 1;
      return 'new';
    },
    async page({ readAt }) {
      if (readAt === 'old') throw new TooOld('The requested snapshot version is too old.');
      return PAGE;
    },
  });
  assert.deepEqual([asked, renewals, state.readAt, progressOf(state).isWhole], [1, [{ from: 'old', to: 'new' }], 'new', true]);
});

test('after a failure no further page is asked for, and what was done is noted', async () => {
  const state = newBackfill(RANGES, { readAt: 'then' });
  let pages = 0;
  const page = async ({ after }) => {
    pages += 1;
    if (after === '2') throw new Error('BigQuery is down');
    return { ...PAGE, last: `${after ?? ''}0` };
  };
  await assert.rejects(carryOn(state, { stopped: never, page }), /BigQuery is down/);
  assert.ok(pages < 32, pages);
  const { after, isDone, read } = state.ranges[2];
  assert.deepEqual({ after, isDone, read }, { after: '2', isDone: false, read: 0 });
});

test('each id is in exactly one range, and few documents are one', () => {
  const within = (range, id) => (range.after === undefined || compareIds(range.after, id) < 0) && (range.upTo === undefined || compareIds(id, range.upTo) <= 0);
  const ids = ['', '0', '00', '1', '10', 'a', 'f', 'ffff', 'g', '金', '🦀', 'kyc', 'kyc.', 'kyc.0f', 'kyc.4', 'kyc-request.9', 'payments.ff', 'zz'];
  for (const collection of ['users', 'dead_letters']) {
    const ranges = rangesOf(collection, { documents: 5000, consumers: ['payments', 'kyc', 'kyc-request'] });
    assert.ok(ranges.length > 12, collection);
    for (const id of ids) assert.equal(ranges.filter((range) => within(range, id)).length, 1, `${collection} ${id}`);
  }
  assert.deepEqual(rangesOf('users', { documents: 10, consumers: [] }), [{ after: undefined, upTo: undefined }]);
  assert.ok(compareIds('🦀', '\uffee') > 0, 'by bytes, not by UTF-16');
  const sorted = ['__id-3__', '__id7__', '__id10__', '..x', '0', 'Z', '_', '__id99999999999999999999__', '__x', 'a', '~'];
  assert.deepEqual(sorted.toReversed().sort(compareIds), sorted, 'first what were numbers, as Firestore has them');
});

test('the ranges that a repair reads have all that is wanted and little else', () => {
  const ids = Array.from({ length: 40 }, (_, index) => String(index + 10));
  assert.deepEqual(groupsOf(ids, new Set(['10', '12', '35', '49']), undefined), [
    { after: undefined, upTo: '12', only: ['10', '12'] }, { after: '34', upTo: '35', only: ['35'] }, { after: '48', upTo: '49', only: ['49'] },
  ]);
  assert.deepEqual(groupsOf(ids, new Set(['10']), '09'), [{ after: '09', upTo: '10', only: ['10'] }]);
  assert.deepEqual(groupsOf(ids, new Set(), '09'), []);
});

test('an earlier moment keeps its microseconds', () => {
  assert.equal(earlier('2026-03-01T00:00:01.123456Z', 2), '2026-02-28T23:59:59.123456Z');
});
