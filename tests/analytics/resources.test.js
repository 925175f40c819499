// The warehouse as BigQuery's resources, without BigQuery.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { fieldOf } from '../../analytics/fields.js';
import { isPersonal } from '../../analytics/personal.js';
import { authorizedDatasetEntry, warehouseResources } from '../../analytics/resources.js';
import { columnsOf, readTables } from '../../analytics/tables.js';

const { datasets, tables, views } = warehouseResources({ project: 'a-project' });
const INVENTORY = JSON.parse(readFileSync(new URL('../../contracts/personal.json', import.meta.url), 'utf8'));
const nameOf = ({ tableReference: { datasetId, tableId } }) => `${datasetId}.${tableId}`;
const viewNamed = (name) => views.find((view) => nameOf(view) === name).view.query;

test('every table is partitioned by day of change, clustered by columns that it has, and asks for a filter', () => {
  for (const { schema: { fields }, timePartitioning, clustering, requirePartitionFilter, tableReference } of tables) {
    const modes = Object.fromEntries(fields.map(({ name, mode }) => [name, mode]));
    assert.deepEqual(timePartitioning, { type: 'DAY', field: 'change_time' });
    assert.equal(modes.change_time, 'REQUIRED');
    assert.equal(requirePartitionFilter, true);
    for (const name of clustering.fields) assert.ok(modes[name], `${tableReference.tableId}: ${name}`);
    assert.equal(new Set(fields.map(({ name }) => name.toLowerCase())).size, fields.length, 'BigQuery tells columns apart without their case');
  }
});

test('every column has a description, at any depth', () => {
  const check = ({ name, description, fields = [] }) => { assert.ok(description, name); fields.forEach(check); };
  for (const { schema } of tables) schema.fields.forEach(check);
});

const CORE = new URL('../../crates/core/src/', import.meta.url);
const SAID_IN_CORE = readdirSync(CORE, { recursive: true }).filter((name) => name.endsWith('.rs')).map((name) => readFileSync(new URL(name, CORE), 'utf8')).join('\n');
/** Not names of ours: those of standards, and what sources call their channels. */
const OF_OTHERS = ['ISO', 'JSON', 'KYC', 'UTC', 'METHOD', 'WEB', 'BRANCH'];
const namesIn = (text) => text.match(/\b[A-Z][A-Z_]{2,}\b/g) ?? [];

test('a description names no state, kind or method that the core has not; the methods are those of the contract', () => {
  const descriptions = ({ name, description, fields = [] }) => [[name, description], ...fields.flatMap(descriptions)];
  const named = tables.flatMap(({ schema }) => schema.fields.flatMap(descriptions)).flatMap(([name, text]) => namesIn(text).map((word) => [name, word]));
  assert.ok(named.length > 40);
  assert.deepEqual(named.filter(([, word]) => !OF_OTHERS.includes(word) && !SAID_IN_CORE.includes(`"${word}"`)), []);
  const { enum: methods } = JSON.parse(readFileSync(new URL('../../contracts/schemas/PaymentReceived.json', import.meta.url), 'utf8')).properties.data.properties.method;
  const { schema } = tables.find((table) => nameOf(table) === 'boma.transactions_history');
  assert.deepEqual(namesIn(schema.fields.find(({ name }) => name === 'method').description).sort(), methods.toSorted());
});

test('a type is spelled as BigQuery answers it; an unknown one is refused by name', () => {
  assert.deepEqual(fieldOf({ name: 'n', type: 'INT64', description: 'x' }), { name: 'n', type: 'INTEGER', mode: 'NULLABLE', description: 'x' });
  assert.deepEqual(fieldOf({ name: 'n', type: 'STRINGS', required: true, description: 'x' }), { name: 'n', type: 'STRING', mode: 'REPEATED', description: 'x' });
  assert.throws(() => fieldOf({ name: 'n', type: 'INTEGER' }), /n: the type INTEGER is unknown/);
});

test('no view stands before one that it reads, or before its table', () => {
  const there = new Set(tables.map(nameOf));
  for (const view of views) {
    for (const [, name] of view.view.query.matchAll(/`a-project\.([\w.]+)`/g)) assert.ok(there.has(name), `${nameOf(view)} reads ${name}`);
    there.add(nameOf(view));
  }
  assert.deepEqual(datasets.map(({ datasetReference }) => datasetReference.datasetId), ['boma', 'boma_pseudonymized']);
});

test('no view of all rows scans a table without a condition on its partitions', () => {
  for (const { view, tableReference } of views.filter(({ tableReference: { datasetId } }) => datasetId === 'boma')) {
    const scans = view.query.match(/_history`/g)?.length ?? 0;
    assert.equal(view.query.match(/WHERE change_time > TIMESTAMP '1970-01-01'/g)?.length ?? 0, scans, tableReference.tableId);
    assert.doesNotMatch(view.query, /[{}]/);
  }
});

test('a personal column, and what has no column, are in no pseudonymized view; every other column is', () => {
  for (const table of readTables()) {
    for (const kind of ['history', 'latest']) {
      const [, list] = /^SELECT (.*)$/m.exec(viewNamed(`boma_pseudonymized.${table.collection}_${kind}`));
      const shown = list.split(', ').map((name) => name.replaceAll('`', ''));
      const expected = columnsOf(table).filter((column) => column.name !== 'rest' && (kind === 'history' || column.name !== 'deleted') && !(table.columns.includes(column) && isPersonal(table.collection, column)));
      assert.deepEqual(shown, expected.map(({ name }) => name));
    }
  }
  assert.doesNotMatch(viewNamed('boma_pseudonymized.users_latest'), /profileData|email|rest/);
  assert.doesNotMatch(viewNamed('boma_pseudonymized.transactions_history'), /counterparty|description|metadata/);
  assert.match(viewNamed('boma_pseudonymized.transactions_history'), /`amount`, /);
});

test('the inventory knows each column: what it does not know counts as personal', () => {
  assert.equal(isPersonal('leads', { name: 'nickname', type: 'STRING' }), true);
  assert.equal(isPersonal('somebody', { name: 'status', type: 'STRING' }), true);
  assert.equal(isPersonal('users', { name: 'balances', type: 'RECORDS', key: 'currency', fields: [{ name: 'currency' }, { name: 'available' }] }), false);
  assert.equal(isPersonal('users', { name: 'balances', type: 'RECORDS', key: 'currency', fields: [{ name: 'currency' }, { name: 'owner' }] }), true);
  for (const { collection, columns } of readTables()) {
    const personal = columns.filter((column) => isPersonal(collection, column)).map(({ name }) => name);
    const roots = new Set(INVENTORY[collection].personal.map((path) => path.split('.')[0]));
    assert.deepEqual(personal.filter((name) => !roots.has(name)), [], collection);
  }
});

test('every field of a collection has a column, or is left out on purpose', () => {
  for (const { collection, columns, omitted = [] } of readTables()) {
    const { personal, others } = INVENTORY[collection];
    const roots = new Set([...personal, ...others].map((path) => path.split('.')[0]));
    assert.deepEqual([...columns.map(({ name }) => name), ...omitted].sort(), [...roots].sort(), collection);
  }
});

test('the pseudonymized dataset is authorized by the one that it reads, its views alone', () => {
  assert.deepEqual(authorizedDatasetEntry({ project: 'a-project' }), {
    dataset: { dataset: { projectId: 'a-project', datasetId: 'boma_pseudonymized' }, targetTypes: ['VIEWS'] },
  });
});
