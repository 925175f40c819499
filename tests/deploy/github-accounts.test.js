// The accounts of docs/operations/github-actions.md: their roles are enough for all that a plan reads and all that an apply does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { problemsOf } from '../../deploy/checks/index.js';
import { READING_ROLES, openCloud } from '../../deploy/cloud.js';
import { KINDS } from '../../deploy/kinds/index.js';
import { APP_NAME } from '../../deploy/kinds/web-app.js';
import { readAll } from '../../deploy/plan.js';
import { readProject } from '../../deploy/project.js';
import { readPublishers } from '../../deploy/publishers.js';
import { nameOf } from '../../deploy/warehouse.js';
import { ROOT } from './deploying.js';
import { wholeSystem } from './whole-system.js';

/** What of Google's roles is asked about here, as Google's lists of them said in August 2026. */
const ROLES = JSON.parse(readFileSync(join(import.meta.dirname, 'roles-of-google.json'), 'utf8'));
const page = readFileSync(join(ROOT, 'docs/operations/github-actions.md'), 'utf8');

/** The roles that the page gives an account on the project. */
function rolesOf(account) {
  const [, names] = page.match(new RegExp(`for role in ([^;]+); do\n.*--member=serviceAccount:${account}@`));
  return names.split(' ').map((name) => `roles/${name}`);
}

