// Secrets by reference: what can't be used is found before anything is changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { secrets as check } from '../../deploy/checks/secrets.js';
import { openCloud } from '../../deploy/cloud.js';
import { functions } from '../../deploy/kinds/functions.js';
import { readSecrets } from '../../deploy/secrets.js';
import { startCloud } from './cloud/server.js';
import { clock, kycRequest, systemOf } from './kinds/one-of-each.js';

const reference = { name: 'SIGNING_KEY', secret: 'provider-key', reason: 'signs what it asks' };
const withSecret = (more) => systemOf({ ...kycRequest, secrets: [{ ...reference, ...more }] }, clock);
const checked = (versions, more) => check({ found: [{ kind: functions, there: { secrets: { 'provider-key': versions } } }], system: withSecret(more) });

let cloud;
before(async () => {
  cloud = await startCloud({ project: 'acme' });
});
after(() => cloud.stop());

test('a secret that is not there is asked for, with the command that makes it', () => {
  const [sentence] = checked(null);
  assert.match(sentence, /^secret provider-key, SIGNING_KEY of kyc-request \(signs what it asks\), isn't there: /);
  assert.match(sentence, /gcloud secrets create provider-key --replication-policy=user-managed --locations=europe-west1 --data-file=- --project=acme$/);
});

test('so is one without a version that can be used', () => {
  assert.match(checked([])[0], /has no enabled version: give its value to gcloud secrets versions add provider-key --data-file=- --project=acme$/);
});

test('so is a pinned version that is disabled', () => {
  assert.match(checked([1, 3], { version: '2' })[0], /has no enabled version 2, only 1, 3: .*gcloud secrets versions enable 2 --secret=provider-key --project=acme$/);
});

test('what can be used is not spoken of', () => {
  assert.deepEqual(checked([1]), []);
  assert.deepEqual(checked([1, 2], { version: '1' }), []);
});

test('nobody is asked where no function refers to a secret', async () => {
  assert.deepEqual(await readSecrets(openCloud({ token: 't', env: cloud.env }), systemOf(clock)), {});
  assert.deepEqual(cloud.requests, []);
});

test('versions are looked up by their numbers, and no value is asked for', async () => {
  const reader = openCloud({ token: 't', env: cloud.env });
  assert.deepEqual(await readSecrets(reader, withSecret()), { 'provider-key': null }, 'the API is not enabled');
  cloud.state.enabled.add('secretmanager.googleapis.com');
  assert.deepEqual(await readSecrets(reader, withSecret()), { 'provider-key': null });
  Object.assign(cloud.state, { secrets: { 'provider-key': ['DESTROYED', 'ENABLED', 'DISABLED', 'ENABLED'] } });
  assert.deepEqual(await readSecrets(reader, withSecret()), { 'provider-key': [4, 2] });
  assert.ok(cloud.requests.every(({ method, path }) => method === 'GET' && !path.includes(':access')));
  assert.deepEqual(cloud.unexpected(), []);
});
