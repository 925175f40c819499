import assert from 'node:assert/strict';
import { test } from 'node:test';

import { firstEdition } from '../../../deploy/checks/first-edition.js';
import { topics } from '../../../deploy/kinds/topics.js';

const checked = (names, setting, labels = { 'managed-by': 'boma' }) => firstEdition({
  found: [{ kind: topics, there: names.map((name) => ({ name: `projects/p/topics/${name}`, labels })) }],
  system: { project: 'p', environment: 'production', firstEdition: setting },
});

test('a project of the first edition must say whether its messages are on their way', () => {
  const [sentence, ...others] = checked(['kyc', 'payments', 'user-lifecycle']);
  assert.match(sentence, /^p runs the first edition: write "firstEdition": "in-flight" into deploy\/environments\/production\.json, and go on as docs\/operations\/authorities\.md says$/);
  assert.deepEqual(others, []);
  for (const setting of ['in-flight', 'drained']) assert.deepEqual(checked(['kyc'], setting), []);
});

test('a fresh project needn\'t, nor one that has the topics of today, nor one whose topics are others\'', () => {
  assert.deepEqual(checked([]), []);
  assert.deepEqual(checked(['kyc', 'operations']), []);
  assert.deepEqual(checked(['kyc'], undefined, {}), []);
});
