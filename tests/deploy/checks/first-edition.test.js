import assert from 'node:assert/strict';
import { test } from 'node:test';

import { firstEdition } from '../../../deploy/checks/first-edition.js';
import { subscriptions } from '../../../deploy/kinds/subscriptions.js';
import { topics } from '../../../deploy/kinds/topics.js';

const BOMA = { 'managed-by': 'boma' };

/** A project with these topics, each with a subscription, unless `withSubscriptions` is false. */
function checked(names, { setting, labels = BOMA, withSubscriptions = true } = {}) {
  const topic = (name) => `projects/p/topics/${name}`;
  const subscription = (name) => ({ name: `projects/p/subscriptions/${name}.${name}`, topic: topic(name), labels });
  return firstEdition({
    found: [
      { kind: topics, there: names.map((name) => ({ name: topic(name), labels })) },
      { kind: subscriptions, there: withSubscriptions ? names.map(subscription) : [] },
    ],
    system: { project: 'p', environment: 'production', firstEdition: setting },
  });
}

test('a project of the first edition must say whether its messages are on their way', () => {
  const [sentence, ...others] = checked(['kyc', 'payments', 'user-lifecycle']);
  assert.match(sentence, /^p runs the first edition: write "firstEdition": "in-flight" into deploy\/environments\/production\.json, and go on as docs\/operations\/authorities\.md says$/);
  assert.deepEqual(others, []);
  for (const setting of ['in-flight', 'drained']) assert.deepEqual(checked(['kyc'], { setting }), []);
});

test('a fresh project needn\'t, nor one that has the topics of today, nor one whose topics are others\'', () => {
  assert.deepEqual(checked([]), []);
  assert.deepEqual(checked(['kyc', 'operations']), []);
  assert.deepEqual(checked(['kyc'], { labels: {} }), []);
});

test('nor one that was stopped between its topics, before anybody could hear one', () => {
  assert.deepEqual(checked(['kyc', 'payments'], { withSubscriptions: false }), []);
});
