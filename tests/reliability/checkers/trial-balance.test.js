// The tests' own trial balance finds what is wrong; it is held against the exports of every run of `npm start -- --once`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialBalance } from './trial-balance.js';

const user = (id, available, pending = 0) => ({ id, balances: { CZK: { available, pending, reserved: 0 } } });
const transaction = (id, userId, ...postings) => ({ id, userId, currency: 'CZK', postings: postings.map(([account, amount]) => ({ account, amount })) });
const deposit = transaction('t1', 'u', ['external:CASH', -700], ['available', 700]);

test('a balance that is off by one haler is named, with what it is and what it ought to be', () => {
  assert.deepEqual(trialBalance([user('u', 701)], [deposit]), ['users/u CZK available is 701, its postings sum to 700']);
});

test('postings without a balance, and a balance without postings, are named', () => {
  assert.deepEqual(trialBalance([{ id: 'u', balances: {} }], [deposit]), ['users/u CZK available is 0, its postings sum to 700']);
  assert.deepEqual(trialBalance([user('u', 0, 5)], []), ['users/u CZK pending is 5, its postings sum to 0']);
});

test('a transaction that makes money is named', () => {
  assert.deepEqual(trialBalance([user('u', 700)], [transaction('t1', 'u', ['external:CASH', -699], ['available', 700])]), ['transactions/t1: its postings sum to 1']);
});

test('a transaction of nobody, and an account that there is not, are named', () => {
  const complaints = trialBalance([user('u', 0)], [transaction('t1', 'v'), transaction('t2', 'u', ['savings', 7], ['external:CASH', -7])]);
  assert.deepEqual(complaints, ["transactions/t1: users/v isn't there", 'transactions/t2: there is no account savings']);
});

test('sums that no JavaScript number holds are still exact', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const twice = ['t1', 't2'].map((id) => transaction(id, 'u', ['external:CASH', -most], ['available', most]));
  assert.deepEqual(trialBalance([user('u', 0)], twice), ['users/u CZK available is 0, its postings sum to 18014398509481982']);
});

test('where everything adds up there is nothing to say', () => {
  assert.deepEqual(trialBalance([user('u', 500, 200)], [deposit, transaction('t2', 'u', ['available', -200], ['pending', 200])]), []);
});
