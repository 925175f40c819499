import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hostConfig, refuseEmulatorsInProduction } from '../../shim/config.js';

const unasked = async () => assert.fail('nobody asks the metadata server');

test('the project comes from the environment, the database has a default', async () => {
  const of = (env) => hostConfig({ env, read: unasked })();
  assert.deepEqual(await of({ GOOGLE_CLOUD_PROJECT: 'a' }), { project: 'a', database: '(default)' });
  assert.deepEqual(await of({ GCLOUD_PROJECT: 'b', FIRESTORE_DATABASE: 'other' }), { project: 'b', database: 'other' });
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
