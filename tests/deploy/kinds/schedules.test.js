// Jobs of Cloud Scheduler: what is there against what should be, as plain data.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { callsOf, schedules } from '../../../deploy/kinds/schedules.js';
import { clock, kycRequest, systemOf } from './one-of-each.js';

const system = systemOf(clock, kycRequest);

const rightly = () => ({
  name: 'projects/acme/locations/europe-west1/jobs/boma-clock',
  state: 'ENABLED', schedule: '*/10 * * * *', timeZone: 'Etc/UTC', attemptDeadline: '550s',
  httpTarget: {
    uri: 'https://clock-1234.europe-west1.run.app/', httpMethod: 'POST',
    oidcToken: { serviceAccountEmail: 'boma-schedule@acme.iam.gserviceaccount.com', audience: 'https://clock-1234.europe-west1.run.app' },
  },
  retryConfig: { retryCount: 4, maxRetryDuration: '0s', minBackoffDuration: '30s', maxBackoffDuration: '480s', maxDoublings: 5 },
});

const changed = (change) => {
  const there = rightly();
  change(there);
  return schedules.compare([there], system)[0];
};

test('there is no job: it is made for the function that has a schedule, and for no other', () => {
  const differences = schedules.compare([], system);
  assert.deepEqual(differences.map(({ mark, what }) => [mark, what]), [['+', 'job boma-clock']]);
  assert.deepEqual(differences[0].steps[0].gcloud.slice(0, 6), ['scheduler', 'jobs', 'create', 'http', 'boma-clock', '--location=europe-west1']);
});

test('a right job is left alone', () => {
  assert.deepEqual(schedules.compare([rightly()], system), []);
});

const DRIFT = [
  ['schedule', (job) => { job.schedule = '0 * * * *'; }, 'schedule is 0 * * * *, not */10 * * * *'],
  ['time zone', (job) => { job.timeZone = 'Europe/Prague'; }, 'time zone is Europe/Prague, not Etc/UTC'],
  ['address', (job) => { job.httpTarget.uri = 'https://elsewhere.example/'; }, 'address is https://elsewhere.example, not https://clock-1234.europe-west1.run.app'],
  ['method', (job) => { job.httpTarget.httpMethod = 'GET'; }, 'method is GET, not POST'],
  ['no token', (job) => { delete job.httpTarget.oidcToken; }, 'caller is nobody, not boma-schedule@acme.iam.gserviceaccount.com; audience is none, not https://clock-1234.europe-west1.run.app'],
  ['deadline', (job) => { job.attemptDeadline = '180s'; }, 'deadline is 180 s, not 550 s'],
  ['retries', (job) => { delete job.retryConfig; }, 'retries is 0, not 4; shortest back-off is 0 s, not 30 s; longest back-off is 0 s, not 480 s; doublings of the back-off is 0, not 5'],
  ['a limit on retries', (job) => { job.retryConfig.maxRetryDuration = '3600s'; }, 'time for retries is 3600 s, not 0 s'],
  ['steady pauses', (job) => { job.retryConfig.maxDoublings = 0; }, 'doublings of the back-off is 0, not 5'],
  ['a failed update', (job) => { job.state = 'UPDATE_FAILED'; }, 'is UPDATE_FAILED'],
  ['a job that goes elsewhere than by HTTP', (job) => { delete job.httpTarget; }, /^address is undefined, not https/],
];
for (const [what, change, text] of DRIFT) {
  test(`drift is named and ended by one change: ${what}`, () => {
    const { text: said, steps } = changed(change);
    if (typeof text === 'string') assert.equal(said, text);
    else assert.match(said, text);
    assert.deepEqual(steps.map(({ gcloud }) => gcloud[2]), ['update']);
  });
}

test('a daily run is called six times, and one every few minutes no longer than until the next', () => {
  assert.deepEqual(callsOf({ schedule: '0 3 * * *', timeout: '540s' }), { calls: 6, deadlineS: 550, lastsS: 930 + 6 * 550 });
  assert.deepEqual(callsOf({ schedule: '*/10 * * * *', timeout: '540s' }), { calls: 5, deadlineS: 550, lastsS: 450 + 5 * 550 });
  assert.deepEqual(callsOf({ schedule: '*/1 * * * *', timeout: '50s' }), { calls: 2, deadlineS: 60, lastsS: 30 + 2 * 60 });
});

test('a job that was paused is resumed, after what else differs is mended', () => {
  assert.deepEqual(changed((job) => { job.state = 'PAUSED'; }).steps.map(({ say }) => say), ['resume job boma-clock']);
  const both = changed((job) => Object.assign(job, { state: 'PAUSED', schedule: '0 * * * *' }));
  assert.equal(both.text, 'schedule is 0 * * * *, not */10 * * * *; is paused');
  assert.deepEqual(both.steps.map(({ gcloud }) => gcloud[2]), ['update', 'resume']);
});

test('a job of ours without a function goes; others stay', () => {
  const named = (name) => ({ ...rightly(), name: rightly().name.replace('boma-clock', name) });
  const there = [rightly(), named('boma-kyc-request'), named('shop-clock')];
  assert.deepEqual(schedules.compare(there, system).map(({ mark, what }) => [mark, what]), [['-', 'job boma-kyc-request']]);
  assert.deepEqual(schedules.compare(there, { ...system, isWhole: false }), []);
  assert.deepEqual(schedules.removal(there, system).map(({ say }) => say), ['delete job boma-clock', 'delete job boma-kyc-request']);
  assert.deepEqual(schedules.removal(there, { ...system, isWhole: false }).map(({ say }) => say), ['delete job boma-clock']);
});
