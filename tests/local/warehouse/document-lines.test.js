// A present row as the line that its document has in the export.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readTables } from '../../../analytics/tables.js';
import { latestLine } from '../../../local/warehouse/document-lines.js';

const tableOf = (collection) => readTables().find((table) => table.collection === collection);

test('a list that is kept whole is told as it was, though the amounts in its columns have no currency that is known here', () => {
  const row = { id: 't4', amount: null, currency: null, postings: [{ account: 'a', amount: '0.010000000' }], rest: '{"amount":1,"postings":[{"account":"a","amount":1,"currency":"CZK"},null,"x"]}' };
  assert.equal(latestLine(tableOf('transactions'), row), '{"id":"t4","amount":1,"postings":[{"account":"a","amount":1,"currency":"CZK"},null,"x"]}\n');
});

test('what of a map no column takes stands beside what they take', () => {
  const row = { id: 'v1', balances: [{ currency: 'CZK', available: '1.500000000', pending: null, reserved: null }], rest: '{"balances":{"CZK":{"extra":9223372036854775807},"EUR":5}}' };
  assert.equal(latestLine(tableOf('users'), row), '{"id":"v1","balances":{"CZK":{"available":150,"extra":9223372036854775807},"EUR":5}}\n');
});

test('an amount of no currency that nothing explains is an error and not left out', () => {
  assert.throws(() => latestLine(tableOf('transactions'), { id: 't', currency: null, postings: [{ account: 'a', amount: '1' }] }), /1 is no amount of null/);
});
