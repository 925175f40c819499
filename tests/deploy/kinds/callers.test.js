// Who may call a function: on the service that it runs as.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { callers, rights, wanted } from '../../../deploy/kinds/rights.js';
import { clock, hook, kycRequest, lookup, mirror, systemOf } from './one-of-each.js';

const system = systemOf(kycRequest, clock);
const right = { 'service kyc-request': [binding('boma-push')], 'service clock': [binding('boma-schedule')] };

function binding(...names) {
  return { role: 'roles/run.invoker', members: names.map((name) => (name.startsWith('all') ? name : `serviceAccount:${name}@acme.iam.gserviceaccount.com`)) };
}

test('nobody is let in until the function is there: then its one caller is', () => {
  const differences = callers.compare({ 'service kyc-request': [], 'service clock': [] }, system);
  assert.deepEqual(differences.map(({ steps }) => steps[0].say), [
    'give boma-push roles/run.invoker on service kyc-request', 'give boma-schedule roles/run.invoker on service clock',
  ]);
});

test('a function with its one caller is left alone', () => {
  assert.deepEqual(callers.compare(right, system), []);
});

for (const everybody of ['allUsers', 'allAuthenticatedUsers']) {
  test(`a function that is open to ${everybody} is closed`, () => {
    const [difference] = callers.compare({ ...right, 'service clock': [binding('boma-schedule', everybody)] }, system);
    assert.equal(difference.text, `is open to the public: ${everybody} has roles/run.invoker`);
    assert.deepEqual(difference.steps[0].gcloud, [
      'run', 'services', 'remove-iam-policy-binding', 'clock', '--region=europe-west1', `--member=${everybody}`, '--role=roles/run.invoker',
    ]);
  });
}

test('one of our accounts that calls another function than its own loses that', () => {
  const [difference] = callers.compare({ ...right, 'service clock': [binding('boma-schedule', 'boma-push')] }, system);
  assert.equal(difference.text, 'boma-push has roles/run.invoker, which nothing here asks for');
});

test('an HTTP function that says why anybody may call it is open with that reason, and to nobody else by name', () => {
  const [difference] = callers.compare({ 'service hook': [] }, systemOf(hook));
  assert.match(difference.what, /for allUsers \(the provider signs what it posts\)$/);
  assert.deepEqual(callers.compare({ 'service hook': [binding('allUsers')] }, systemOf(hook)), []);
  const [surplus] = callers.compare({ 'service hook': [binding('allUsers', 'boma-http')] }, systemOf(hook));
  assert.equal(surplus.text, 'boma-http has roles/run.invoker, which nothing here asks for');
});

test('an HTTP function without that reason has one caller, and is closed to everybody else', () => {
  const [difference] = callers.compare({ 'service lookup': [] }, systemOf(lookup));
  assert.equal(difference.what, 'roles/run.invoker on service lookup for boma-http (sends it requests)');
  const [surplus] = callers.compare({ 'service lookup': [binding('boma-http', 'allUsers')] }, systemOf(lookup));
  assert.equal(surplus.text, 'is open to the public: allUsers has roles/run.invoker');
});

const rightsOf = (account, ...functions) => wanted(systemOf(...functions)).filter(({ member, of }) => [member, `serviceAccount:${of}`].includes(`serviceAccount:${account}@acme.iam.gserviceaccount.com`)).map(({ on, of, role }) => [on, of, role]);

test('the account of Eventarc may receive changes, call, and have its tokens signed, only where a function has that trigger', () => {
  assert.deepEqual(rightsOf('boma-changes', kycRequest, clock, hook), []);
  assert.deepEqual(rightsOf('boma-changes', mirror), [
    ['service', 'mirror', 'roles/run.invoker'],
    ['project', 'acme', 'roles/eventarc.eventReceiver'],
    ['account', 'boma-changes@acme.iam.gserviceaccount.com', 'roles/iam.serviceAccountTokenCreator'],
  ]);
});

test('the account that calls HTTP functions may call those alone that ask for it', () => {
  assert.deepEqual(rightsOf('boma-http', kycRequest, clock, mirror, hook), []);
  assert.deepEqual(rightsOf('boma-http', hook, lookup), [['service', 'lookup', 'roles/run.invoker']]);
});

test('a function may read the secrets that it refers to, and no others', () => {
  const one = systemOf({ ...kycRequest, secrets: [{ name: 'KEY', secret: 'provider-key', reason: 'signs' }] }, clock);
  const grants = rights.compare({}, one).flatMap(({ steps }) => steps).filter(({ gcloud }) => gcloud[0] === 'secrets');
  assert.deepEqual(grants.map(({ gcloud }) => gcloud), [[
    'secrets', 'add-iam-policy-binding', 'provider-key', '--member=serviceAccount:boma-kyc-request@acme.iam.gserviceaccount.com', '--role=roles/secretmanager.secretAccessor',
  ]]);
});
