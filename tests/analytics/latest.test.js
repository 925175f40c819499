// What the latest views make of changes that come late, twice and in any order, on a real BigQuery emulator.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { change, startWarehouse } from '../stack/warehouse.js';

let warehouse;
before(async () => { warehouse = await startWarehouse(); });
after(() => warehouse?.stop());

/** As badly as they may come: the last first, and each twice. */
const insertBadly = (collection, rows) => warehouse.insert(collection, [...rows.toReversed(), ...rows]);
const line = async (collection, id) => (await warehouse.latest(collection)).get(id);

test('an empty warehouse has no documents', async () => {
  assert.deepEqual([...(await warehouse.latest('users')).keys()], []);
});

test('the last change counts, whatever comes last', async () => {
  await insertBadly('leads', [change('l-order', 0, { status: 'NEW' }), change('l-order', 1, { status: 'CONTACTED' }), change('l-order', 2, { status: 'CONVERTED' })]);
  assert.equal(await line('leads', 'l-order'), '{"id":"l-order","status":"CONVERTED"}');
});

test('what is deleted stays deleted, however late old changes come', async () => {
  await insertBadly('leads', [change('l-gone', 0, { status: 'NEW' }), change('l-gone', 3, { status: 'LOST' }), change('l-gone', 3, {}, { deletedAtS: 5 })]);
  assert.equal(await line('leads', 'l-gone'), undefined);
  await warehouse.insert('leads', [1, 3].map((seconds) => change('l-gone', seconds, { status: 'LATE' }, { ingestedAfterS: 86_400 })));
  assert.equal(await line('leads', 'l-gone'), undefined);
});

test('a delete comes after a write of its own version, and what is created again after the delete', async () => {
  const write = change('l-same', 0, { status: 'NEW' }, { ingestedAfterS: 100 });
  await insertBadly('leads', [write, change('l-same', 0, {}, { deletedAtS: 1 })]);
  assert.equal(await line('leads', 'l-same'), undefined);
  await warehouse.insert('leads', [change('l-same', 7, { status: 'LOST' })]);
  assert.equal(await line('leads', 'l-same'), '{"id":"l-same","status":"LOST"}');
});

test('of two rows of one version the one that was ingested later counts: so a repair does', async () => {
  await insertBadly('leads', [change('l-repair', 0, { status: 'WRONG' }), change('l-repair', 0, { status: 'NEW' }, { ingestedAfterS: 60 })]);
  await warehouse.insert('leads', [change('l-mended', 0, { status: 'NEW' }, { ingestedAfterS: 60 }), change('l-mended', 0, { status: 'WRONG' })]);
  for (const id of ['l-repair', 'l-mended']) assert.equal(await line('leads', id), `{"id":"${id}","status":"NEW"}`);
});

test('two changes a microsecond apart are two', async () => {
  const first = change('l-micro', 0, { status: 'NEW' });
  await insertBadly('leads', [{ ...first, version: String(BigInt(first.version) + 1n), status: 'LOST' }, first]);
  assert.equal(await line('leads', 'l-micro'), '{"id":"l-micro","status":"LOST"}');
});

test('a document comes out as its line of the export: each number exact, names in any script, absent fields absent', async () => {
  await insertBadly('users', [change('u-žá/李', 0, {
    profileData: { fullName: 'Žofie "李" \u{1F600} \\ أمل', email: null, address: '{"street":"Na Příkopě 1","city":"Praha"}' },
    kycVersion: '9223372036854775807', accessVersion: '-9223372036854775808', tradingEnabled: false,
    balances: [
      { currency: 'KWD', available: '9223372036854775.807', pending: '-0.001', reserved: '0' },
      { currency: 'JPY', available: '-9223372036854775808', pending: '5', reserved: null },
      { currency: 'CZK', available: '0.01', pending: '-0.10', reserved: '1000' },
    ],
    createdAt: '1969-12-31T23:59:59.999999Z', updatedAt: '2026-01-05T10:00:00.000001Z',
    rest: '{"profileData":{"nickname":"Ž","age":9007199254740993},"vip":null,"score":1.0,"list":[]}',
  })]);
  assert.equal(await line('users', 'u-žá/李'), '{"id":"u-žá/李","accessVersion":-9223372036854775808,'
    + '"balances":{"CZK":{"available":1,"pending":-10,"reserved":100000},"JPY":{"available":-9223372036854775808,"pending":5},"KWD":{"available":9223372036854775807,"pending":-1,"reserved":0}},'
    + '"createdAt":"1969-12-31T23:59:59.999999Z","kycVersion":9223372036854775807,"list":[],'
    + '"profileData":{"address":{"city":"Praha","street":"Na Příkopě 1"},"age":9007199254740993,"fullName":"Žofie \\"李\\" \u{1F600} \\\\ أمل","nickname":"Ž"},'
    + '"score":1,"tradingEnabled":false,"updatedAt":"2026-01-05T10:00:00.000001Z","vip":null}');
});

test('an empty list or map that a document must have is there; one that it need not have is not', async () => {
  await insertBadly('kyc_cases', [change('k-empty', 0, { check: 'PENDING', reasons: [], suspensions: [], oldReviewIds: [] }), change('k-full', 0, {
    reasons: ['b', 'a'], oldReviewIds: ['0f'], suspensions: [{ id: 'e2', reason: 'court', since: '2026-01-05T10:00:00Z' }, { id: 'e1', reason: null, since: null }],
  })]);
  assert.equal(await line('kyc_cases', 'k-empty'), '{"id":"k-empty","check":"PENDING","reasons":[],"suspensions":{}}');
  assert.equal(await line('kyc_cases', 'k-full'), '{"id":"k-full","oldReviewIds":["0f"],"reasons":["b","a"],"suspensions":{"e1":{},"e2":{"reason":"court","since":"2026-01-05T10:00:00.000000Z"}}}');
  await insertBadly('users', [change('u-empty', 0, { balances: [] })]);
  assert.equal(await line('users', 'u-empty'), '{"id":"u-empty","balances":{}}');
});

test("the amounts in a list have their row's currency", async () => {
  await insertBadly('transactions', [change('t-list', 0, {
    amount: '1.500', currency: 'KWD', postings: [{ account: 'external:CARD', amount: '-1.5' }, { account: 'available', amount: '1.5' }], counterparty: { name: null, account: null }, metadata: '{"order":"7"}',
  })]);
  assert.equal(await line('transactions', 't-list'), '{"id":"t-list","amount":1500,"counterparty":{},"currency":"KWD","metadata":{"order":"7"},"postings":[{"account":"external:CARD","amount":-1500},{"account":"available","amount":1500}]}');
});

test('whoever may not see personal columns has every row without them', async () => {
  await insertBadly('users', [change('u-secret', 0, { profileData: { fullName: 'Ada' }, kycStatus: 'APPROVED', rest: '{"nickname":"A"}' })]);
  for (const view of ['users_latest', 'users_history']) {
    const { fields, rows } = await warehouse.read(`boma_pseudonymized.${view}`);
    const hers = rows.filter(({ id }) => id === 'u-secret');
    assert.equal(hers.length, view === 'users_latest' ? 1 : 2);
    assert.equal(hers[0].kycStatus, 'APPROVED');
    assert.deepEqual(fields.map(({ name }) => name).filter((name) => ['profileData', 'rest'].includes(name)), []);
  }
});