/** Each kind of read by its address, and what it takes. The first that fits counts. */
const READS = [
  ['cloudbilling', /\/billingInfo$/, 'resourcemanager.projects.get'],
  ['cloudfunctions', /\/functions$/, 'cloudfunctions.functions.list'],
  ['cloudresourcemanager', /^v1\/projects\/[^/:]+$/, 'resourcemanager.projects.get'],
  ['cloudresourcemanager', /:getIamPolicy$/, 'resourcemanager.projects.getIamPolicy'],
  ['cloudscheduler', /\/jobs$/, 'cloudscheduler.jobs.list'],
  ['bigquery', /\/datasets\/\w+$/, 'bigquery.datasets.get'],
  ['bigquery', /\/tables$/, 'bigquery.tables.list'],
  ['bigquery', /\/tables\/\w+$/, 'bigquery.tables.get'],
  ['bigquery', /\/tables\/\w+:getIamPolicy$/, 'bigquery.tables.getIamPolicy'],
  ['eventarc', /\/triggers$/, 'eventarc.triggers.list'],
  ['firebase', /^v1beta1\/projects\/[^/]+$/, 'firebase.projects.get'],
  ['firebase', /\/webApps$/, 'firebase.clients.list'],
  ['firebase', /\/webApps\/[^/]+\/config$/, 'firebase.clients.get'],
  ['firebasehosting', /\/(?:channels\/live|versions\/[^/]+)$/, 'firebasehosting.sites.get'],
  ['firebaserules', /\/releases\//, 'firebaserules.releases.get'],
  ['firebaserules', /\/rulesets\//, 'firebaserules.rulesets.get'],
  ['firestore', /\/databases\/[^/]+$/, 'datastore.databases.getMetadata'],
  ['firestore', /\/documents:listCollectionIds$/, 'datastore.entities.list'],
  ['firestore', /\/backupSchedules$/, 'datastore.backupSchedules.list'],
  ['firestore', /\/operations$/, 'datastore.operations.list'],
  ['firestore', /\/(?:fields|indexes)$/, 'datastore.schemas.list'],
  ['firestore', /\/fields\/\w+$/, 'datastore.schemas.get'],
  ['iam', /\/serviceAccounts$/, 'iam.serviceAccounts.list'],
  ['iam', /\/serviceAccounts\/[^/]+:getIamPolicy$/, 'iam.serviceAccounts.getIamPolicy'],
  ['iam', /\/roles\/[\w.]+$/, 'iam.roles.get'],
  ['identitytoolkit', /\/config$/, 'firebaseauth.configs.get'],
  ['logging', /\/metrics$/, 'logging.logMetrics.list'],
  ['monitoring', /\/alertPolicies$/, 'monitoring.alertPolicies.list'],
  ['monitoring', /\/notificationChannels$/, 'monitoring.notificationChannels.list'],
  ['monitoring', /\/dashboards$/, 'monitoring.dashboards.list'],
  ['pubsub', /\/topics$/, 'pubsub.topics.list'],
  ['pubsub', /\/subscriptions$/, 'pubsub.subscriptions.list'],
  ['pubsub', /\/topics\/[^/]+:getIamPolicy$/, 'pubsub.topics.getIamPolicy'],
  ['pubsub', /\/subscriptions\/[^/]+:getIamPolicy$/, 'pubsub.subscriptions.getIamPolicy'],
  ['run', /\/services$/, 'run.services.list'],
  ['run', /\/services\/[^/]+:getIamPolicy$/, 'run.services.getIamPolicy'],
  ['secretmanager', /\/secrets\/[^/:]+$/, 'secretmanager.secrets.get'],
  ['secretmanager', /\/versions$/, 'secretmanager.versions.list'],
  ['secretmanager', /:getIamPolicy$/, 'secretmanager.secrets.getIamPolicy'],
  ['serviceusage', /\/services$/, 'serviceusage.services.list'],
];
/** Of whoever has a request counted against this project. */
const IN_ITS_NAME = 'serviceusage.services.use';

const SYSTEM = wholeSystem();
SYSTEM.console = { folder: '/nowhere', config: {} };
SYSTEM.functions[0].secrets = [{ secret: 'provider-key', variable: 'KEY', reason: 'signs' }];

/** A project in which there is something of each kind whose reading leads to another read; of the rest an answer with nothing in it. */
function answerTo(path) {
  const [, dataset, table] = /\/datasets\/(\w+)\/tables(?:\/(\w+))?$/.exec(path) ?? [];
  const there = [...SYSTEM.warehouse.tables, ...SYSTEM.warehouse.views];
  if (table !== undefined) return there.find((one) => nameOf(one) === `${dataset}.${table}`);
  if (dataset !== undefined) return { tables: there.filter((one) => nameOf(one).startsWith(`${dataset}.`)) };
  if (path.endsWith('/serviceAccounts')) return { accounts: [{ email: `boma-push@${SYSTEM.project}.iam.gserviceaccount.com` }] };
  if (path.endsWith('/webApps')) return { apps: [{ appId: 'a', displayName: APP_NAME }] };
  if (path.endsWith('/channels/live')) return { release: { version: { name: 'sites/s/versions/v' } } };
  if (path.includes('/releases/')) return { rulesetName: `projects/${SYSTEM.project}/rulesets/r` };
  if (path.includes('/rulesets/')) return { source: { files: [] } };
  return { lifecycleState: 'ACTIVE', projectNumber: '123456789012', billingEnabled: true, location: SYSTEM.region, type: 'FIRESTORE_NATIVE' };
}

/** The permissions for all that `plan` asks, in the order of its asking. */
async function permissionsToRead() {
  const taken = [];
  const cloud = openCloud({ token: 't', env: {}, fetched: async (url, { headers }) => {
    const [api, path] = [url.host.split('.')[0], decodeURIComponent(url.pathname.slice(1))];
    const [, , permission] = READS.find(([its, pattern]) => its === api && pattern.test(path)) ?? assert.fail(`${api}: nobody says what reading ${path} takes`);
    taken.push(permission, ...(headers['x-goog-user-project'] === undefined ? [] : [IN_ITS_NAME]));
    return Response.json(answerTo(path));
  } });
  await readProject(cloud, SYSTEM.project);
  const found = await readAll(cloud, SYSTEM);
  await problemsOf(cloud, found, SYSTEM);
  await readPublishers(cloud, SYSTEM);
  return [...new Set(taken)];
}

const toRead = await permissionsToRead();
const toChange = KINDS.flatMap(({ permissions = {}, morePermissions }) => [permissions, morePermissions?.(SYSTEM) ?? {}].flatMap(Object.entries))
  .flatMap(([role, names]) => names.map((name) => ({ role, name })));
const lackedBy = (roles, wanted) => wanted.filter((name) => !roles.some((role) => ROLES[role].includes(name)));

test('whoever plans may read all of it, also after the first apply, and nothing of the page is left out of what a refusal says', () => {
  assert.deepEqual(lackedBy(rolesOf('plan-boma'), toRead), []);
  assert.deepEqual(rolesOf('plan-boma'), READING_ROLES);
});

test('whoever deploys may read it, too, and do all that any step of ours needs', () => {
  const roles = rolesOf('deploy-boma');
  assert.deepEqual(lackedBy(roles, toRead), []);
  assert.deepEqual(lackedBy(roles, toChange.map(({ name }) => name)), []);
});

test('a role that somebody is told to ask for has what he lacks', () => {
  assert.deepEqual(toChange.filter(({ role, name }) => !ROLES[role].includes(name)), []);
});

test('each kind of read that is known here is one that a plan does', () => {
  assert.deepEqual(READS.map(([, , permission]) => permission).filter((name) => !toRead.includes(name)), []);
});
