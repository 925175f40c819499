// tests/rules/table.json has a row for every collection that there is, and what it opens is open to those whom it may be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RULES, TABLE, collectionsOfCode, collectionsOfRules, personalCollections } from './collections.js';

const rows = Object.keys(TABLE.collections);
const ROLES = ['viewer', 'auditor', 'operator', 'supervisor'];

test('every collection that the code can name is in the table', () => {
  const ofCode = collectionsOfCode();
  assert.ok(ofCode.length >= 15 && ofCode.includes('users.timeline') && ofCode.includes('limits'), ofCode.join());
  assert.deepEqual(ofCode.filter((name) => !rows.includes(name)), []);
});

test('a collection that the code comes to name is noticed', () => {
  assert.deepEqual(collectionsOfCode('DocumentPath(format!("secrets/{id}")) DocumentPath("a_b/default".to_owned()) format!("users/{user}/keys/{of}.{key}")'), ['secrets', 'a_b', 'users.keys']);
});

test('firestore.rules has a rule for each row of the table, one, and for nothing else', () => {
  assert.deepEqual(collectionsOfRules().sort(), [...rows].sort());
});

test('rules of collections that aren\'t named are noticed', () => {
  const text = 'service cloud.firestore { match /databases/{database}/documents { match /a/{b} { match /c/{d} { } } match /{document=**} { } match /{path=**}/notes/{note} { } match /e/{f} { } } }';
  assert.deepEqual(collectionsOfRules(text), ['a', 'a.c', 'match /{document=**} {', 'match /{path=**}/notes/{note} {', 'e']);
});

test('each row says something of each role', () => {
  for (const [name, row] of Object.entries(TABLE.collections)) {
    assert.deepEqual(Object.keys(row), ROLES, name);
    assert.deepEqual(Object.values(row).flat().filter((operation) => !TABLE.operations.includes(operation)), [], name);
  }
});

test('nobody writes', () => {
  for (const [name, row] of Object.entries(TABLE.collections)) {
    assert.deepEqual(Object.values(row).flat().filter((operation) => !['get', 'list'].includes(operation)), [], name);
  }
  assert.doesNotMatch(RULES.replaceAll(/\/\/.*/g, ''), /\b(write|create|update|delete)\b/);
});

test('a collection is read whole or not at all', () => {
  for (const [name, row] of Object.entries(TABLE.collections)) {
    for (const operations of Object.values(row)) assert.ok([0, 2].includes(operations.length), name);
  }
});

test('viewers see no collection with a personal field', () => {
  const personal = personalCollections();
  assert.ok(personal.length >= 6 && personal.includes('users.notes') && !personal.includes('markets'), personal.join());
  for (const name of personal) assert.deepEqual(TABLE.collections[name].viewer, [], name);
});

test('a customer\'s own documents are no viewer\'s either', () => {
  const ofCustomers = rows.filter((name) => /^users\b|^(kyc_cases|transactions|engagement|leads|price_alerts|approvals|mail|withdrawal_windows)$/.test(name));
  assert.equal(ofCustomers.length, 11);
  for (const name of ofCustomers) assert.deepEqual(TABLE.collections[name].viewer, [], name);
});

test('the record of what was handled is closed to everybody', () => {
  assert.deepEqual(Object.values(TABLE.collections.processed_events).flat(), []);
});
