// A page that breaks the module, whose documents are too large together: fewer are asked for, and what they cost is counted.
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageSizes } from '../../../ops/warehouse/page-sizes.js';
import { PageFailed, TooOld, pageOf } from '../../../ops/warehouse/page.js';

const LETTERS = { collection: 'dead_letters', readAt: 'then', limit: 300, append: 'none' };

/** Breaks with more than `holds` documents. */
function jobThat({ holds }) {
  const asked = [];
  const run = async ({ limit }) => {
    asked.push(limit);
    return limit > holds ? { answer: { faults: ['the function crashed'] }, crash: 'out of memory' } : { answer: { read: limit, last: 'z', rows: [], faults: [] } };
  };
  return { asked, job: { run } };
}

test('half as many are asked for until they can be held, the next page begins with so many, and twice as many are tried after ten', async () => {
  const { asked, job } = jobThat({ holds: 120 });
  const sizes = pageSizes();
  const { read, reads } = await pageOf(LETTERS, { job, sizes });
  assert.deepEqual([asked, read, reads], [[300, 150, 75], 75, 525]);
  for (let page = 2; page <= 11; page += 1) await pageOf(LETTERS, { job, sizes });
  assert.deepEqual(asked.slice(3), [...Array(9).fill(75), 150, 75]);
  assert.deepEqual([sizes.of('users', 300), sizes.of('dead_letters', 20)], [300, 20]);
});

test('pages that broke together halve it once', () => {
  const sizes = pageSizes();
  for (let page = 0; page < 8; page += 1) sizes.broke('users', 300);
  assert.equal(sizes.of('users', 300), 150);
});

test('one document that breaks the module alone is tried three times, and said', async () => {
  const { asked, job } = jobThat({ holds: 0 });
  await assert.rejects(pageOf({ ...LETTERS, limit: 2 }, { job, sizes: pageSizes() }), (error) => error instanceof PageFailed && /^dead_letters could not be read: the function crashed \(out of memory\)$/.test(error.message));
  assert.deepEqual(asked, [2, 1, 1, 1]);
});

test('what fails otherwise is not asked for again', async () => {
  let asked = 0;
  const failing = (failure) => ({ run: async () => { asked += 1; return { answer: { faults: ['query'] }, failure }; } });
  await assert.rejects(pageOf(LETTERS, { job: failing({ code: 7, message: '7 PERMISSION_DENIED: no' }), sizes: pageSizes() }), /dead_letters could not be read: 7 PERMISSION_DENIED: no/);
  await assert.rejects(pageOf(LETTERS, { job: failing({ code: 3, message: 'read_time is too old' }), sizes: pageSizes() }), TooOld);
  assert.equal(asked, 2);
});

test('deletions alone cost no read, and a page without a document one', async () => {
  const job = { run: async () => ({ answer: { read: 0, last: null, faults: [] } }) };
  const reads = async (more) => (await pageOf({ ...LETTERS, ...more }, { job, sizes: pageSizes() })).reads;
  assert.deepEqual([await reads({}), await reads({ append: 'only', only: [], deleted: ['a'] })], [1, 0]);
});
