// Every request by which a system is made, changed and taken away is one that Google's published types can read: fields, values, masks and addresses.
// The recording cloud answers what it is asked; it doesn't know what the real one would refuse.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { deploying } from './deploying.js';
import { validated } from './published-types/validator.js';

const PROJECT = 'acme-crm';
/** Of the requests of `apply`; a type that is missing here is one that nobody checks any more. What has no types has its method. */
const MADE = [
  'bigquery.datasets.insert', 'bigquery.tables.insert', 'bigquery.tables.setIamPolicy', 'google.cloud.eventarc.v1.CreateTriggerRequest', 'google.iam.admin.v1.CreateRoleRequest',
  'firebaserules.projects.releases.create', 'firebaserules.projects.rulesets.create', 'identitytoolkit.projects.identityPlatform.initializeAuth', 'identitytoolkit.projects.updateConfig',
  'google.cloud.functions.v2.CreateFunctionRequest', 'google.cloud.scheduler.v1.CreateJobRequest', 'google.firestore.admin.v1.CreateDatabaseRequest',
  'google.firestore.admin.v1.UpdateFieldRequest', 'google.iam.admin.v1.CreateServiceAccountRequest',
  'google.iam.v1.SetIamPolicyRequest', 'google.logging.v2.CreateLogMetricRequest', 'google.monitoring.dashboard.v1.CreateDashboardRequest',
  'google.monitoring.v3.CreateAlertPolicyRequest', 'google.pubsub.v1.Subscription', 'google.pubsub.v1.Topic',
];

const { cloud, deploy, answering, stop } = await deploying(PROJECT);
after(stop);

test('apply', async () => {
  const { status, said } = await deploy('apply', '--region', 'europe-west1');
  assert.equal(status, 0, said);
  const { complaints, methods, checked } = validated(cloud.requests);
  assert.deepEqual(complaints, []);
  assert.ok(checked > 200, `${checked} requests`);
  assert.deepEqual(MADE.filter((name) => !methods.includes(name)), []);
});

test('what was changed by hand is mended by requests that they can read', async () => {
  for (const job of cloud.state.jobs.values()) Object.assign(job, { schedule: '0 0 1 1 *', state: 'PAUSED' });
  for (const one of cloud.state.functions.values()) one.serviceConfig.availableMemory = '256Mi';
  const before = cloud.requests.length;
  const { status, said } = await deploy('apply', '--region', 'europe-west1', '--only', 'clock');
  assert.equal(status, 0, said);
  const { complaints, methods } = validated(cloud.requests.slice(before));
  assert.deepEqual(complaints, []);
  for (const name of ['google.cloud.functions.v2.UpdateFunctionRequest', 'google.cloud.scheduler.v1.UpdateJobRequest', 'google.cloud.scheduler.v1.ResumeJobRequest']) assert.ok(methods.includes(name), name);
});

test('destroy', async () => {
  const before = cloud.requests.length;
  const { status, said } = await answering(`${PROJECT}\n`, 'destroy', '--region', 'europe-west1');
  assert.equal(status, 0, said);
  assert.deepEqual(validated(cloud.requests.slice(before)).complaints, []);
});

const job = (changes) => ({
  api: 'cloudscheduler', method: 'POST', path: 'v1/projects/p/locations/l/jobs', query: {},
  body: { name: 'projects/p/locations/l/jobs/j', schedule: '* * * * *', httpTarget: { uri: 'https://a.example/' }, ...changes },
});
const release = (body) => ({ api: 'firebaserules', method: 'PATCH', path: 'v1/projects/p/releases/cloud.firestore', query: {}, body });
const RELEASED = { name: 'projects/p/releases/cloud.firestore', rulesetName: 'projects/p/rulesets/r' };
const WRONG = [
  ['a release of rules that isn\'t wrapped where it is changed', release({ rulesetName: RELEASED.rulesetName }), /UpdateReleaseRequest has no field rulesetName/],
  ['a release of rules with a value that is none', release({ release: { ...RELEASED, rulesetName: 7 } }), /UpdateReleaseRequest\.release\.rulesetName can't be 7/],
  ['rules at an address that no method has', { ...release({}), path: 'v1/projects/p/databases/d/releases' }, /no published method/],
  ['a field that the type has not', job({ scheduel: '* * * * *' }), /scheduel/],
  ['a field of a field', job({ retryConfig: { retries: 5 } }), /retries/],
  ['a value that an enumeration has not', job({ httpTarget: { uri: 'https://a.example/', httpMethod: 'PSOT' } }), /PSOT/],
  ['a duration that is none', job({ attemptDeadline: '9 minutes' }), /[Dd]uration/],
  ['a mask of fields that there are not', { ...job({}), method: 'PATCH', path: 'v1/projects/p/locations/l/jobs/j', query: { updateMask: 'schedule,retries' } }, /mask names what Job hasn't/],
  ['a parameter that the method has not', { ...job(), query: { jobId: 'j' } }, /job_id/],
  ['an address that no method has', { ...job(), path: 'v1/projects/p/jobs' }, /no published method/],
];
for (const [what, request, complaint] of WRONG) {
  test(`${what} is a complaint`, () => {
    const { complaints } = validated([request]);
    assert.equal(complaints.length, 1, complaints.join('\n'));
    assert.match(complaints[0], complaint);
  });
}

test('and without a mistake there is none', () => {
  assert.deepEqual(validated([job(), release({ release: RELEASED })]), {
    complaints: [], methods: ['firebaserules.projects.releases.patch', 'google.cloud.scheduler.v1.CreateJobRequest'], checked: 2,
  });
});
