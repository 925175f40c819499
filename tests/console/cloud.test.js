// The page as Google Cloud serves it: production's headers, signing in by Identity Platform, which a stand-in answers for.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startConsole } from '../../local/console/server.js';
import { unsignedToken } from '../stack/unsigned-token.js';
import { startBrowser } from './browser.js';

const [{ headers: HEADERS }] = JSON.parse(readFileSync(new URL('../../console/headers.json', import.meta.url), 'utf8'));
const EMAIL = 'ada@example.com';
const NO_FRAMES = /recaptcha|gapi|iframe/;

let served;
let browser;
before(async () => {
  served = await startConsole({ project: 'acme', firestore: '127.0.0.1:1' });
  browser = await startBrowser(served.url);
});
after(async () => {
  await browser?.close();
  await served?.close();
});

/** Identity Platform: what it answers to each method; undefined for what it is never asked. `factors`: those of the account. */
function identityPlatform({ factors = [], role = 'supervisor' } = {}) {
  const idToken = unsignedToken('acme', EMAIL, role);
  const tokens = { idToken, refreshToken: 'again', expiresIn: '3600', localId: EMAIL, email: EMAIL };
  return {
    'v1/accounts:signInWithPassword': ({ password }) => {
      if (password !== 'right') return [400, { error: { code: 400, message: 'INVALID_LOGIN_CREDENTIALS' } }];
      return [200, factors.length > 0 ? { mfaPendingCredential: 'pending', mfaInfo: factors, localId: EMAIL, email: EMAIL } : tokens];
    },
    'v2/accounts/mfaSignIn:finalize': ({ totpVerificationInfo }) => (totpVerificationInfo.verificationCode === '123456' ? [200, { idToken, refreshToken: 'again' }] : [400, { error: { code: 400, message: 'INVALID_MFA_VERIFICATION_CODE' } }]),
    'v2/accounts/mfaEnrollment:start': () => [200, { totpSessionInfo: { sharedSecretKey: 'JBSWY3DPEHPK3PXP', verificationCodeLength: 6, hashingAlgorithm: 'SHA1', periodSec: 30, sessionInfo: 's', finalizeEnrollmentTime: new Date(Date.now() + 300_000).toISOString() } }],
    'v2/accounts/mfaEnrollment:finalize': ({ totpVerificationInfo }) => (totpVerificationInfo.verificationCode === '123456' ? [200, { idToken, refreshToken: 'again' }] : [400, { error: { code: 400, message: 'INVALID_MFA_VERIFICATION_CODE' } }]),
    'v1/accounts:lookup': () => [200, { users: [{ localId: EMAIL, email: EMAIL, emailVerified: true, mfaInfo: factors, providerUserInfo: [], validSince: '1', lastLoginAt: '1', createdAt: '1' }] }],
    'v1/token': () => [200, { id_token: idToken, access_token: idToken, refresh_token: 'again', expires_in: '3600', user_id: EMAIL, project_id: '1', token_type: 'Bearer' }],
  };
}

async function opened(platform) {
  const context = await browser.browser.newContext();
  const page = await context.newPage();
  const complaints = [];
  const asked = [];
  page.on('console', (line) => complaints.push(line.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => asked.push(request.url()));
  await page.route(`${served.url}/**`, async (route) => {
    if (route.request().url().endsWith('/config.json')) return route.fulfill({ json: { mode: 'cloud', project: 'acme', apiKey: 'key', authDomain: 'acme.firebaseapp.com', appId: '1:1:web:1' } });
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), ...HEADERS } });
  });
  await page.route('https://firestore.googleapis.com/**', (route) => route.abort());
  await page.route(/https:\/\/(?:identitytoolkit|securetoken)\.googleapis\.com\//, async (route) => {
    const request = route.request();
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    if (request.method() === 'OPTIONS') return route.fulfill({ status: 204, headers });
    const answer = platform[new URL(request.url()).pathname.slice(1)];
    const type = request.headers()['content-type'] ?? '';
    const [status, json] = answer ? answer(type.includes('json') ? request.postDataJSON() : {}) : [404, { error: { code: 404, message: `NOT_HERE ${request.url()}` } }];
    return route.fulfill({ status, json, headers });
  });
  await page.goto(served.url);
  await page.getByLabel('E-mail').fill(EMAIL);
  return { page, asked, said: (pattern) => complaints.filter((text) => pattern.test(text)) };
}

async function signIn(page, password = 'right') {
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const code = async (page, digits, button) => {
  await page.getByLabel('Code of your authenticator').fill(digits);
  await page.getByRole('button', { name: button }).click();
};
const TOTP = { mfaEnrollmentId: 'f1', displayName: 'authenticator', enrolledAt: '2026-01-01T00:00:00Z', totpInfo: {} };

test('one signs in by password and the code of the authenticator, under production\'s policy', async () => {
  const { page, asked, said } = await opened(identityPlatform({ factors: [TOTP] }));
  await signIn(page, 'wrong');
  await page.getByRole('alert').waitFor();
  await signIn(page);
  await code(page, '123456', 'Sign in');
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  await page.getByText(EMAIL).waitFor();
  assert.deepEqual(said(/Content Security Policy|Trusted ?Type/i), []);
  assert.deepEqual(asked.filter((url) => NO_FRAMES.test(url)), [], 'no frame and no script of others');
});

test('who has no second factor adds one first', async () => {
  const { page, said } = await opened(identityPlatform());
  await signIn(page);
  await page.getByText('JBSWY3DPEHPK3PXP').waitFor();
  await code(page, '000000', 'Add');
  await page.getByRole('alert').waitFor();
  await code(page, '123456', 'Add');
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  assert.deepEqual(said(/Content Security Policy|Trusted ?Type/i), []);
});

test('who has no role is told so, and is not signed in', async () => {
  const { page } = await opened(identityPlatform({ factors: [TOTP], role: null }));
  await signIn(page);
  await code(page, '123456', 'Sign in');
  await page.getByRole('alert').filter({ hasText: 'has no role' }).waitFor();
  assert.equal(await page.getByRole('navigation', { name: 'Views' }).count(), 0);
});
