// Now and Flow, from an hour of summaries: for everybody who signs in, with customers as links for those who may see them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startRealStack } from '../stack/real-stack.js';
import { startBrowser } from './browser.js';
import { hourOfPulse } from './pulse-hour.js';

const customer = randomUUID();
let stack;
let browser;
before(async () => {
  stack = await startRealStack({ project: 'demo-boma', withConsole: true });
  await hourOfPulse(stack, [customer], () => 10);
  browser = await startBrowser(stack.url);
});
after(async () => {
  await browser?.close();
  await stack?.stop();
});

test('Now shows rates and amounts, the newest of each kind, and what waits', async () => {
  const { page, complaints } = await browser.signedIn('operator@boma.test', '/now');
  const newest = page.getByRole('region', { name: 'Newest transactions' });
  await newest.getByText('1\u202f200.50').waitFor();
  await page.getByRole('figure', { name: 'Changes a minute' }).getByText('transactions').waitFor();
  await page.getByRole('figure', { name: 'Settled a minute, by currency' }).getByText('EUR').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'settled in the hour' }).getByText(String(45 * 6)).waitFor();
  await page.getByRole('link', { name: 'open letters' }).waitFor();
  await newest.getByRole('link').click();
  await page.getByText(`There is no customer ${customer}`).waitFor();
  assert.deepEqual(complaints, []);
});

test('for a viewer Now has no way to a customer', async () => {
  const { page, complaints } = await browser.signedIn('viewer@boma.test', '/now');
  const newest = page.getByRole('region', { name: 'Newest transactions' });
  await newest.getByText('1\u202f200.50').waitFor();
  assert.equal(await newest.getByRole('link').count(), 0);
  assert.equal(await page.getByRole('link', { name: 'open letters' }).count(), 0);
  assert.deepEqual(complaints, []);
});

test('Flow draws what hears what, counts new letters, and says what is chosen', async () => {
  const { page, complaints } = await browser.signedIn('viewer@boma.test', '/flow');
  await page.getByRole('button', { name: 'function payments, 1 new letters' }).waitFor();
  await page.getByRole('button', { name: 'function kyc', exact: true }).press('Enter');
  await page.getByText('Moves a customer through KYC').waitFor();
  await page.getByRole('button', { name: 'topic operations' }).click();
  await page.getByText('Published by').waitFor();
  assert.deepEqual(complaints, []);
});
