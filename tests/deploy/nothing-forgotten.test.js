// What this tree has for the cloud, something must bring there: a file that nobody deploys is believed to hold, and doesn't.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { KINDS } from '../../deploy/kinds/index.js';
import { ROOT } from './deploying.js';

/** What may be here one day, and the name of the kind that then must be there, too. */
const NEEDS = { 'firestore.rules': 'rules', analytics: 'tables', 'console/headers.json': 'hosting', 'ops/operators': 'sign-in' };

const forgotten = (isThere, kinds) => Object.entries(NEEDS).filter(([file, kind]) => isThere(file) && !kinds.some(({ name }) => name === kind)).map(([file]) => file);

test('everything that belongs into the project has a kind that brings it there', () => {
  assert.deepEqual(forgotten((file) => existsSync(join(ROOT, file)), KINDS), []);
});

test('rules that nothing deploys are noticed', () => {
  assert.deepEqual(forgotten((file) => file === 'firestore.rules', KINDS.filter(({ name }) => name !== 'rules')), ['firestore.rules']);
  assert.deepEqual(forgotten(() => true, KINDS), []);
});
