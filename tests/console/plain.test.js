// What the page shows of numbers, times and bodies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compiled } from './compiled.js';

const { money, wireAmount } = await compiled('money.ts');
const { ago, duration } = await compiled('times.ts');
const { hasInexact, readExactly } = await compiled('exact.ts');
const { indented } = await compiled('body.ts');
const { minutesOf, newestOf } = await compiled('pulse.ts');
const { routeOf, pathOf } = await compiled('route.ts');

const spaced = (text) => text.replaceAll('\u202f', ' ').replaceAll('\u00a0', ' ');

for (const [minor, currency, shown] of [
  [123456789n, 'CZK', '1 234 567.89 CZK'], [5n, 'CZK', '0.05 CZK'], [-5n, 'EUR', '\u22120.05 EUR'], [1500n, 'BHD', '1.500 BHD'], [-2001n, 'JPY', '\u22122 001 JPY'],
  [9007199254740993n, 'USD', '90 071 992 547 409.93 USD'], [9223372036854775807n, 'JPY', '9 223 372 036 854 775 807 JPY'], [0n, 'JPY', '0 JPY'],
]) test(`${minor} minor units are ${shown}`, () => assert.equal(spaced(money(minor, currency)), shown));

test('an amount on the wire has no spaces', () => assert.equal(wireAmount(123456789n, 'CZK'), '1234567.89'));

for (const [ms, said] of [[0, '0 s'], [59_999, '59 s'], [60_000, '1 min'], [3_900_000, '1 h 5 min'], [15 * 3_600_000, '15 h'], [26 * 3_600_000, '1 d 2 h'], [-5, '0 s'], [86_400_000 + 60_000, '1 d']]) {
  test(`${ms} ms are ${said}`, () => assert.equal(duration(ms), said));
}
test('a moment that isn\'t known is nothing', () => assert.equal(ago(undefined), ''));

test('a number beyond 2^53 is read again in digits', async (t) => {
  assert.equal(hasInexact({ balances: { JPY: { available: 2 ** 53 } } }), true);
  assert.equal(hasInexact({ a: [1, { b: 2 ** 53 - 1 }], c: 0.5, d: null, at: new Date() }), false);
  t.mock.method(globalThis, 'fetch', async (url, { headers }) => {
    assert.deepEqual([url, headers.authorization], ['http://h/documents/users/a%20b', 'Bearer t']);
    return Response.json({ fields: { n: { integerValue: '9007199254740993' }, small: { integerValue: '7' }, m: { mapValue: { fields: { at: { timestampValue: '2026-03-01T00:00:00Z' } } } }, l: { arrayValue: {} }, none: { nullValue: null } } });
  });
  assert.deepEqual(await readExactly('http://h/documents', 'users/a b', 't'), { n: 9007199254740993n, small: 7, m: { at: new Date('2026-03-01T00:00:00Z') }, l: [], none: null });
});

test('a body is put in lines, and keeps its digits', () => {
  assert.equal(indented('{"a":9007199254740993,"b":[],"c":{"d":"x,{y\\""}}'), '{\n  "a": 9007199254740993,\n  "b": [],\n  "c": {\n    "d": "x,{y\\""\n  }\n}');
  assert.equal(indented('not json {'), 'not json {');
});

test('the shards of a minute are added up', () => {
  const minute = new Date('2026-11-28T13:55:00Z');
  const shard = (fields) => ({ data: { minute, ...fields } });
  const rows = [
    shard({ changes: { users: 2 }, statuses: { 'users.created': 1 }, amounts: { DEPOSIT: { CZK: 100 } }, transactions: [{ id: 'a', status: 'SETTLED', at: new Date(1) }] }),
    shard({ changes: { users: 3, leads: 1 }, statuses: { 'users.created': 2 }, amounts: { DEPOSIT: { CZK: 9007199254740991n } }, transactions: [{ id: 'b', status: 'SETTLED', at: new Date(2) }, { id: 'a', status: 'SETTLED', at: new Date(1) }] }),
    { data: { minute: new Date('2026-11-28T13:54:00Z') } },
  ];
  const [before, one] = minutesOf(rows);
  assert.equal(before.changes.size, 0);
  assert.deepEqual([one.changes.get('users'), one.changes.get('leads'), one.statuses.get('users.created'), one.amounts.get('DEPOSIT CZK')], [5, 1, 3, 9007199254741091n]);
  assert.deepEqual(newestOf(rows).transactions.map(({ id }) => id), ['b', 'a']);
});

test('an address is a view\'s, and a view\'s an address', () => {
  const at = (pathname, search = '') => routeOf({ pathname, search });
  for (const view of ['now', 'customers', 'reviews', 'approvals', 'leads', 'letters', 'flow']) assert.equal(at(pathOf(view)).view, view);
  assert.deepEqual([at('/customers/a%2Fb').view, at('/customers/a%2Fb').id], ['customer', 'a/b']);
  assert.equal(at('/nowhere').view, 'now');
  assert.equal(at('/customers', '?status=PENDING').filters.get('status'), 'PENDING');
});
