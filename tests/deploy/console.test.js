// The operators' console on Google: how they sign in, its web app, and its page on Hosting. Steps are taken as deploy.sh takes them, against a Google that
// refuses what the real one refuses.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { consoleOf } from '../../deploy/console.js';
import { hosting } from '../../deploy/kinds/hosting.js';
import { KINDS } from '../../deploy/kinds/index.js';
import { signIn } from '../../deploy/kinds/sign-in.js';
import { webApp } from '../../deploy/kinds/web-app.js';
import { keptOf } from '../../deploy/plan.js';
import { readSystem } from '../../deploy/system.js';
import { aFunction, aSystem, said } from './a-system.js';
import { ROOT } from './deploying.js';
import { withGcloud } from './with-gcloud.js';

const PROJECT = 'acme-crm';
const SERVICE = `projects/${PROJECT}/locations/europe-west1/services/operator`;
const HEADERS = [{ glob: '**', headers: { 'content-security-policy': "default-src 'none'" } }];
const tree = mkdtempSync(join(tmpdir(), 'boma-console-'));
let system;
let there;

/** A tree with a built page in it. */
function built(files) {
  const dist = join(tree, 'console/dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, 'assets'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, name), text);
  writeFileSync(join(tree, 'console/headers.json'), JSON.stringify(HEADERS));
}
const PAGE = { 'index.html': '<!doctype html>', 'assets/main-1.js': 'go()' };
const operator = aFunction('operator', { trigger: 'http', unauthenticated: 'each request has a token' });
const withConsole = (others = {}) => {
  const base = aSystem({ project: PROJECT, ...others, functions: [operator] });
  return { ...base, console: consoleOf(tree, base) };
};
/** `plan`'s lines. */
const lines = async () => (await there.differences()).flatMap(({ differences }) => said(differences));
const from = (number) => there.cloud.changes().slice(number).map(({ method, path }) => `${method} ${path.replace(`projects/${PROJECT}`, 'P').replace(/(?<=files\/)\w+/, 'HASH')}`);

before(async () => {
  built(PAGE);
  system = withConsole();
  there = await withGcloud([signIn, webApp, hosting], system);
  for (const api of ['identitytoolkit', 'firebase', 'firebasehosting', 'run']) there.cloud.state.enabled.add(`${api}.googleapis.com`);
  there.cloud.state.services = new Map([[SERVICE, { name: SERVICE }]]);
});
after(async () => {
  await there.stop();
  rmSync(tree, { recursive: true, force: true });
});

test('where Firebase isn\'t, a person is told, and the rest is made all the same', async () => {
  Object.assign(there.cloud.state, { isFirebase: false });
  assert.deepEqual((await there.differences()).map(({ name, differences }) => [name, ...differences.map(({ mark, steps }) => `${mark}${steps.length}`)]), [['sign-in', '+2'], ['web app', '!0']]);
  assert.match((await lines())[1], /^! Firebase: isn't in acme-crm yet: add it once at https:\/\/console\.firebase\.google\.com, or by npx firebase-tools projects:addfirebase acme-crm/);
  Object.assign(there.cloud.state, { isFirebase: true });
});

test('an empty project gets sign-in with a second factor, the web app, and the page; then nothing differs', async () => {
  assert.deepEqual(await lines(), ['+ Identity Platform, by email and password with a second factor from an app', '+ web app boma-console', '+ console at https://acme-crm.web.app']);
  await there.apply();
  assert.deepEqual(await lines(), []);
  assert.deepEqual(there.cloud.unexpected(), []);
  const before = there.cloud.changes().length;
  await there.apply();
  assert.deepEqual(from(before), []);
});

test('nobody registers for themselves, a password is asked for, and a code from an app beside it', () => {
  const { signIn: ways, client, mfa, emailPrivacyConfig } = there.cloud.state.identity;
  assert.deepEqual(ways, { allowDuplicateEmails: false, email: { enabled: true, passwordRequired: true } });
  assert.deepEqual(client.permissions, { disabledUserSignup: true, disabledUserDeletion: true });
  assert.deepEqual(mfa, { state: 'ENABLED', providerConfigs: [{ state: 'ENABLED', totpProviderConfig: { adjacentIntervals: 1 } }] });
  assert.deepEqual(emailPrivacyConfig, { enableImprovedEmailPrivacy: true });
});

test('what is served is the page with the project\'s config, its headers, and the function\'s addresses', () => {
  const { versions, blobs, releases } = there.cloud.state.hosting;
  const { files, config, labels, status } = versions.get(releases.at(-1).version.name.split('/').at(-1));
  assert.equal(status, 'FINALIZED');
  assert.deepEqual([...files.keys()].sort(), ['/assets/main-1.js', '/config.json', '/index.html']);
  assert.equal(String(blobs.get(files.get('/assets/main-1.js'))), 'go()');
  assert.deepEqual(JSON.parse(blobs.get(files.get('/config.json'))), { mode: 'cloud', project: PROJECT, apiKey: 'key-of-acme-crm', authDomain: 'acme-crm.firebaseapp.com', appId: '1:1:web:1' });
  assert.deepEqual(config.headers, HEADERS);
  assert.deepEqual(config.rewrites, [
    ...['/commands', '/approvals/**', '/letters/**', '/me'].map((glob) => ({ glob, run: { serviceId: 'operator', region: 'europe-west1' } })),
    { glob: '**', path: '/index.html' },
  ]);
  assert.equal(labels['managed-by'], 'boma');
});

test('another page is another version, of which only what is new is uploaded', async () => {
  built({ ...PAGE, 'assets/main-2.js': 'go(2)' });
  assert.deepEqual(await lines(), ['~ console at https://acme-crm.web.app: is another than this tree\'s']);
  const before = there.cloud.changes().length;
  await there.apply();
  assert.deepEqual(from(before), [
    'POST v1beta1/P/sites/acme-crm/versions', 'POST v1beta1/P/sites/acme-crm/versions/v2:populateFiles', 'POST upload/sites/acme-crm/versions/v2/files/HASH',
    'PATCH v1beta1/P/sites/acme-crm/versions/v2', 'POST v1beta1/P/sites/acme-crm/releases',
  ]);
  assert.deepEqual(await lines(), []);
});

test('other headers, another region and another database differ too', async () => {
  const { read } = there;
  const [, , { there: served }] = await read();
  const differs = (other) => said(hosting.compare(served, other));
  assert.deepEqual(differs(system), []);
  const changed = '~ console at https://acme-crm.web.app: is another than this tree\'s';
  assert.deepEqual(differs(withConsole({ region: 'europe-west4' })), [changed]);
  assert.deepEqual(differs(withConsole({ database: 'crm' })), [changed]);
  assert.deepEqual(differs({ ...system, console: { ...system.console, config: { ...system.console.config, headers: [] } } }), [changed]);
});

test('a release that was stopped half-way is never served, and the same step goes on', async () => {
  built({ ...PAGE, 'assets/main-3.js': 'go(3)' });
  const served = there.cloud.state.hosting.releases.length;
  Object.assign(there.cloud.state, { failing: ({ method, path }) => method === 'PATCH' && path.includes('/versions/') && 'stopped' });
  await assert.rejects(there.apply(), /stopped/);
  Object.assign(there.cloud.state, { failing: undefined });
  assert.equal(there.cloud.state.hosting.releases.length, served);
  await there.apply();
  assert.deepEqual(await lines(), []);
  assert.equal(there.cloud.state.hosting.releases.length, served + 1);
});

test('an app whose answer was lost isn\'t made twice, nor is Identity Platform switched on twice', async () => {
  const [{ there: identity }, { there: app }] = await there.read();
  const steps = [signIn.compare(null, system)[0].steps[0], webApp.compare({ ...app, id: null }, system)[0].steps[0]];
  await there.carriedOut(steps.map(({ program }) => ({ command: program, wave: null })));
  assert.equal(there.cloud.state.webApps.size, 1);
  assert.equal(identity.subtype, 'IDENTITY_PLATFORM');
});

test('what was changed by hand is changed back, and what is stricter stays', async () => {
  const { identity } = there.cloud.state;
  identity.client.permissions.disabledUserSignup = false;
  identity.signIn.email.passwordRequired = false;
  identity.mfa = { state: 'MANDATORY', enabledProviders: ['PHONE_SMS'], providerConfigs: [{ state: 'DISABLED', totpProviderConfig: { adjacentIntervals: 5 } }] };
  assert.deepEqual(await lines(), ['~ Identity Platform: a link in a mail is enough to sign in; anybody may register; there is no second factor from an app']);
  await there.apply();
  assert.deepEqual(await lines(), []);
  assert.deepEqual(identity.mfa, { state: 'MANDATORY', enabledProviders: ['PHONE_SMS'], providerConfigs: [{ state: 'ENABLED', totpProviderConfig: { adjacentIntervals: 1 } }] });
  assert.equal(there.cloud.requests.findLast(({ method, api }) => method === 'PATCH' && api === 'identitytoolkit').query.updateMask, 'signIn.email.passwordRequired,client.permissions.disabledUserSignup,mfa');
});

test('Firebase Authentication without Identity Platform is a person\'s to upgrade; the rest is set', async () => {
  const { identity } = there.cloud.state;
  Object.assign(identity, { subtype: 'FIREBASE_AUTH', mfa: { state: 'DISABLED' } });
  identity.signIn.email.enabled = false;
  const differences = signIn.compare(await signIn.read({ get: async () => identity }, system), system);
  assert.deepEqual(differences.map(({ mark, steps }) => `${mark}${steps.length}`), ['!0', '~1']);
  assert.match(differences[0].text, /upgrade it at https:\/\/console\.cloud\.google\.com\/customer-identity\?project=acme-crm/);
  await there.apply();
  assert.equal(identity.signIn.email.enabled, true);
  Object.assign(identity, { subtype: 'IDENTITY_PLATFORM' });
  await there.apply();
});

test('somebody else\'s page is left alone', async () => {
  const { hosting: { versions, releases } } = there.cloud.state;
  const own = releases.at(-1);
  versions.set('foreign', { name: 'sites/acme-crm/versions/foreign', status: 'FINALIZED', files: new Map() });
  releases.push({ type: 'DEPLOY', version: { name: 'sites/acme-crm/versions/foreign' } });
  assert.deepEqual(await lines(), ['! console at https://acme-crm.web.app: something else is served there: npx firebase-tools hosting:disable --project acme-crm ends that, and then this takes its place']);
  const [, , { there: served }] = await there.read();
  assert.deepEqual(hosting.removal(served, system), []);
  releases.push(own);
});

test('destroy serves it no longer and takes the app away; accounts stay, and are named', async () => {
  assert.match(keptOf(await there.read(), system).join(), /^Identity Platform: stays with its accounts; npm run operators -- list --project acme-crm/);
  await there.remove();
  assert.equal(there.cloud.state.hosting.releases.at(-1).type, 'SITE_DISABLE');
  assert.equal(there.cloud.state.webApps.size, 0);
  assert.deepEqual(await lines(), ['+ web app boma-console', '+ console at https://acme-crm.web.app']);
  const before = there.cloud.changes().length;
  await there.remove();
  assert.deepEqual(from(before), []);
});

test('a page that isn\'t built is said, and what is served stays', async () => {
  writeFileSync(join(tree, 'console/package.json'), '{}');
  rmSync(join(tree, 'console/dist'), { recursive: true });
  const unbuilt = withConsole();
  const [, , { there: served }] = await there.read();
  assert.deepEqual(hosting.compare(served, unbuilt).map(({ mark, text, steps }) => [mark, text, steps]), [['!', 'the page isn\'t built (console/dist): without --built, ./deploy.sh builds it', []]]);
  rmSync(join(tree, 'console/package.json'));
});

test('without a page there is nothing of it, and one function has nothing to do with it', async () => {
  assert.equal(consoleOf(tree, system), null);
  const nothing = { get: () => assert.fail('nothing is asked'), list: () => assert.fail('nothing is asked') };
  for (const other of [{ ...system, console: null }, { ...system, isWhole: false }]) {
    for (const kind of [webApp, hosting]) {
      assert.deepEqual(kind.compare(await kind.read(nothing, other), other), [], kind.name);
      assert.deepEqual(kind.removal(null, other), []);
    }
  }
  assert.deepEqual(signIn.compare(await signIn.read(nothing, { ...system, isWhole: false }), { ...system, isWhole: false }), []);
});

test('without the function there are no addresses of it, which Hosting would refuse', () => {
  built(PAGE);
  assert.deepEqual(consoleOf(tree, { region: 'europe-west1', functions: [aFunction('kyc')] }).config.rewrites, [{ glob: '**', path: '/index.html' }]);
});

test('the page is released after its function is there', () => {
  const at = (name) => KINDS.findIndex((kind) => kind.name === name);
  assert.ok(at('APIs') < at('sign-in') && at('web app') < at('hosting') && at('functions') < at('hosting'));
});

test('this tree\'s page is read where it is built', () => {
  const { console: page } = readSystem(ROOT, { ...aSystem(), project: PROJECT }, { projectNumber: '1' });
  assert.equal((page?.folder ?? null) !== null, existsSync(join(ROOT, 'console/dist/index.html')));
});
