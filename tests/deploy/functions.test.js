// Functions by the real gcloud: it accepts each command, and the cloud then is as it should be.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual, promisify } from 'node:util';

import { wanted as accountsOf } from '../../deploy/kinds/accounts.js';
import { functions } from '../../deploy/kinds/functions.js';
import { callers } from '../../deploy/kinds/rights.js';
import { stepsOf } from '../../deploy/plan.js';
import { ROOT } from './deploying.js';
import { clock, kycRequest } from './kinds/one-of-each.js';
import { wholeSystem } from './whole-system.js';
import { withGcloud } from './with-gcloud.js';
import { filesIn } from './zip.js';

const PROJECT = 'boma-functions';
const APIS = ['artifactregistry', 'cloudbuild', 'cloudfunctions', 'eventarc', 'run', 'secretmanager'].map((name) => `${name}.googleapis.com`);
const SECRET = { name: 'SIGNING_KEY', secret: 'provider-key', reason: 'signs what it asks' };
const ACCESSORS = `secrets/projects/${PROJECT}/secrets/${SECRET.secret}`;

/** A function for each way in which one can be called, from folders that the build made. */
function systemOfThree() {
  const system = wholeSystem({ project: PROJECT });
  const built = (name) => system.functions.find((one) => one.name === name);
  const mirror = { ...built('notify'), name: 'mirror', trigger: 'firestore', document: 'users/{userId}', event: 'written', topics: {}, secrets: [SECRET] };
  return { ...system, functions: [built(clock.name), built(kycRequest.name), mirror] };
}

const system = systemOfThree();
let there;
let cloud;
before(async () => {
  there = await withGcloud([functions, callers], system);
  ({ cloud } = there);
  cloud.state.enabled = new Set(APIS);
  cloud.state.accounts = new Map(accountsOf(system).map(({ email }) => [email, { email }]));
  cloud.state.secrets = { [SECRET.secret]: ['ENABLED'] };
  cloud.state.policies.set(`cloudresourcemanager/projects/${PROJECT}`, { etag: '', bindings: [
    { role: 'roles/eventarc.eventReceiver', members: [`serviceAccount:boma-changes@${PROJECT}.iam.gserviceaccount.com`] },
  ] });
});
after(() => there.stop());

const texts = async () => (await there.differences()).flatMap(({ differences }) => differences).map(({ mark, what, text }) => `${mark} ${what}: ${text}`);
const known = (name) => cloud.state.functions.get(`projects/${PROJECT}/locations/europe-west1/functions/${name}`);

test('a secret that the account may not read stops a deployment, as it does at Google', async () => {
  await assert.rejects(there.apply(), /Permission denied on secret provider-key/);
  cloud.state.policies.set(ACCESSORS, { etag: '', bindings: [{ role: 'roles/secretmanager.secretAccessor', members: [`serviceAccount:boma-mirror@${PROJECT}.iam.gserviceaccount.com`] }] });
});

test('the functions are deployed, then their callers are let in, then there is nothing to do', async () => {
  await there.apply();
  // An address is known to Eventarc's tokens only when it is there.
  assert.deepEqual(await texts(), ['~ function mirror: BOMA_AUDIENCE is https://mirror-123456789012.europe-west1.run.app, not https://mirror-abcdefghij-ew.a.run.app']);
  await there.apply();
  assert.deepEqual(await texts(), []);
});

test('each was made from its folder, and nothing but its folder', () => {
  const uploads = [...cloud.state.uploads.values()].map(filesIn);
  for (const { source } of system.functions) {
    const folder = join(ROOT, source);
    const files = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]);
    assert.ok(uploads.some((zip) => isDeepStrictEqual(zip, Object.fromEntries(files))), `${source} is in no upload as it is`);
  }
  assert.deepEqual([...new Set(uploads.flatMap(Object.keys))].filter((name) => /\/|node_modules|\.env|\.pem/.test(name)), []);
});

test('each runs as its own account, is reached from inside alone, and is called by one', () => {
  const all = [...cloud.state.functions.values()];
  assert.deepEqual(new Set(all.map(({ serviceConfig }) => serviceConfig.serviceAccountEmail)).size, all.length);
  assert.ok(all.every(({ serviceConfig }) => serviceConfig.ingressSettings === 'ALLOW_INTERNAL_ONLY'));
  const members = all.map(({ serviceConfig }) => cloud.state.policies.get(`run/${serviceConfig.service}`).bindings.flatMap((binding) => binding.members));
  assert.deepEqual(members.flat().sort(), ['changes', 'push', 'schedule'].map((name) => `serviceAccount:boma-${name}@${PROJECT}.iam.gserviceaccount.com`));
});

