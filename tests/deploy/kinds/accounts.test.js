// Service accounts: one for each function, and those that call and build.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { accounts } from '../../../deploy/kinds/accounts.js';
import { clock, hook, kycRequest, lookup, mirror, systemOf } from './one-of-each.js';

const names = (...functions) => accounts.compare([], systemOf(...functions)).map(({ what }) => what);
const there = (...ids) => ids.map((id) => ({ email: `${id}@acme.iam.gserviceaccount.com` }));
const removed = (all, system) => accounts.removal(all, system).map(({ say }) => say);

test('an account that calls is made only where a function has it as its caller', () => {
  assert.deepEqual(names(kycRequest, clock, hook), ['boma-kyc-request', 'boma-clock', 'boma-hook', 'boma-build', 'boma-push', 'boma-schedule']);
  assert.deepEqual(names(mirror).filter((name) => !names().includes(name)), ['boma-mirror', 'boma-changes']);
  assert.deepEqual(names(lookup).filter((name) => !names().includes(name)), ['boma-lookup', 'boma-http']);
});

test('an account that somebody disabled is enabled', () => {
  const all = there('boma-lookup', 'boma-build', 'boma-push', 'boma-schedule', 'boma-http').map((one) => ({ ...one, disabled: one.email.startsWith('boma-http') }));
  const [difference, ...others] = accounts.compare(all, systemOf(lookup));
  assert.deepEqual([difference.text, difference.steps[0].gcloud.slice(0, 3)], ['is disabled', ['iam', 'service-accounts', 'enable']]);
  assert.deepEqual(others, []);
});

test('all of ours are taken away, also one whose last function has gone, and nobody else\'s', () => {
  const all = there('boma-kyc-request', 'boma-build', 'boma-changes', 'boma-http', 'boma-of-others', 'theirs');
  assert.deepEqual(removed(all, systemOf(kycRequest)), ['boma-kyc-request', 'boma-build', 'boma-changes', 'boma-http'].map((name) => `delete service account ${name}`));
  assert.deepEqual(removed(all, { ...systemOf(kycRequest), isWhole: false }), ['delete service account boma-kyc-request']);
});
