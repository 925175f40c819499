import assert from 'node:assert/strict';
import { test } from 'node:test';

import { endpointNamed, hostConfig, refuseEmulatorsInProduction } from '../../shim/config.js';

const unasked = async () => assert.fail('nobody asks the metadata server');

test('the project comes from the environment, the database has a default', async () => {
  const of = (env) => hostConfig({ env, read: unasked })();
  assert.deepEqual(await of({ GOOGLE_CLOUD_PROJECT: 'a' }), { project: 'a', database: '(default)', unsignedTokens: true });
  assert.deepEqual(await of({ GCLOUD_PROJECT: 'b', FIRESTORE_DATABASE: 'other' }), { project: 'b', database: 'other', unsignedTokens: true });
});

test('deployed, the metadata server is asked for the project, once', async () => {
  const asked = [];
  const read = async (path) => {
    asked.push(path);
    return 'from-metadata';
  };
  const host = hostConfig({ env: { K_SERVICE: 'f' }, read });
  await Promise.all([host(), host()]);
  assert.deepEqual(await host(), { project: 'from-metadata', database: '(default)' });
  assert.deepEqual(asked, ['project/project-id']);
});

test('deployed, no setting makes unsigned tokens of operators good', async () => {
  const env = { K_SERVICE: 'f', GOOGLE_CLOUD_PROJECT: 'a', FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:1', unsignedTokens: 'true' };
  assert.deepEqual(await hostConfig({ env, read: unasked })(), { project: 'a', database: '(default)' });
  assert.throws(() => refuseEmulatorsInProduction(env), /FIREBASE_AUTH_EMULATOR_HOST is set in a deployed function/);
});

test('a failure to learn the project is not kept', async () => {
  let asked = 0;
  const read = async () => {
    asked += 1;
    if (asked === 1) throw new Error('not now');
    return 'later';
  };
  const host = hostConfig({ env: { K_SERVICE: 'f' }, read });
  await assert.rejects(host(), /not now/);
  assert.equal((await host()).project, 'later');
});

test('a developer without a project is told which setting is missing', async () => {
  await assert.rejects(hostConfig({ env: {}, read: unasked })(), { message: 'GOOGLE_CLOUD_PROJECT is not set' });
});

test('any emulator setting stops a deployed function, and only that', () => {
  for (const name of ['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST', 'BIGQUERY_EMULATOR_HOST']) {
    const message = `${name} is set in a deployed function; remove it from its settings`;
    assert.throws(() => refuseEmulatorsInProduction({ K_SERVICE: 'f', [name]: '127.0.0.1:1' }), { message });
    refuseEmulatorsInProduction({ [name]: '127.0.0.1:1' });
  }
  refuseEmulatorsInProduction({ K_SERVICE: 'f' });
});

test('an endpoint is the usual one, unless a setting names another', () => {
  const of = (env) => endpointNamed('PUBSUB_ENDPOINT', 'pubsub.googleapis.com:443', env);
  assert.equal(of({}), 'pubsub.googleapis.com:443');
  assert.equal(of({ PUBSUB_ENDPOINT: '' }), 'pubsub.googleapis.com:443');
  for (const named of ['europe-west1-pubsub.googleapis.com:443', 'localhost:8443', '127.0.0.1:65535']) {
    assert.equal(of({ PUBSUB_ENDPOINT: named }), named);
  }
});

test('an endpoint that is not HOST:PORT is refused by the name of its setting, without what it says', () => {
  const wrong = [
    'europe-west1-pubsub.googleapis.com', 'https://pubsub.googleapis.com:443', 'someone:secret@host:443', 'host:443/path', 'host:0', 'host:65536',
    ':443', 'host:', 'host:https', ' host:443', 'host:443 ', 'host:443\n', '-host:443', 'host..name:443', 'dns:///host:443', 'unix:/a/socket',
  ];
  const message = 'FIRESTORE_ENDPOINT must be HOST:PORT and nothing else, such as firestore.googleapis.com:443';
  for (const named of wrong) {
    const env = { FIRESTORE_ENDPOINT: named };
    assert.throws(() => endpointNamed('FIRESTORE_ENDPOINT', 'firestore.googleapis.com:443', env), { message }, JSON.stringify(named));
  }
});
