// The warehouse: made, stopped half-way, grown, changed by hand, mended, taken away; by the program that the steps call, in a cloud of the
// test's own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { authorizedDatasetEntry } from '../../../analytics/resources.js';
import { problemsOf } from '../../../deploy/checks/index.js';
import { warehouseThatIsThere } from '../../../deploy/checks/warehouse.js';
import { openCloud } from '../../../deploy/cloud.js';
import { database } from '../../../deploy/kinds/database.js';
import { datasets } from '../../../deploy/kinds/datasets.js';
import { KINDS as KINDS_IN_ORDER } from '../../../deploy/kinds/index.js';
import { rights } from '../../../deploy/kinds/rights.js';
import { roles } from '../../../deploy/kinds/roles.js';
import { tables } from '../../../deploy/kinds/tables.js';
import { views } from '../../../deploy/kinds/views.js';
import { collisionsOf, differencesOf, keptOf, readAll, removalOf, stepsOf } from '../../../deploy/plan.js';
import { warehouseOf } from '../../../deploy/warehouse.js';
import { said } from '../a-system.js';
import { wholeSystem } from '../whole-system.js';
import { withGcloud } from '../with-gcloud.js';

const PROJECT = 'boma-warehouse';
const APPENDER = `projects/${PROJECT}/roles/boma.appender`;
const MEMBER = `serviceAccount:boma-copies@${PROJECT}.iam.gserviceaccount.com`;
const TABLES = ['users_history', 'leads_history'];
const whole = wholeSystem({ project: PROJECT });
const built = whole.functions.find(({ name }) => name === 'notify');
const system = { ...whole, functions: [{ ...built, name: 'copies', topics: {}, permissions: [{ role: 'boma.appender', tables: TABLES, reason: 'appends rows' }] }] };
/** Of the rights those on tables: no topic, for which there would have to be an emulator. */
const onTables = { ...rights, compare: (...args) => rights.compare(...args).filter(({ what }) => / on table |^table /.test(what)) };
const KINDS = [datasets, tables, views, roles, onTables];

let there;
let cloud;
before(async () => {
  there = await withGcloud(KINDS, system);
  ({ cloud } = there);
  for (const api of ['bigquery', 'iam']) cloud.state.enabled.add(`${api}.googleapis.com`);
  cloud.state.accounts = new Map();
});
after(() => there.stop());

const texts = async (its = system) => differencesOf(await there.read(), its).flatMap(({ differences }) => said(differences));
const apply = async (its = system) => there.carriedOut(stepsOf(differencesOf(await there.read(), its), its));
const problems = async (its = system) => warehouseThatIsThere({ found: await there.read(), system: its });
const dataset = (id) => cloud.state.datasets.get(id);
const table = (name) => dataset('boma').tables.get(name);
const column = (name, of) => table(of).schema.fields.find((field) => field.name === name);
/** The same system, of whose users table the file says something else. */
function withUsers(change) {
  const next = structuredClone(system);
  change(next.warehouse.tables.find(({ tableReference: { tableId } }) => tableId === 'users_history').schema.fields, next);
  return next;
}

test('datasets come before tables, these before views, and all with their rights before the functions that append', () => {
  const names = KINDS_IN_ORDER.map(({ name }) => name);
  const order = ['APIs', 'service accounts', 'datasets', 'tables', 'views', 'roles', 'rights', 'functions', 'callers of functions', 'triggers'];
  assert.deepEqual(names.filter((name) => order.includes(name)), order);
});

