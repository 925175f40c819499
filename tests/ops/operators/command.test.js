// npm run operators as it is typed, against an Identity Platform that answers as Google's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { ROOT } from '../../../local/set-up.js';
import { startIdentityPlatform } from './identity-platform.js';

const PROJECT = 'acme-crm';
const folder = mkdtempSync(join(tmpdir(), 'boma-operators-'));
let google;

before(async () => {
  google = await startIdentityPlatform({ project: PROJECT });
  writeFileSync(join(folder, 'subject'), 'a subject token');
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify({
    type: 'external_account', audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt', token_url: `${google.base}token`, credential_source: { file: join(folder, 'subject') }, quota_project_id: PROJECT,
  }));
});
after(async () => {
  await google.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  google.accounts.clear();
  google.requests.splice(0);
  google.fail.splice(0);
  google.switchedOn = true;
});

function typed(...args) {
  const env = {
    PATH: process.env.PATH, HOME: folder, METADATA_SERVER_DETECTION: 'none', BOMA_STATE_DIR: folder,
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'credentials.json'), CLOUDSDK_API_ENDPOINT_OVERRIDES_IDENTITYTOOLKIT: google.base,
  };
  const child = spawn(process.execPath, [join(ROOT, 'ops/operators/main.js'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (bytes) => { said += bytes; });
  child.stderr.on('data', (bytes) => { complained += bytes; });
  return new Promise((resolve) => { child.once('close', (status) => resolve({ status, said, complained })); });
}
const there = (account) => google.accounts.set(account.email, { localId: `id-of-${account.email}`, emailVerified: true, lastLoginAt: '1770000000000', password: 'p', ...account });
const verbs = () => google.requests.map(({ verb }) => verb);
const claimsOf = (email) => JSON.parse(google.accounts.get(email).customAttributes);

test('somebody new gets an account with the role, which can be trusted to be theirs, and a link to choose a password', async () => {
  const { status, said, complained } = await typed('add', 'Ada@Example.com', '--role', 'operator', '--project', PROJECT);
  assert.equal(status, 0, complained);
  assert.equal(said, [
    '  made an account for ada@example.com', 'ada@example.com is operator in acme-crm.',
    '  A link for them alone, to choose a password (it ends after a while; the same command makes another until they signed in):',
    '  https://p.firebaseapp.com/__/auth/action?mode=resetPassword&oobCode=id-1', '',
  ].join('\n'));
});

test('what Google is told of somebody new', async () => {
  await typed('add', 'ada@example.com', '--role', 'supervisor', '--project', PROJECT);
  assert.deepEqual(verbs(), ['lookup', 'create', 'update', 'sendOobCode']);
  const [lookup, create, update, link] = google.requests;
  assert.deepEqual(lookup.body, { email: ['ada@example.com'] });
  const { password, ...made } = create.body;
  assert.deepEqual(made, { email: 'ada@example.com', emailVerified: true });
  assert.ok(password.length >= 32 && /[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password), 'a password that nobody guesses');
  assert.deepEqual(update.body, { localId: 'id-1', customAttributes: '{"role":"supervisor"}' });
  assert.deepEqual(link.body, { requestType: 'PASSWORD_RESET', email: 'ada@example.com', returnOobLink: true });
  assert.ok(google.requests.every(({ headers }) => headers['x-goog-user-project'] === PROJECT), 'by the quota of the project that the credentials name');
});

test('a second time nothing is changed, and the link comes again until they signed in', async () => {
  await typed('add', 'ada@example.com', '--role', 'operator', '--project', PROJECT);
  google.requests.splice(0);
  assert.match((await typed('add', 'ada@example.com', '--role', 'operator', '--project', PROJECT)).said, /oobCode=id-1/);
  assert.deepEqual(verbs(), ['lookup', 'sendOobCode']);
  google.accounts.get('ada@example.com').lastLoginAt = '1770000000000';
  const again = await typed('add', 'ada@example.com', '--role', 'operator', '--project', PROJECT);
  assert.deepEqual([again.status, again.said], [0, 'ada@example.com is operator in acme-crm already.\n']);
});

test('what stopped between the account and its role is gone on with', async () => {
  google.fail.push(undefined, undefined, ...Array(4).fill({ status: 503, body: {} }));
  const stopped = await typed('add', 'ada@example.com', '--role', 'operator', '--project', PROJECT);
  assert.equal(stopped.status, 1);
  assert.equal(stopped.complained, 'Identity Platform answers 503: try again in a while; what was done stays, and the same command goes on.\n');
  const { status, said } = await typed('add', 'ada@example.com', '--role', 'operator', '--project', PROJECT);
  assert.equal(status, 0);
  assert.match(said, /oobCode=id-1/);
  assert.deepEqual(claimsOf('ada@example.com'), { role: 'operator' });
});

test('another role keeps the other claims, and ends the sessions that have the old one', async () => {
  there({ email: 'ada@example.com', customAttributes: '{"role":"supervisor","team":"fraud"}' });
  const { said } = await typed('add', 'ada@example.com', '--role', 'viewer', '--project', PROJECT);
  assert.equal(said, 'ada@example.com is viewer in acme-crm.\n');
  assert.deepEqual(claimsOf('ada@example.com'), { role: 'viewer', team: 'fraud' });
  assert.ok(Math.abs(Number(google.accounts.get('ada@example.com').validSince) - Date.now() / 1000) < 60);
});

test('an account whose address was never verified gets another password, or whoever registered it would have the role', async () => {
  there({ email: 'boss@example.com', emailVerified: false, password: 'known to a stranger' });
  const { said } = await typed('add', 'boss@example.com', '--role', 'supervisor', '--project', PROJECT);
  assert.match(said, /oobCode=id-of-boss/);
  const { password, emailVerified, validSince } = google.accounts.get('boss@example.com');
  assert.ok(password !== 'known to a stranger' && emailVerified && validSince !== undefined);
});

test('a closed account that is added is open again', async () => {
  there({ email: 'ada@example.com', disabled: true, customAttributes: '{}' });
  assert.equal((await typed('add', 'ada@example.com', '--role', 'operator', '--project', PROJECT)).status, 0);
  assert.equal(google.accounts.get('ada@example.com').disabled, false);
});

test('who is removed has no role, no session and no open account; a second time nothing is done', async () => {
  there({ email: 'ada@example.com', customAttributes: '{"role":"operator","team":"fraud"}' });
  const { status, said } = await typed('remove', 'ADA@example.com', '--project', PROJECT);
  assert.equal(status, 0);
  assert.match(said, /^ada@example\.com has no role in acme-crm any more, and the account is closed\. .*within an hour\.\n$/);
  const { disabled, validSince } = google.accounts.get('ada@example.com');
  assert.ok(disabled && validSince !== undefined);
  assert.deepEqual(claimsOf('ada@example.com'), { team: 'fraud' });
  google.requests.splice(0);
  assert.equal((await typed('remove', 'ada@example.com', '--project', PROJECT)).status, 0);
  assert.deepEqual(verbs(), ['lookup']);
});

for (const [who, account, sentence] of [
  ['nobody', undefined, 'There is no account of ada@example.com in acme-crm.\n'],
  ['a customer', { email: 'ada@example.com', customAttributes: '' }, 'ada@example.com has no role in acme-crm; the account is left as it is.\n'],
  ['somebody whose claims can\'t be read', { email: 'ada@example.com', customAttributes: '{"role' }, 'The custom claims of ada@example.com can\'t be read, and would be lost: correct them first.\n'],
]) {
  test(`removing ${who} changes nothing, and is said`, async () => {
    if (account) there(account);
    const { status, said } = await typed('remove', 'ada@example.com', '--project', PROJECT);
    assert.deepEqual([status, said], [1, sentence]);
    assert.deepEqual(verbs(), ['lookup']);
  });
}

test('--dry-run says what would be done, and only looks', async () => {
  there({ email: 'eve@example.com', customAttributes: '{"role":"operator"}' });
  const added = await typed('add', 'ada@example.com', '--role', 'auditor', '--project', PROJECT, '--dry-run');
  assert.equal(added.said, 'In acme-crm this would:\n  make an account for ada@example.com\n  give it the role auditor\n  print a link to choose a password\nNothing was done.\n');
  const removed = await typed('remove', 'eve@example.com', '--project', PROJECT, '--dry-run');
  assert.equal(removed.said, 'In acme-crm this would:\n  take the role operator\n  close the account\n  end its sessions\nNothing was done.\n');
  assert.deepEqual(verbs(), ['lookup', 'lookup']);
});

test('list names those who have a role, of any number of accounts, and who has no second factor', async () => {
  for (let number = 0; number < 1001; number += 1) there({ email: `customer-${number}@example.com` });
  there({ email: 'eve@example.com', customAttributes: '{"role":"operator"}', mfaInfo: [{ mfaEnrollmentId: 'm', totpInfo: {} }] });
  there({ email: 'ada@example.com', customAttributes: '{"role":"auditor"}', disabled: true, lastLoginAt: '0' });
  const { status, said, complained } = await typed('list', '--project', PROJECT);
  assert.equal(status, 0);
  assert.equal(said, [
    '  email            role      account  second factor  signed in last',
    '  ada@example.com  auditor   closed   none           never',
    '  eve@example.com  operator  open     enrolled       2026-02-02T02:40:00Z',
    'No account is a supervisor\'s: nothing that takes two people can be approved.', '',
  ].join('\n'));
  assert.match(complained, /500 accounts read/);
  assert.deepEqual(google.requests.map(({ body }) => body.offset), ['0', '500', '1000']);
});

test('list of a project where nobody has a role says how to give one', async () => {
  assert.equal((await typed('list', '--project', PROJECT)).said, 'Nobody in acme-crm has a role: npm run operators -- add EMAIL --role ROLE --project acme-crm gives one.\n');
});

const refused = (code, message, more = {}) => ({ status: code, body: { error: { code, message, ...more } } });
for (const [what, answer, sentence] of [
  ['an API that is off', refused(403, 'Identity Toolkit API has not been used', { details: [{ reason: 'SERVICE_DISABLED' }] }), /^Identity Platform isn't switched on in acme-crm: \.\/deploy\.sh apply --project acme-crm does that\.$/],
  ['a project without Identity Platform', refused(400, 'CONFIGURATION_NOT_FOUND'), /^Identity Platform isn't switched on in acme-crm/],
  ['a right that is missing', refused(403, 'The caller does not have permission', { status: 'PERMISSION_DENIED' }), /^Identity Platform refuses \(The caller does not have permission\): roles\/firebaseauth\.admin in acme-crm/],
  ['signing in by password that is off', refused(400, 'OPERATION_NOT_ALLOWED'), /^Signing in by email and password isn't switched on in acme-crm/],
  ['anything else', refused(400, 'TOO_MANY_ATTEMPTS_TRY_LATER : later'), /^Identity Platform refuses: TOO_MANY_ATTEMPTS_TRY_LATER : later\.$/],
]) {
  test(`${what} is one sentence`, async () => {
    google.fail.push(answer);
    const { status, said, complained } = await typed('add', 'ada@example.com', '--role', 'operator', '--project', PROJECT);
    assert.deepEqual([status, said], [1, '']);
    assert.match(complained.trim(), sentence);
  });
}

test('a failure that passes is asked about again', async () => {
  google.fail.push({ status: 503, body: {} }, { status: 429, body: {} });
  assert.equal((await typed('list', '--project', PROJECT)).status, 0);
  assert.deepEqual(verbs(), ['query', 'query', 'query']);
});

test('without a stack and without a project it says what to do', async () => {
  const { status, complained } = await typed('list');
  assert.deepEqual([status, complained], [2, 'No stack is running here and no --project is named: npm start begins one, --project ID means a real one.\n']);
});
