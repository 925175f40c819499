// Jobs of Cloud Scheduler by the real gcloud.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { schedules } from '../../deploy/kinds/schedules.js';
import { clock, systemOf } from './kinds/one-of-each.js';
import { withGcloud } from './with-gcloud.js';

let there;
before(async () => {
  there = await withGcloud([schedules], systemOf(clock));
  there.cloud.state.enabled.add('cloudscheduler.googleapis.com');
});
after(() => there.stop());

const job = () => [...there.cloud.state.jobs.values()][0];

test('a job is made that calls its function with a token, and then there is nothing to do', async () => {
  await there.apply();
  assert.deepEqual(await there.differences(), []);
  assert.deepEqual(job().httpTarget.oidcToken, {
    serviceAccountEmail: 'boma-schedule@acme.iam.gserviceaccount.com', audience: 'https://clock-1234.europe-west1.run.app',
  });
});

test('it is run once at the beginning, so that its silence can be noticed', () => {
  assert.ok(job().lastAttemptTime);
});

test('what was changed by hand is mended, and a paused job goes on', async () => {
  Object.assign(job(), { schedule: '0 0 1 1 *', state: 'PAUSED', attemptDeadline: '180s' });
  job().httpTarget = { uri: 'https://elsewhere.example/', httpMethod: 'GET' };
  delete job().retryConfig.retryCount;
  assert.equal((await there.differences())[0].differences.length, 1);
  await there.apply();
  assert.deepEqual(await there.differences(), []);
});

test('it is taken away again, and the cloud was asked for nothing that it does not know', async () => {
  await there.remove();
  assert.equal(there.cloud.state.jobs.size, 0);
  assert.deepEqual(there.cloud.unexpected(), []);
});
