// Filters, groups, order and refusals, without a stack.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Groups, groupsOf } from '../../../ops/dead-letters/groups.js';
import { equalities, letterOf, passes } from '../../../ops/dead-letters/letter.js';
import { hearersOf, lanesOf, planReplay, routeOf } from '../../../ops/dead-letters/plan.js';
import { settledAs } from '../../../ops/dead-letters/settlement.js';
import { groupLines } from '../../../ops/dead-letters/tables.js';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const DAY_MS = 86_400_000;
const hearers = hearersOf({
  functions: [
    { name: 'kyc', trigger: 'pubsub', topics: { kyc: ['KycHeld', 'KycCompleted'] } },
    { name: 'profile', trigger: 'pubsub', topics: { 'user-onboarding': ['UserRegistered'], 'user-lifecycle': ['ProfileChanged'] } },
    { name: 'timeline', trigger: 'firestore' },
  ],
  topicOf: { KycHeld: 'kyc', KycCompleted: 'kyc', KycNoted: 'kyc', UserRegistered: 'user-onboarding', ProfileChanged: 'user-lifecycle', UserActive: 'user-lifecycle' },
});
let letters = 0;
function letter({ receivedMs = NOW_MS - 1000, ...others } = {}) {
  letters += 1;
  return {
    id: `kyc.${String(letters).padStart(32, '0')}`, consumer: 'kyc', kind: 'REFUSED', status: 'OPEN', reason: 'why', type: 'KycHeld', subject: 's', truncated: false, replays: 0,
    receivedMs, receivedAt: new Date(receivedMs).toISOString().replace('Z', '000Z'), ...others,
  };
}
const route = (about, conditions = {}) => routeOf(letter(about), { hearers, nowMs: NOW_MS, ...conditions });

test('a letter goes to the topic where its consumer hears its type', () => {
  assert.deepEqual(route(), { topic: 'kyc' });
  assert.deepEqual(route({ consumer: 'profile', type: 'ProfileChanged' }), { topic: 'user-lifecycle' });
  assert.deepEqual(route({ consumer: 'profile', type: 'ProfileChanged' }, { topic: 'user-onboarding' }), { topic: 'user-lifecycle' });
});

test('a letter of a type that its consumer passes over goes where that type belongs, to be settled', () => {
  assert.deepEqual(route({ type: 'KycNoted' }), { topic: 'kyc' });
  assert.deepEqual(route({ consumer: 'profile', type: 'UserActive' }), { topic: 'user-lifecycle' });
});

test("a letter without a type, or with one of another topic, goes to its consumer's only topic", () => {
  assert.deepEqual(route({ type: undefined }), { topic: 'kyc' });
  assert.deepEqual(route({ type: 'UserActive' }), { topic: 'kyc' });
});

const refusals = [
  ['40 days and a moment old', { receivedMs: NOW_MS - 40 * DAY_MS - 1 }, {}, /older than 40 days/],
  ['12 days and a moment old, of a crash', { kind: 'CRASHED', receivedMs: NOW_MS - 12 * DAY_MS - 1 }, {}, /older than 12 days/],
  ['without a time', { receivedMs: undefined, receivedAt: undefined }, {}, /when it was received/],
  ['cut', { truncated: true }, {}, /cut/],
  ['replayed already', { status: 'REPLAYED' }, { named: true }, /REPLAYED, not OPEN/],
  ['discarded and not named', { status: 'DISCARDED' }, {}, /only its own id/],
  ['of a function that is not there', { consumer: 'crm' }, {}, /no function crm/],
  ['of a function that hears no topic', { consumer: 'timeline' }, {}, /no function timeline/],
  ['of one of two topics', { consumer: 'profile', type: undefined }, {}, /--topic must/],
  ['for a topic that its consumer does not hear', { consumer: 'profile', type: undefined }, { topic: 'kyc' }, /doesn't hear kyc/],
];
for (const [what, about, conditions, why] of refusals) {
  test(`a letter ${what} is refused`, () => {
    const { topic, refused } = routeOf({ ...letter(), ...about }, { hearers, nowMs: NOW_MS, ...conditions });
    assert.equal(topic, undefined);
    assert.match(refused, why);
  });
}

test('what stands just on this side of a refusal goes', () => {
  assert.deepEqual(route({ receivedMs: NOW_MS - 40 * DAY_MS }), { topic: 'kyc' });
  assert.deepEqual(route({ status: 'DISCARDED' }, { named: true }), { topic: 'kyc' });
  assert.deepEqual(route({ consumer: 'profile', type: undefined }, { topic: 'user-lifecycle' }), { topic: 'user-lifecycle' });
  assert.deepEqual(route({ consumer: 'crm' }, { topic: 'leads' }), { topic: 'leads' });
});

test('letters go by key, within a key by time and then id, whatever their topic', () => {
  const at = (subject, secondsAgo, more) => letter({ subject, receivedMs: NOW_MS - secondsAgo * 1000, ...more });
  const [b2, a3, none, a1, b1, a2] = [at('b', 1), at('a', 1, { id: 'kyc.9' }), at(undefined, 5), at('a', 9, { consumer: 'profile', type: 'UserRegistered' }), at('b', 2), at('a', 1, { id: 'kyc.1' })];
  const second = at(undefined, 4);
  const { entries, refused } = planReplay([b2, second, a3, none, a1, b1, a2], { hearers, nowMs: NOW_MS });
  assert.deepEqual(refused, []);
  assert.deepEqual(lanesOf(entries).map((lane) => lane.map((entry) => entry.letter)), [[none], [second], [a1, a2, a3], [b1, b2]]);
});

test('microseconds decide where milliseconds are the same', () => {
  const [later, earlier] = [letter({ id: 'kyc.1', receivedAt: '2026-03-01T10:00:00.000002Z' }), letter({ id: 'kyc.2', receivedAt: '2026-03-01T10:00:00.000001Z' })];
  const { entries } = planReplay([later, earlier], { hearers, nowMs: NOW_MS });
  assert.deepEqual(entries.map((entry) => entry.letter.id), ['kyc.2', 'kyc.1']);
});

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

test('a letter is settled when it is REPLAYED or has one replay more, and not before', () => {
  const before = letter({ replays: 2 });
  assert.equal(settledAs(before, { ...before }), undefined);
  assert.deepEqual(settledAs(before, { ...before, status: 'REPLAYED', replays: 3 }), { outcome: 'REPLAYED' });
  assert.deepEqual(settledAs(before, { ...before, replays: 3, kind: 'AWAITED', reason: 'awaits' }), { outcome: 'RETURNED', kind: 'AWAITED', reason: 'awaits' });
  assert.deepEqual(settledAs(before, undefined), { outcome: 'GONE' });
});
