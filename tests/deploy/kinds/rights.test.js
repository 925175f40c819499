import assert from 'node:assert/strict';
import { test } from 'node:test';

import { callers, deadLetterRights, rights, wanted } from '../../../deploy/kinds/rights.js';
import { aFunction, aSystem, commands, said } from '../a-system.js';
import { mirror } from './one-of-each.js';

const SA = (name) => `serviceAccount:${name}@acme-crm.iam.gserviceaccount.com`;
const AGENT = 'serviceAccount:service-1234@gcp-sa-pubsub.iam.gserviceaccount.com';
const DATABASE = { title: 'boma-database', expression: 'resource.name == "projects/acme-crm/databases/(default)"' };

/** Policies in which all is granted that should be, by place. */
function granted(system = aSystem()) {
  const policies = {};
  for (const { on, of, role, member, condition } of wanted(system)) (policies[`${on} ${of}`] ??= []).push({ role, members: [member], ...(condition && { condition }) });
  return policies;
}
const compare = (policies, system = aSystem()) => [...rights.compare(policies, system), ...callers.compare(policies, system), ...deadLetterRights.compare(policies, system)];

test('where nothing is granted, each right is given where it is needed, with its reason', () => {
  const lines = said(compare({}));
  assert.ok(lines.includes('+ roles/pubsub.publisher on topic user-lifecycle for boma-kyc (publishes UserActive)'), lines.join('\n'));
  assert.ok(lines.includes('+ roles/run.invoker on service kyc for boma-push (posts messages to it)'));
  assert.ok(lines.includes('+ roles/run.invoker on service clock for boma-schedule (calls it on its schedule)'));
  assert.equal(lines.length, wanted(aSystem()).length);
});

test("Pub/Sub's own account may move dead letters and sign tokens", () => {
  const ofAgent = wanted(aSystem()).filter(({ member }) => member === AGENT).map(({ on, of, role }) => `${role} ${on} ${of}`);
  assert.deepEqual(ofAgent, [
    'roles/iam.serviceAccountTokenCreator account boma-push@acme-crm.iam.gserviceaccount.com',
    'roles/pubsub.publisher topic dead-letters',
    'roles/pubsub.subscriber subscription kyc.kyc',
  ]);
});

test("where Google may not have made a service's own account yet, it is made before it is given anything", () => {
  const [create, give, ...others] = commands(compare({})).filter((line) => line.includes('services identity') || line.includes('serviceAccountTokenCreator'));
  assert.equal(create, 'beta services identity create --service=pubsub.googleapis.com');
  assert.match(give, /^iam service-accounts add-iam-policy-binding boma-push@/);
  assert.deepEqual(others, []);
  const withChanges = aSystem({ functions: [mirror] });
  const lines = commands(compare(granted(aSystem()), withChanges));
  assert.ok(lines.indexOf('beta services identity create --service=eventarc.googleapis.com') < lines.findIndex((line) => line.includes('roles/eventarc.eventReceiver')), lines.join('\n'));
});

test('of the buckets in the project, who builds reads the one with the folders', () => {
  const [reads] = commands(compare({})).filter((line) => line.includes('roles/storage.objectViewer'));
  assert.ok(reads.endsWith('--condition=expression=resource.name.startsWith("projects/_/buckets/gcf-v2-sources-1234-europe-west1"),title=boma-sources'), reads);
});

test('a missing dead-letter right is seen and given', () => {
  const policies = granted();
  delete policies['subscription kyc.kyc'];
  assert.deepEqual(said(compare(policies)), ['+ roles/pubsub.subscriber on subscription kyc.kyc for service-1234 (Pub/Sub acknowledges what it moves to the dead letters)']);
  assert.deepEqual(commands(compare(policies)), [`pubsub subscriptions add-iam-policy-binding kyc.kyc --member=${AGENT} --role=roles/pubsub.subscriber`]);
});

test("Firestore's right holds for the one database, and one for all of them is another", () => {
  const policies = granted();
  for (const binding of policies['project acme-crm']) if (binding.role === 'roles/datastore.user') delete binding.condition;
  const lines = compare(policies);
  assert.deepEqual(said(lines).filter((line) => line.includes('boma-kyc')), [
    '+ roles/datastore.user on project acme-crm for boma-kyc (writes users)',
    '- project acme-crm: boma-kyc has roles/datastore.user, which nothing here asks for',
  ]);
  const [give, take] = commands(lines).filter((line) => line.includes('boma-kyc'));
  assert.ok(give.endsWith(`--condition=expression=${DATABASE.expression},title=${DATABASE.title}`), give);
  assert.ok(take.startsWith('projects remove-iam-policy-binding acme-crm') && take.endsWith('--condition=None'), take);
});

for (const everybody of ['allUsers', 'allAuthenticatedUsers']) {
  test(`a function that ${everybody} may call is seen and closed`, () => {
    const policies = granted();
    policies['service kyc'].push({ role: 'roles/run.invoker', members: [everybody] });
    assert.deepEqual(said(compare(policies)), [`- service kyc: is open to the public: ${everybody} has roles/run.invoker`]);
    assert.deepEqual(commands(compare(policies)), [`run services remove-iam-policy-binding kyc --region=europe-west1 --member=${everybody} --role=roles/run.invoker`]);
  });
}

test('what an account of ours may do beyond its functions is taken, and what others may is theirs', () => {
  const policies = granted();
  policies['project acme-crm'].push({ role: 'roles/editor', members: [SA('boma-kyc'), 'user:ada@example.com', SA('theirs')] });
  policies['topic kyc'] = [{ role: 'roles/pubsub.publisher', members: [SA('bank')] }];
  assert.deepEqual(said(compare(policies)), ['- project acme-crm: boma-kyc has roles/editor, which nothing here asks for']);
});

test('of a part of the functions, the others keep what they have', () => {
  const part = aSystem({ isWhole: false, functions: aSystem().functions.slice(0, 1) });
  assert.deepEqual(compare(granted(), part), []);
});

test('a secret is opened to its function alone', () => {
  const system = aSystem({ functions: [aFunction('hook', { secrets: [{ name: 'KEY', secret: 'provider-key', reason: 'signs' }] })] });
  assert.ok(said(compare({}, system)).includes('+ roles/secretmanager.secretAccessor on secret provider-key for boma-hook (signs)'));
});

test('where all is right there is nothing to do; of the project, what was given is taken away in the end', () => {
  assert.deepEqual(compare(granted()), []);
  const steps = rights.removal(granted(), aSystem());
  assert.equal(steps.length, 2 + 3);
  assert.ok(steps.every(({ gcloud }) => gcloud.slice(0, 3).join(' ') === 'projects remove-iam-policy-binding acme-crm'));
  assert.equal(rights.removal(granted(), aSystem({ isWhole: false })).length, 2, 'the builder serves others, too');
  const withChanges = aSystem({ functions: [mirror] });
  assert.ok(commands([{ steps: rights.removal(granted(withChanges), withChanges) }]).some((line) => line.includes('roles/eventarc.eventReceiver')));
});
