// The example workflow's own steps, one job after the other, against a cloud of the test's own: built in a job without credentials,
// deployed by one without a compiler.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT, deploying } from './deploying.js';
import { readYaml, runner } from './workflow.js';

const WORKFLOW = join(ROOT, 'docs/operations/github-actions.yml');

/** `only` leaves the rest of the functions to the long test; `inPlace` as in workflow.js. */
export async function workflowJourney({ only, inPlace }) {
  const workflow = readYaml(readFileSync(WORKFLOW, 'utf8'));
  const { cloud, env, stop } = await deploying(workflow.env.PROJECT);
  const { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE, ...rest } = env;
  const jobs = runner(workflow, {
    cloudEnv: rest, credentials: { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE }, inPlace,
    edit: (command) => (only === undefined ? command : command.replace('--region', `--only ${only} --region`)),
  });
  test.after(async () => {
    jobs.stop();
    await stop();
  });

  test('the build needs no project, no gcloud and no credentials', async () => {
    const { status, said } = await jobs.run('build');
    assert.equal(status, 0, said);
    assert.match(said, /^kyc +\d/m);
    assert.deepEqual(cloud.requests, []);
  });

  test('a pull request is shown what it would change, by a job that compiles nothing', async () => {
    const { status, said } = await jobs.run('plan');
    assert.equal(status, 0, said);
    assert.match(said, /\+ function kyc/);
    assert.deepEqual(cloud.changes(), []);
  });

  test('main is deployed as it was built, with the components that the job installs', async () => {
    const { status, said } = await jobs.run('apply');
    assert.equal(status, 0, said);
    assert.match(said, /Looking again:[^]*Nothing to do: all is as it should be/);
    assert.deepEqual(cloud.unexpected(), []);
  });
}
