// The example of a workflow: nothing in it can be exchanged behind our backs, and what it runs is there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { parseArguments } from '../../deploy/arguments.js';
import { ROOT } from './deploying.js';

const workflow = readFileSync(join(ROOT, 'docs/operations/github-actions.yml'), 'utf8');
const lines = workflow.split('\n');
const after = (marker) => lines.filter((line) => line.includes(marker)).map((line) => line.slice(line.indexOf(marker) + marker.length).trim());

test('every action is pinned by its commit, and says which release that is', () => {
  const actions = after('uses: ');
  assert.ok(actions.length > 6);
  for (const action of actions) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  const pins = new Map(actions.map((action) => action.split('@')));
  for (const action of actions) assert.equal(pins.get(action.split('@')[0]), action.split('@')[1], 'one action at two commits');
});

test('there is no key and no secret', () => {
  assert.doesNotMatch(workflow, /secrets\.|credentials_json|service_account_key/);
});

/** { name: text } of the jobs. */
const parts = workflow.slice(workflow.indexOf('\njobs:')).split(/^ {2}(?=\w+:$)/m).slice(1);
const jobs = Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf(':')), part]));

test('only a job that signs in at Google can have a token for it, and no job more than that', () => {
  assert.deepEqual(Object.keys(jobs), ['test', 'build', 'plan', 'apply']);
  const permissionsOf = (text) => /^( *)permissions:\n((?:\1 +.*\n)+)/m.exec(text)?.[2].trim().split(/\n\s*/);
  assert.deepEqual(permissionsOf(workflow.slice(0, workflow.indexOf('\njobs:'))), ['contents: read']);
  for (const [name, job] of Object.entries(jobs)) {
    const signsIn = job.includes('google-github-actions/auth@');
    assert.deepEqual(permissionsOf(job), signsIn ? ['contents: read', 'id-token: write'] : undefined, name);
  }
});

test('a job that can have a token compiles nothing and fetches no package: it deploys what a job without one has built', () => {
  for (const [name, job] of Object.entries(jobs).filter(([, text]) => text.includes('id-token: write'))) {
    assert.match(job, /actions\/download-artifact@/, name);
    for (const [, command] of job.matchAll(/run: (.*)/g)) assert.match(command, /^\.\/deploy\.sh (?:plan|apply) --built /, name);
  }
  assert.match(jobs.build, /run: \.\/deploy\.sh build\n[^]*actions\/upload-artifact@/);
});

test('gcloud\'s commands of both tracks are installed where steps are taken', () => {
  assert.match(jobs.apply, /install_components: alpha,beta\n/);
});

test('only a push to main, from the approved environment, changes anything', () => {
  const apply = workflow.slice(workflow.indexOf('\n  apply:'));
  assert.match(apply, /if: github\.event_name == 'push'\n/);
  assert.match(apply, /environment: production\n/);
  assert.match(apply, /needs: \[test, build\]\n/);
  assert.doesNotMatch(workflow.slice(0, workflow.indexOf('\n  apply:')), /deploy\.sh apply|deploy-boma/);
});

test('what it runs is there, and takes these flags', () => {
  const commands = after('run: ');
  assert.equal(commands.length, 4);
  for (const command of commands) {
    const [program, ...words] = command.split(' || ')[0].replaceAll('"$PROJECT"', 'a-project').replaceAll('"$REGION"', 'europe-west1').split(' ');
    assert.ok(existsSync(join(ROOT, program)), program);
    if (program === './deploy.sh') parseArguments(words);
  }
});