describe('made', () => {
  test('a plan of a project in which BigQuery is off has everything in it, and asks for nothing else', async () => {
    cloud.state.enabled.delete('bigquery.googleapis.com');
    const lines = await texts();
    cloud.state.enabled.add('bigquery.googleapis.com');
    assert.deepEqual(lines.slice(0, 3), ['+ dataset boma_pseudonymized in europe-west1', '+ dataset boma in europe-west1', '+ table boma.dead_letters_history']);
    assert.deepEqual(cloud.changes(), []);
  });

  test('a step that fails says why, and what was made before it stays', async () => {
    cloud.state.failing = ({ api, method, body }) => api === 'bigquery' && method === 'POST' && body?.view !== undefined && 'no view today';
    await assert.rejects(apply(), /change-warehouse\.js[^]*no view today/);
    cloud.state.failing = undefined;
    assert.deepEqual([dataset('boma').tables.size, dataset('boma_pseudonymized').tables.size], [5, 0]);
  });

  test('the same command goes on to the end, and then there is nothing to do', async () => {
    const before = cloud.changes().filter(({ path }) => path.endsWith('/tables')).length;
    await apply();
    assert.deepEqual(await texts(), []);
    assert.deepEqual(await problems(), []);
    assert.equal(cloud.changes().filter(({ path, body }) => path.endsWith('/tables') && body?.schema).length, 5, 'no table is made twice');
    assert.ok(before > 0);
    assert.deepEqual(cloud.unexpected(), []);
  });

  test('a creation whose answer was lost is done', async () => {
    const [first] = system.warehouse.tables;
    const place = 'datasets/boma/tables';
    await there.carriedOut([{ command: ['node', 'deploy/change-warehouse.js', `--project=${PROJECT}`, 'POST', place], file: { flag: '--body', name: 'table.json', content: first }, wave: null }]);
  });

  test('readers of the project may not read it; the views without personal columns may', () => {
    assert.deepEqual(dataset('boma').resource.access, [{ role: 'OWNER', specialGroup: 'projectOwners' }, authorizedDatasetEntry({ project: PROJECT })]);
    assert.deepEqual(dataset('boma_pseudonymized').resource.access, [{ role: 'OWNER', specialGroup: 'projectOwners' }]);
    assert.deepEqual(['defaultTableExpirationMs', 'location', 'labels'].map((field) => dataset('boma').resource[field]), [undefined, 'europe-west1', { 'managed-by': 'boma' }]);
  });

  test('the function\'s account may append to its tables, and nothing else anywhere', () => {
    assert.deepEqual(cloud.state.roles.get(APPENDER).includedPermissions, ['bigquery.tables.get', 'bigquery.tables.updateData']);
    const policies = [...cloud.state.policies].filter(([, { bindings }]) => bindings.some(({ members }) => members.includes(MEMBER)));
    assert.deepEqual(policies.map(([of, { bindings }]) => [of, bindings.map(({ role }) => role)]), TABLES.map((name) => [`bigquery/projects/${PROJECT}/datasets/boma/tables/${name}`, [APPENDER]]));
  });

  test('a warehouse stands where the database does, around a multi-region, or where the environment says', () => {
    const placed = (settings) => warehouseOf({ project: PROJECT, firestoreLocation: 'europe-west1', ...settings }).location;
    assert.deepEqual([placed({}), placed({ firestoreLocation: 'eur3' }), placed({ firestoreLocation: 'nam7' }), placed({ warehouseLocation: 'europe-west3' })], ['europe-west1', 'EU', 'US', 'europe-west3']);
  });
});

