// Every request by which a warehouse and the triggers of a function that feeds it are made, changed and taken away is one that Google's
// published types can read.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { accounts } from '../../deploy/kinds/accounts.js';
import { datasets } from '../../deploy/kinds/datasets.js';
import { functions } from '../../deploy/kinds/functions.js';
import { callers, rights } from '../../deploy/kinds/rights.js';
import { roles } from '../../deploy/kinds/roles.js';
import { tables } from '../../deploy/kinds/tables.js';
import { triggers } from '../../deploy/kinds/triggers.js';
import { views } from '../../deploy/kinds/views.js';
import { validated } from './published-types/validator.js';
import { wholeSystem } from './whole-system.js';
import { withGcloud } from './with-gcloud.js';

const PROJECT = 'boma-types';
const APIS = ['artifactregistry', 'bigquery', 'cloudbuild', 'cloudfunctions', 'eventarc', 'iam', 'run'];
const whole = wholeSystem({ project: PROJECT });
const built = whole.functions.find(({ name }) => name === 'notify');
const system = {
  ...whole, protectData: false,
  functions: [{
    ...built, name: 'copies', topics: {}, trigger: 'firestore', event: 'written', documents: ['users/{id}', 'leads/{id}'],
    permissions: [{ role: 'boma.appender', tables: ['users_history', 'leads_history'], reason: 'appends rows' }],
  }],
};
/** Of the rights no topic's, for which there would have to be an emulator, and no build's. */
const rightsHere = { ...rights, compare: (there, its) => rights.compare(there, its).filter(({ what }) => !/ on topic |boma-build/.test(what)) };

const there = await withGcloud([accounts, datasets, tables, views, roles, rightsHere, functions, callers, triggers], system);
after(() => there.stop());
const { cloud } = there;
for (const api of APIS) cloud.state.enabled.add(`${api}.googleapis.com`);

function checked(names) {
  const { complaints, methods } = validated(cloud.requests);
  cloud.forget();
  assert.deepEqual(complaints, []);
  assert.deepEqual(names.filter((name) => !methods.includes(name)), []);
}

test('made', async () => {
  await there.apply();
  await there.apply();
  checked([
    'bigquery.datasets.get', 'bigquery.datasets.insert', 'bigquery.tables.getIamPolicy', 'bigquery.tables.insert', 'bigquery.tables.list', 'bigquery.tables.setIamPolicy',
    'google.cloud.eventarc.v1.CreateTriggerRequest', 'google.cloud.eventarc.v1.ListTriggersRequest', 'google.iam.admin.v1.CreateRoleRequest', 'google.iam.admin.v1.GetRoleRequest',
  ]);
});

test('mended', async () => {
  const dataset = cloud.state.datasets.get('boma');
  Object.assign(dataset.resource, { defaultTableExpirationMs: '86400000', access: [] });
  const table = dataset.tables.get('leads_history');
  table.schema.fields.splice(-2, 1);
  Object.assign(table, { expirationTime: '1800000000000', clustering: { fields: ['id'] }, timePartitioning: { ...table.timePartitioning, expirationMs: '1' } });
  dataset.tables.get('leads_latest').view.query = 'SELECT 1';
  dataset.tables.set('gone', { tableReference: { projectId: PROJECT, datasetId: 'boma', tableId: 'gone' }, type: 'VIEW', labels: { 'managed-by': 'boma' } });
  Object.assign([...cloud.state.roles.values()][0], { deleted: true, includedPermissions: [] });
  for (const one of cloud.state.triggers.values()) one.serviceAccount = 'x@acme';
  await there.apply();
  checked([
    'bigquery.datasets.patch', 'bigquery.tables.delete', 'bigquery.tables.patch', 'google.cloud.eventarc.v1.UpdateTriggerRequest',
    'google.iam.admin.v1.UndeleteRoleRequest', 'google.iam.admin.v1.UpdateRoleRequest',
  ]);
});

test('taken away', async () => {
  await there.remove();
  checked(['bigquery.datasets.delete', 'google.cloud.eventarc.v1.DeleteTriggerRequest', 'google.cloud.functions.v2.DeleteFunctionRequest']);
});

const insert = (body) => ({ api: 'bigquery', method: 'POST', path: 'projects/p/datasets/d/tables', query: {}, body });
const WRONG = [
  ['a table with a field that there is not', insert({ requirePartitionFilters: true }), /has no field requirePartitionFilters/],
  ['a column with a mode that is no text', insert({ schema: { fields: [{ name: 'a', type: 'STRING', mode: 7 }] } }), /mode can't be 7/],
  ['a table without a value where it is made', insert({ expirationTime: null }), /expirationTime can't be None/],
  ['a trigger with a filter that Eventarc has not', { api: 'eventarc', method: 'POST', path: 'v1/projects/p/locations/l/triggers', query: { triggerId: 't' }, body: { eventFilter: [] } }, /eventFilter/],
];
for (const [what, request, complaint] of WRONG) {
  test(`${what} is a complaint`, () => {
    const { complaints } = validated([request]);
    assert.equal(complaints.length, 1, complaints.join('\n'));
    assert.match(complaints[0], complaint);
  });
}