test('a reference to a secret is deployed by its number, and a new version comes by another deployment', async () => {
  assert.deepEqual(known('mirror').serviceConfig.secretEnvironmentVariables.map(({ key, secret, version }) => [key, secret, version]), [['SIGNING_KEY', 'provider-key', '1']]);
  cloud.state.secrets[SECRET.secret].push('ENABLED');
  assert.deepEqual(await texts(), ['~ function mirror: SIGNING_KEY is provider-key:1, not provider-key:2']);
});

test('what was changed by hand is found, also that the public was let in, and is mended', async () => {
  const changed = known('clock');
  Object.assign(changed.serviceConfig, { availableMemory: '1Gi', ingressSettings: 'ALLOW_ALL', allTrafficOnLatestRevision: false });
  changed.serviceConfig.environmentVariables.DEBUG = '1';
  changed.serviceConfig.secretEnvironmentVariables = [{ key: 'KEY', projectId: '123456789012', secret: 'provider-key', version: '1' }];
  cloud.state.policies.get(`run/${changed.serviceConfig.service}`).bindings.push({ role: 'roles/run.invoker', members: ['allUsers'] });
  cloud.state.policies.get(ACCESSORS).bindings[0].members.push(`serviceAccount:boma-clock@${PROJECT}.iam.gserviceaccount.com`);
  cloud.state.services.get(changed.serviceConfig.service).ingress = 'INGRESS_TRAFFIC_ALL';
  known('mirror').eventTrigger.retryPolicy = 'RETRY_POLICY_DO_NOT_RETRY';

  assert.deepEqual(await texts(), [
    '~ function clock: memory is 1Gi, not 512Mi; ingress is ALLOW_ALL, not ALLOW_INTERNAL_ONLY; '
      + 'ingress of its service is INGRESS_TRAFFIC_ALL, not INGRESS_TRAFFIC_INTERNAL_ONLY; an earlier revision gets requests; '
      + 'DEBUG is set, and nothing here asks for it; KEY is a secret, and nothing here asks for it',
    "~ function mirror: SIGNING_KEY is provider-key:1, not provider-key:2; trigger's retry is RETRY_POLICY_DO_NOT_RETRY, not RETRY_POLICY_RETRY",
    '- service clock: is open to the public: allUsers has roles/run.invoker',
  ]);
  await there.apply();
  assert.deepEqual(await texts(), []);
});

test('gcloud takes the command that makes Cloud Run ask again who calls', async () => {
  const service = cloud.state.services.get(`projects/${PROJECT}/locations/europe-west1/services/clock`);
  service.invokerIamDisabled = true;
  const [{ command: [program, ...words] }] = stepsOf(await there.differences(), system);
  delete service.invokerIamDisabled;
  // It puts the region before the endpoint's name, where no test's cloud can be. What it doesn't understand, it says before it asks who we are.
  const folder = mkdtempSync(join(tmpdir(), 'boma-no-account-'));
  const asked = promisify(execFile)(program, words, { env: { ...process.env, CLOUDSDK_CONFIG: folder } });
  await assert.rejects(asked, ({ code, stderr }) => code === 1 && /active account/.test(stderr));
  rmSync(folder, { recursive: true });
});

test('no request of all that lets the public in, makes a key, or asks for a secret', () => {
  const bodies = cloud.requests.map(({ api, path, body }) => ({ path: `${api}/${path}`, text: JSON.stringify(body ?? null) }));
  assert.ok(bodies.some(({ path }) => path.endsWith(':setIamPolicy')));
  for (const { path, text } of bodies) {
    assert.doesNotMatch(path, /\/keys|:access$/);
    // In a policy that is written; what a function is told never has it.
    assert.doesNotMatch(text, /allUsers|allAuthenticatedUsers/);
  }
});

test('they are taken away again', async () => {
  await there.remove();
  assert.equal(cloud.state.functions.size, 0);
  assert.equal(cloud.state.services.size, 0);
});

test('the cloud was asked for nothing that it does not know', () => {
  assert.deepEqual(cloud.unexpected(), []);
});
