// The rules that are in force are those of the file.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { releaseName, rules } from '../../../deploy/kinds/rules.js';
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

test('nobody comes in by them', () => {
  const statements = system().rules.match(/allow[^;]*;/g);
  assert.deepEqual(statements, ['allow read, write: if false;']);
});
