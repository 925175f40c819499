// Who may: the second person's sign-in must be recent, a second press acts once, and nothing is taken without a token.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startRealStack } from '../stack/real-stack.js';
import { unsignedToken } from '../stack/unsigned-token.js';
import { until } from '../stack/until.js';
import { startBrowser } from './browser.js';
import { fill } from './filled.js';

let stack;
let browser;
let waiting;
before(async () => {
  stack = await startRealStack({ project: 'demo-boma', withConsole: true });
  [waiting] = await fill(stack);
  browser = await startBrowser(stack.url);
});
after(async () => {
  await browser?.close();
  await stack?.stop();
});

test('an approval wants a sign-in of the last 15 minutes: one signs in again where it is said', async () => {
  const { page } = await browser.signedIn('second-supervisor@boma.test', '/now');
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('boma-signed-in'));
    sessionStorage.setItem('boma-signed-in', JSON.stringify({ ...kept, signedInAtS: kept.signedInAtS - 16 * 60 }));
  });
  await page.goto(`${stack.url}/approvals`);
  const card = page.getByRole('article', { name: /BalanceAdjusted/ });
  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  await card.getByRole('alert').filter({ hasText: 'sign in again' }).waitFor();
  await card.getByRole('button', { name: 'Sign in again' }).click();
  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  await card.getByText('Done').waitFor();
  await until('adjusted', async () => [...(await stack.documents()).values()].some(({ kind, approvedBy }) => kind === 'ADJUSTMENT' && approvedBy === 'second-supervisor@boma.test'));
});

test('who asked can\'t approve, nor an operator; a rejection keeps its reason', async () => {
  const own = await browser.signedIn('supervisor@boma.test', '/approvals');
  const ownCard = own.page.getByRole('article', { name: /PayoutOrdered/ });
  await ownCard.getByText('another supervisor decides').waitFor();
  assert.equal(await ownCard.getByRole('button').count(), 0);
  const operator = await browser.signedIn('operator@boma.test', '/approvals');
  await operator.page.getByText('A supervisor decides.').waitFor();
  const second = await browser.signedIn('second-supervisor@boma.test', '/approvals');
  const card = second.page.getByRole('article', { name: /PayoutOrdered/ });
  await card.getByRole('button', { name: 'Reject' }).click();
  await card.getByRole('textbox', { name: 'Reason' }).fill('another account than the customer\u2019s');
  await card.getByRole('button', { name: 'Reject' }).click();
  await card.getByText('Rejected').waitFor();
  await own.page.getByText('Nothing waits for a second person.').waitFor();
});

test('a second press acts once', async () => {
  const { page } = await browser.signedIn('operator@boma.test', `/reviews?open=${waiting}`);
  const sent = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/commands')) sent.push(request.postDataJSON());
  });
  const card = page.getByRole('region', { name: /^Review of/ });
  await card.getByRole('button', { name: 'Approve', exact: true }).dblclick();
  await card.getByText('Done').waitFor();
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  const entries = [...await stack.documents()].filter(([path, { type }]) => path.startsWith(`users/${waiting}/timeline/`) && type === 'KycReviewed');
  assert.equal(entries.length, 1);
});

test('what was lost on the way is sent again under the same id', async () => {
  const { page } = await browser.signedIn('operator@boma.test', `/customers/${waiting}`);
  const ids = [];
  await page.route('**/commands', async (route) => {
    ids.push(route.request().postDataJSON().id);
    if (ids.length === 1) {
      await route.fetch();
      return route.abort();
    }
    return route.continue();
  });
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill('written once');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('alert').filter({ hasText: 'Press again' }).waitFor();
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByText('Done').waitFor();
  assert.equal(new Set(ids).size, 1);
  const notes = [...await stack.documents()].filter(([path, { text }]) => path.startsWith(`users/${waiting}/notes/`) && text === 'written once');
  assert.equal(notes.length, 1);
});

test('without a token, with another\'s name or as a viewer nothing is taken', async () => {
  const ask = (headers, data = {}) => fetch(`${stack.url}/commands`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ id: randomUUID(), type: 'KycHeld', subject: waiting, data: { reason: 'x', ...data } }),
  });
  assert.equal((await ask({})).status, 401);
  const as = (role) => ({ authorization: `Bearer ${unsignedToken('demo-boma', `${role}@boma.test`, role)}` });
  assert.equal((await ask(as('viewer'))).status, 403);
  const refused = await ask(as('operator'), { operator: 'supervisor@boma.test' });
  assert.equal(refused.status, 400);
  assert.match((await refused.json()).detail, /data\.operator/);
});