describe('grown', () => {
  test('a new column is added before the views that name it, inside of a record as well, and what only BigQuery has stays', async () => {
    table('users_history').schema.fields.push({ name: 'theirs', type: 'STRING', mode: 'NULLABLE' });
    const next = withUsers((fields, its) => {
      fields.splice(-1, 0, { name: 'nickname', type: 'STRING', mode: 'NULLABLE', description: 'What friends say.' });
      fields.find(({ name }) => name === 'balances').fields.push({ name: 'frozen', type: 'NUMERIC', mode: 'NULLABLE', description: 'Held by a court.' });
      const latest = its.warehouse.views.find(({ tableReference: { tableId } }) => tableId === 'users_latest');
      latest.view.query = latest.view.query.replace('SELECT ', 'SELECT `nickname`, ');
    });
    const lines = await texts(next);
    assert.deepEqual(lines.map((line) => line.split(', which')[0]), [
      "~ table boma.users_history: balances.frozen isn't there; nickname isn't there", '! table boma.users_history: has theirs', '~ view boma.users_latest: its SQL is another',
    ]);
    await apply(next);
    assert.deepEqual((await texts(next)).map((line) => line[0]), ['!']);
    assert.deepEqual(table('users_history').schema.fields.slice(-2).map(({ name }) => name), ['theirs', 'nickname']);
    assert.equal(column('balances', 'users_history').fields.at(-1).name, 'frozen');
  });

  test('a tree that doesn\'t have the column takes it from nobody', async () => {
    assert.deepEqual((await texts()).filter((line) => !line.includes('its SQL')).map((line) => line.split(', which')[0]), ['! table boma.users_history: has balances.frozen, theirs, nickname']);
    await apply();
    assert.equal(column('nickname', 'users_history').type, 'STRING');
    for (const [fields, names] of [[table('users_history').schema, ['theirs', 'nickname']], [column('balances', 'users_history'), ['frozen']]]) fields.fields = fields.fields.filter(({ name }) => !names.includes(name));
  });

  test('what no change of a schema can end stops an apply, with what to do', async () => {
    const changed = (name, what) => withUsers((fields) => Object.assign(fields.find((field) => field.name === name), what));
    const complaints = async (its) => (await problems(its)).join('\n');
    assert.match(await complaints(changed('kycVersion', { type: 'STRING' })), /^table boma\.users_history: kycVersion is INTEGER, not STRING, and no column changes its type: give the new one another name/);
    assert.match(await complaints(changed('kycStatus', { mode: 'REPEATED' })), /kycStatus is STRING, not STRING, REPEATED/);
    assert.match(await complaints(changed('kycStatus', { mode: 'REQUIRED' })), /kycStatus is NULLABLE, not REQUIRED, .* leave out "required"/);
    assert.match(await complaints(withUsers((fields) => fields.push({ name: 'n', type: 'STRING', mode: 'REQUIRED' }))), /n is new and REQUIRED/);
    const all = await problemsOf(openCloud({ token: 't', env: cloud.env }), [...await there.read(), { kind: database, there: { database: null, collections: [] } }], changed('kycVersion', { type: 'STRING' }));
    assert.ok(all.some((sentence) => sentence.includes('kycVersion')), all.join('\n'));
  });

  test('a column that must be there no more may be empty from now on', async () => {
    const next = withUsers((fields) => Object.assign(fields.find(({ name }) => name === 'ingested_at'), { mode: 'NULLABLE' }));
    assert.deepEqual(await texts(next), ['~ table boma.users_history: ingested_at is REQUIRED, not NULLABLE']);
  });
});

describe('changed by hand', () => {
  test('each thing is found in one line, and mended', async () => {
    const { access } = dataset('boma').resource;
    access.splice(1, 1, { role: 'READER', specialGroup: 'allAuthenticatedUsers' }, { role: 'READER', specialGroup: 'projectReaders' });
    Object.assign(dataset('boma').resource, { defaultTableExpirationMs: '86400000', description: 'mine' });
    Object.assign(table('leads_history'), { expirationTime: '1800000000000', requirePartitionFilter: false, clustering: { fields: ['region'] } });
    table('leads_history').timePartitioning.expirationMs = '5184000000';
    table('kyc_cases_latest').view.query = 'SELECT 1';
    dataset('boma_pseudonymized').tables.delete('users_latest');
    const label = { labels: { 'managed-by': 'boma' } };
    dataset('boma').tables.set('old_view', { tableReference: { datasetId: 'boma', tableId: 'old_view' }, type: 'VIEW', ...label });
    dataset('boma').tables.set('old_history', { tableReference: { datasetId: 'boma', tableId: 'old_history' }, type: 'TABLE', ...label });
    dataset('boma').tables.set('theirs', { tableReference: { datasetId: 'boma', tableId: 'theirs' }, type: 'TABLE' });
    cloud.state.policies.get(`bigquery/projects/${PROJECT}/datasets/boma/tables/leads_history`).bindings = [{ role: 'roles/bigquery.dataOwner', members: [MEMBER] }];
    Object.assign(cloud.state.roles.get(APPENDER), { deleted: true, includedPermissions: ['bigquery.tables.getData'] });

    assert.deepEqual((await texts()).map((line) => line.split(/: take that|; if nobody/)[0]), [
      '~ dataset boma: is open to the public; the views of boma_pseudonymized may not read it; new tables expire after 1 days, and nothing of it may; is described otherwise',
      '! dataset boma: is read by whoever may read the project (projectReaders)',
      '~ table boma.leads_history: is deleted on 2027-01-15, and may not be; its partitions expire after 60 days, and may not; is clustered by region, not region, id; is read without a condition on its partitions',
      "! table boma.old_history: is Boma's, and nothing here appends to it",
      '~ view boma.kyc_cases_latest: its SQL is another',
      '+ view boma_pseudonymized.users_latest',
      "- view boma.old_view: is Boma's, and nothing here asks for it",
      '~ role boma.appender: was deleted; has bigquery.tables.getData, not bigquery.tables.get, bigquery.tables.updateData',
      `+ ${APPENDER} on table leads_history for boma-copies (appends rows)`,
      '- table leads_history: boma-copies has roles/bigquery.dataOwner, which nothing here asks for',
    ]);
    await apply();
    assert.deepEqual((await texts()).map((line) => line.split(':')[0]), ['! dataset boma', '! table boma.old_history']);
    assert.deepEqual([table('leads_history').timePartitioning.expirationMs, dataset('boma').tables.has('theirs')], [undefined, true]);
    for (const name of ['old_history', 'theirs']) dataset('boma').tables.delete(name);
    dataset('boma').resource.access = dataset('boma').resource.access.filter(({ specialGroup }) => specialGroup !== 'projectReaders');
    assert.deepEqual(await texts(), []);
  });

  test('a dataset elsewhere, a view in the place of a table, and other partitions stop an apply', async () => {
    dataset('boma').resource.location = 'US';
    table('users_history').type = 'VIEW';
    table('users_latest').type = 'TABLE';
    table('leads_history').timePartitioning.field = 'ingested_at';
    const sentences = await problems();
    dataset('boma').resource.location = 'europe-west1';
    Object.assign(table('users_history'), { type: 'TABLE' });
    Object.assign(table('users_latest'), { type: 'VIEW' });
    table('leads_history').timePartitioning.field = 'change_time';
    assert.deepEqual(sentences.map((sentence) => sentence.split(/[:,] /)[0]), ['dataset boma is in US', 'boma.users_history is a VIEW', 'boma.users_latest is a TABLE', 'table boma.leads_history']);
    assert.match(sentences[0], /"warehouseLocation": "US" into deploy\/environments\/production\.json/);
    assert.match(sentences.at(-1), /partitioned by DAY of ingested_at, not by DAY of change_time/);
  });

  test('somebody else\'s dataset of that name is a collision, with the command that makes it ours', async () => {
    dataset('boma').resource.labels = {};
    const [collision, ...more] = collisionsOf(await there.read(), system);
    dataset('boma').resource.labels = { 'managed-by': 'boma' };
    assert.deepEqual([collision.what, collision.adopt.join(' '), more], ['dataset boma', `bq update --set_label=managed-by:boma ${PROJECT}:boma`, []]);
  });
});

