// The rules that are in force are those of the file.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { openCloud } from '../../../deploy/cloud.js';
import { API, releaseName, rules } from '../../../deploy/kinds/rules.js';
import { startCloud } from '../cloud/server.js';
import { ROOT } from '../deploying.js';
import { wholeSystem } from '../whole-system.js';

const system = (others) => ({ ...wholeSystem({ project: 'p' }), ...others });
const compared = (there, others) => rules.compare(there, system(others)).map(({ mark, text, steps }) => `${mark} ${text}: ${steps.map(({ program }) => program.join(' ')).join()}`);

const cloudOf = (resources) => ({ get: async (api, path) => resources[path] ?? null });

test('where nothing is released, or others are, those of the file are', () => {
  assert.deepEqual(compared(null), ["+ isn't there: node deploy/release-rules.js --project=p --database=(default)"]);
  assert.deepEqual(compared('allow read;', { database: 'crm' }), ["~ aren't those of firestore.rules: node deploy/release-rules.js --project=p --database=crm"]);
  assert.deepEqual(compared(system().rules), []);
});

test('what is in force is read of the set that is released', async () => {
  const resources = {
    'v1/projects/p/releases/cloud.firestore': { rulesetName: 'projects/p/rulesets/a' },
    'v1/projects/p/rulesets/a': { source: { files: [{ name: 'firestore.rules', content: 'closed' }] } },
  };
  assert.equal(await rules.read(cloudOf(resources), system()), 'closed');
  assert.equal(await rules.read(cloudOf({}), system()), null);
});

test('each database has a release of its own', () => {
  assert.equal(releaseName('p', '(default)'), 'projects/p/releases/cloud.firestore');
  assert.equal(releaseName('p', 'crm'), 'projects/p/releases/cloud.firestore/crm');
});

test('nobody writes by them; who reads is held in tests/rules', () => {
  const statements = system().rules.match(/allow[^;]*;/g);
  assert.deepEqual(statements.filter((each) => !each.startsWith('allow read: if ')), []);
});

const folder = mkdtempSync(join(tmpdir(), 'boma-rules-'));
writeFileSync(join(folder, 'gcloud'), '#!/bin/bash\necho a-token\n', { mode: 0o755 });
const google = await startCloud({ project: 'p' });
test.after(async () => {
  await google.stop();
  rmSync(folder, { recursive: true });
});
const stepOf = (difference) => difference.steps[0].program.slice(1);
/** Resolves with the step's status and what it says. */
const taken = (words) => new Promise((resolve) => {
  execFile(process.execPath, words, { cwd: ROOT, env: { ...process.env, ...google.env, PATH: `${folder}:${process.env.PATH}` } }, (error, _, stderr) => {
    resolve({ status: error?.code ?? 0, stderr });
  });
});

test('by the token of whoever is logged in, the step releases them, and then nothing differs; a second time, too', async () => {
  const read = () => rules.read(openCloud({ token: 't', env: google.env }), system());
  const [difference] = rules.compare(null, system());
  const early = await taken(stepOf(difference));
  assert.deepEqual(early, { status: 1, stderr: `${API}: POST v1/projects/p/rulesets: that, or something that it names, isn't there.\n` });
  google.state.enabled.add(API);
  assert.equal(await read(), null);
  for (let time = 0; time < 2; time += 1) {
    assert.deepEqual(await taken(stepOf(difference)), { status: 0, stderr: '' });
    assert.deepEqual(rules.compare(await read(), system()), []);
  }
  assert.deepEqual(google.unexpected(), []);
});
