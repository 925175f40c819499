import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './until.js';

test('the first truthy answer is what comes of it', async () => {
  const answers = [undefined, 0, 'there', 'later'];
  assert.equal(await until('an answer', async () => answers.shift(), { everyMs: 1 }), 'there');
  assert.deepEqual(answers, ['later']);
});

test('what does not come is named as it is at the end, and looked at once at least', async () => {
  let looks = 0;
  await assert.rejects(until(() => `after ${looks} looks`, () => { looks += 1; }, { withinMs: 0 }), { message: 'not within 0 s: after 1 looks' });
  await assert.rejects(until('the letter', () => false, { withinMs: 20, everyMs: 5 }), { message: 'not within 0.02 s: the letter' });
});

test('what goes wrong while looking is no reason to look again', async () => {
  await assert.rejects(until('anything', () => { throw new Error('no connection'); }), { message: 'no connection' });
});