test('a role that there is not is refused by the name of its function', async () => {
  const wrong = { ...system, functions: [{ ...system.functions[0], permissions: [{ role: 'boma.reader', tables: TABLES, reason: 'x' }] }] };
  assert.throws(() => roles.compare({}, wrong), /functions\/copies\/Cargo\.toml: permissions: there is no role boma\.reader; there are boma\.appender/);
});

test('a part of the functions that appends nothing has no warehouse, and one that appends has', async () => {
  const part = { ...system, isWhole: false, functions: [{ ...built, permissions: [] }] };
  const before = cloud.requests.length;
  const found = await readAll(openCloud({ token: 't', env: cloud.env }), part, [datasets, tables, views, roles]);
  assert.deepEqual([differencesOf(found, part), cloud.requests.length - before, warehouseThatIsThere({ found, system: part })], [[], 0, []]);
  const appending = { ...system, isWhole: false, protectData: false };
  const nothing = [{ kind: datasets, there: {} }, { kind: tables, there: { known: {}, listed: [] } }];
  assert.equal(differencesOf(nothing, appending).flatMap(({ differences }) => differences).length, 7);
  assert.deepEqual(removalOf(await there.read(), appending), []);
});

describe('destroyed', () => {
  test('where data is protected nothing goes, and it is said', async () => {
    const found = await there.read();
    assert.deepEqual(removalOf(found, system), []);
    assert.deepEqual(keptOf(found, system).map((sentence) => sentence.split(':')[0]), ['datasets boma and boma_pseudonymized', 'role boma.appender']);
  });

  test('where it isn\'t, the datasets go with all that is in them, and nothing of others', async () => {
    const staging = { ...system, protectData: false };
    cloud.state.datasets.set('shop', { resource: { datasetReference: { datasetId: 'shop' } }, tables: new Map() });
    await there.carriedOut(removalOf(await there.read(), staging));
    assert.deepEqual([...cloud.state.datasets.keys()], ['shop']);
    assert.deepEqual(cloud.unexpected(), []);
  });
});
