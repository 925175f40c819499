// The plan of a project in which nothing is, with all APIs enabled: IAM refuses to tell the policy of an account that isn't there.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openCloud } from '../../deploy/cloud.js';
import { accounts } from '../../deploy/kinds/accounts.js';
import { rights } from '../../deploy/kinds/rights.js';
import { differencesOf, readAll } from '../../deploy/plan.js';
import { startCloud } from './cloud/server.js';
import { wholeSystem } from './whole-system.js';

const system = wholeSystem();

/** A cloud with these accounts, in which Pub/Sub, which the emulator would be, knows nothing. */
async function cloudWith(emails) {
  const cloud = await startCloud({ project: system.project });
  test.after(cloud.stop);
  cloud.state.enabled.add('iam.googleapis.com');
  cloud.state.accounts = new Map(emails.map((email) => [email, { email }]));
  return { cloud, found: () => readAll(openCloud({ token: 't', env: cloud.env, pauseMs: 0 }), system, [accounts, rights]) };
}

const asked = (cloud) => cloud.requests.filter(({ api, path }) => api === 'iam' && path.endsWith(':getIamPolicy'));

test('the plan of an empty project asks for no policy of an account that isn\'t there', async () => {
  const { cloud, found } = await cloudWith([]);
  const names = differencesOf(await found(), system).map(({ name }) => name);
  assert.deepEqual(names, ['service accounts', 'rights']);
  assert.deepEqual(asked(cloud), []);
});

test('of an account that is there it asks', async () => {
  const email = `boma-push@${system.project}.iam.gserviceaccount.com`;
  const { cloud, found } = await cloudWith([email]);
  await found();
  assert.deepEqual(asked(cloud).map(({ path, status }) => [path, status]), [[`v1/projects/${system.project}/serviceAccounts/${email}:getIamPolicy`, 200]]);
});

test('the cloud of these tests refuses it as Google does', async () => {
  const { cloud } = await cloudWith([]);
  const policy = openCloud({ token: 't', env: cloud.env }).put('iam.googleapis.com', `v1/projects/${system.project}/serviceAccounts/boma-push@x:getIamPolicy`);
  await assert.rejects(policy, { status: 403, message: /or it may not exist/ });
});
