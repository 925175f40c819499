// Filters and groups, without a stack.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Groups, groupsOf } from '../../../ops/dead-letters/groups.js';
import { equalities, letterOf, passes } from '../../../ops/dead-letters/letter.js';
import { groupLines } from '../../../ops/dead-letters/tables.js';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
let letters = 0;
function letter({ receivedMs = NOW_MS - 1000, ...others } = {}) {
  letters += 1;
  return {
    id: `kyc.${String(letters).padStart(32, '0')}`, consumer: 'kyc', kind: 'REFUSED', status: 'OPEN', reason: 'why', type: 'KycHeld', subject: 's', truncated: false, replays: 0,
    receivedMs, receivedAt: new Date(receivedMs).toISOString().replace('Z', '000Z'), ...others,
  };
}

test('reasons that differ only in whom they name are one group, with its oldest letter as the example', () => {
  const groups = new Groups();
  const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const awaiting = [3, 1, 2].map((age) => letter({ kind: 'AWAITED', reason: `awaits users/${uuid(age)}`, receivedMs: NOW_MS - age * 1000 }));
  for (const each of [letter({ reason: 'other' }), ...awaiting]) groups.add(each);
  const [first, second, ...others] = groups.sorted();
  assert.deepEqual(others, []);
  assert.deepEqual(first, {
    consumer: 'kyc', kind: 'AWAITED', reason: 'awaits users/{id}', letters: 3,
    oldest: awaiting[0].receivedAt, newest: awaiting[1].receivedAt, example: awaiting[0].id,
  });
  assert.deepEqual([second.reason, second.letters], ['other', 1]);
});

test('reason and time are filtered here, the rest by Firestore', () => {
  const [old, young] = [letter({ receivedMs: NOW_MS - 2000, reason: 'amount: more than 2 decimals' }), letter({ receivedMs: NOW_MS - 1000 })];
  const filtered = (filters) => [old, young].filter((each) => passes(each, filters));
  assert.deepEqual(filtered({}), [old, young]);
  assert.deepEqual(filtered({ reason: 'more than' }), [old]);
  assert.deepEqual(filtered({ reason: 'More than' }), []);
  assert.deepEqual(filtered({ afterMs: NOW_MS - 1000 }), [young]);
  assert.deepEqual(filtered({ beforeMs: NOW_MS - 1000 }), [old]);
  assert.deepEqual(equalities({ status: 'OPEN', kind: 'REFUSED', reason: 'x', afterMs: 1 }), [['status', 'OPEN'], ['kind', 'REFUSED']]);
});

test('a reason may be copied from the list, where it names nobody and is cut', () => {
  const reason = `awaits users/00000000-0000-4000-8000-000000000001\u001b${'x'.repeat(200)}`;
  const shown = groupLines(groupsOf([letter({ reason })]))[1].split('  ').at(-1);
  assert.match(shown, /^awaits users\/\{id\}\\u001bx+…$/);
  assert.ok(passes(letter({ reason }), { reason: shown }));
});

test('a letter without a time passes no filter on time', () => {
  const timeless = { ...letter(), receivedMs: undefined };
  assert.ok(!passes(timeless, { afterMs: 0 }));
  assert.ok(!passes(timeless, { beforeMs: NOW_MS }));
});

test('a document that lacks fields is still a letter to be seen', () => {
  const bare = letterOf({ name: 'projects/p/databases/d/documents/dead_letters/kyc.1', fields: {}, updateTime: {} });
  assert.deepEqual([bare.id, bare.consumer, bare.kind, bare.status, bare.receivedMs], ['kyc.1', '?', '?', '?', undefined]);
});
