// docs/operations/scaling.md says what the functions' settings come to, so it is held against them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { ATTEMPTS } from '../../deploy/kinds/subscriptions.js';
import { ROOT } from './deploying.js';
import { wholeSystem } from './whole-system.js';

const document = readFileSync(join(ROOT, 'docs/operations/scaling.md'), 'utf8').replaceAll('\n', ' ');
const WORDS = { 9: 'nine', 10: 'ten', 11: 'eleven', 12: 'twelve', 13: 'thirteen', 14: 'fourteen', 15: 'fifteen' };
// What new projects were given, in April 2026.
const QUOTA_CPUS = 20;

test('the quota of a new project is what one function may take, and far from what all may', () => {
  const called = wholeSystem().functions.filter(({ trigger }) => trigger !== 'schedule');
  for (const one of called) {
    assert.ok(one['max-instances'] <= QUOTA_CPUS, `${one.name}: ${one['max-instances']} instances would be refused in a new project`);
    assert.ok(document.includes(`${one['max-instances']} x ${one.concurrency} = ${one['max-instances'] * one.concurrency} deliveries`), one.name);
  }
  const large = called.filter((one) => one['max-instances'] === QUOTA_CPUS).length;
  assert.ok(document.includes(`${WORDS[large]} of them may have ${QUOTA_CPUS} instances each, but ${QUOTA_CPUS} run in all`), `${large} functions`);
});

test('that a poison message may hold up other keys of its subscription is said where limits and promises are, with the attempts that it has', () => {
  const reliability = readFileSync(join(ROOT, 'docs/reliability.md'), 'utf8');
  for (const text of [document, reliability]) assert.match(text, /poison message[^.]*may hold up other keys of its subscription|may hold up other keys of its subscription, too\.[^|]*poison message/);
  assert.ok(document.includes(`at each of its ${ATTEMPTS} attempts`));
});

test('how many a second these are is said once, of all functions together', () => {
  assert.deepEqual([...document.matchAll(/\| ([^|]+) \|[^|]*6,400 a second/g)].map(([, what]) => what), ['all functions of a region']);
});
