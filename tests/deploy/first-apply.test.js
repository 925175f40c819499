// The first `apply` of a function that Eventarc calls: what Google isn't ready for yet is waited for, and what can be seen only once the
// function is there is done in the same run. So the first push of a workflow is green.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { withDatabase } from './cloud/a-database.js';
import { deploying } from './deploying.js';

const PROJECT = 'acme-first';
const ONLY = ['--region', 'europe-west1', '--only', 'release'];
// As reports quote it: github.com/terraform-google-modules/terraform-docs-samples/issues/486 (2023).
const NOT_YET = `Validation failed for trigger projects/${PROJECT}/locations/europe-west1/triggers/release-032436: Invalid resource state for "": `
  + 'Permission denied while using the Eventarc Service Agent. If you recently started to use Eventarc, it may take a few minutes before all necessary '
  + 'permissions are propagated to the Service Agent. Otherwise, verify that it has Eventarc Service Agent role.';

const { cloud, deploy, stop } = await deploying(PROJECT);
test.after(stop);
await withDatabase(cloud);

const known = () => cloud.state.functions.get(`projects/${PROJECT}/locations/europe-west1/functions/release`);
const timesOf = (said, pattern) => said.match(pattern)?.length ?? 0;

test('Eventarc that isn\'t ready is tried again, the address of the new function is set in a second round, and the run is green', async () => {
  let refusals = 0;
  cloud.state.failing = ({ api, method, path }) => api === 'cloudfunctions' && method === 'POST' && path.endsWith('/functions') && (refusals += 1) === 1 && NOT_YET;
  const { status, said } = await deploy('apply', ...ONLY);
  cloud.state.failing = undefined;
  assert.equal(status, 0, said);
  assert.match(said, /deploy function release: failed, once more in 0 s \(.*Eventarc Service Agent/);
  assert.match(said, /Looking again:[^]*~ function release: BOMA_AUDIENCE is https:\/\/release-\d+[^]*Looking again:[^]*Nothing to do: all is as it should be/);
  assert.equal(known().serviceConfig.environmentVariables.BOMA_AUDIENCE, known().serviceConfig.uri);
  assert.deepEqual(cloud.unexpected(), []);
});

test('a difference that somebody else makes again and again ends it after the second round', async () => {
  const makes = ({ api, method, path }) => {
    if (api === 'run' && method === 'GET' && path.endsWith('/services')) cloud.state.services.get(known().serviceConfig.service).ingress = 'INGRESS_TRAFFIC_ALL';
  };
  cloud.state.failing = makes;
  const { status, said } = await deploy('apply', ...ONLY);
  cloud.state.failing = undefined;
  assert.equal(status, 1, said);
  assert.equal(timesOf(said, /\[1\/1\] deploy function release, /g), 2, said);
  assert.match(said, /something still differs, see above/);
});
