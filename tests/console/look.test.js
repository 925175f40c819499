// Each view for everybody: by axe's rules, by keyboard alone, on a phone, in light and dark; and what a screen costs.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { message, startRealStack } from '../stack/real-stack.js';
import { until } from '../stack/until.js';
import { startBrowser } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SUPERVISOR = 'supervisor@boma.test';
const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };

let stack;
let browser;
let customer;
let views;
before(async () => {
  stack = await startRealStack({ project: 'demo-boma', withConsole: true });
  browser = await startBrowser(stack.url);
  customer = await filled();
  views = ['/now', '/customers', `/customers/${customer}`, '/reviews', `/reviews?open=${customer}`, '/approvals', '/leads', '/dead-letters', '/flow'];
});
after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** Something in every view. */
async function filled() {
  const [id, lead] = [randomUUID(), randomUUID()];
  const event = (type, subject, data) => message({ specversion: '1.0', id: randomUUID(), source: '//bank/test', type, subject, time: '2026-03-01T09:00:00Z', data });
  const publish = async (topic, ...messages) => assert.deepEqual(await stack.unacknowledged(await stack.publish(topic, messages), 60_000), []);
  await publish('leads', event('LeadCreated', lead, { leadId: lead, region: 'Prague', channel: 'WEB' }), event('LeadLost', lead, { leadId: lead, reason: 'no answer' }));
  await publish('user-onboarding', event('UserRegistered', id, { email: 'ada@example.com', fullName: 'Ada Lovelace', country: 'CZ', region: 'Prague', phone: '+420123456789', birthDate: '1815-12-10' }));
  await publish('kyc', event('KycCompleted', id, { decision: 'REVIEW', provider: 'sumsub', reviewId: 'r-1', reasons: ['NAME_ON_A_LIST'] }));
  await publish('payments', event('PaymentReceived', id, { transactionId: randomUUID(), amount: '500.00', currency: 'CZK', method: 'TRANSFER', reference: 'bank-1' }), event('PaymentReceived', id, { transactionId: randomUUID(), amount: '5.001', currency: 'CZK', method: 'TRANSFER' }));
  await publish('operations', event('KycSuspended', id, { reason: 'a court order' }), event('NoteAdded', id, { noteId: randomUUID(), text: 'Called.', operator: SUPERVISOR }));
  return id;
}

async function settled(page) {
  await page.locator('.status.live').waitFor();
  await page.locator('h1').first().waitFor();
  await page.waitForTimeout(300);
}

for (const [name, options] of [['desktop, light', {}], ['desktop, dark', { colorScheme: 'dark' }], ['phone, light', PHONE], ['phone, dark', { ...PHONE, colorScheme: 'dark' }]]) {
  test(`axe finds nothing serious in any view: ${name}`, async () => {
    // axe itself is put in past the page's policy; the page is under it all the same.
    const { page, context, complaints } = await browser.signedIn(SUPERVISOR, '/customers', { ...options, bypassCSP: true });
    const found = [];
    for (const path of views) {
      await page.goto(stack.url + path);
      await settled(page);
      for (const summary of await page.locator('summary').all()) await summary.click().catch(() => {});
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      found.push(...violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${path}: ${id}: ${nodes[0].html.slice(0, 140)} ${nodes[0].failureSummary?.slice(0, 200)}`));
      const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
      if (scrollWidth > clientWidth + 1) found.push(`${path}: ${scrollWidth - clientWidth} pixels too wide`);
    }
    assert.deepEqual(found, []);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('axe finds nothing serious before signing in', async () => {
  const page = await (await browser.browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(stack.url);
  await page.getByRole('heading', { name: 'Boma' }).waitFor();
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id), []);
});

test('by keyboard alone: to the reviews, the next one is taken, and rejected with a reason', async () => {
  const { page } = await browser.signedIn(SUPERVISOR, '/now');
  await settled(page);
  const tabTo = async (role, name) => {
    const wanted = page.getByRole(role, { name, exact: true }).first();
    for (let steps = 0; steps < 80; steps += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement).catch(() => false)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab doesn't reach ${role} ${name}`);
  };
  await tabTo('link', 'Reviews');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Reviews' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Reviews', 'what is new is where one reads on');
  await page.getByText('NAME_ON_A_LIST').first().waitFor();
  await tabTo('button', 'Take next');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Review of Ada Lovelace' }).getByRole('button', { name: 'Hand back' }).waitFor();
  await tabTo('button', 'Reject');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Reject', 'after a change of mind one is where one was');
  await page.keyboard.press('Enter');
  await page.keyboard.type('DocumentForged');
  await page.keyboard.press('Enter');
  await until('rejected', async () => (await stack.documents()).get(`kyc_cases/${customer}`).check === 'REJECTED');
});

test('no view has more than 10 listeners, and a hidden tab has none', async () => {
  const { page, context } = await browser.signedIn(SUPERVISOR, '/customers');
  const status = (name) => page.locator('.status').getAttribute(`data-${name}`).then(Number);
  for (const path of views) {
    await page.goto(stack.url + path);
    await settled(page);
    assert.ok(await status('listeners') <= 10, `${path}: ${await status('listeners')}`);
    assert.ok(await status('reads') <= 120, `${path}: ${await status('reads')} documents for the first sight of it`);
  }
  // Headless Chromium shows every tab, so the page is told.
  await page.clock.install();
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.clock.fastForward(11_000);
  await page.locator('.status.paused').waitFor();
  await page.evaluate(() => {
    delete document.visibilityState;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.locator('.status.live').waitFor();
  await context.close();
});

test('what changes while a customer is open costs a read for each document that changed', async () => {
  const id = customer;
  const { page } = await browser.signedIn(SUPERVISOR, `/customers/${id}`);
  await settled(page);
  const reads = () => page.locator('.status').getAttribute('data-reads').then(Number);
  const before = await reads();
  const event = { specversion: '1.0', id: randomUUID(), source: '//bank/test', type: 'PaymentReceived', subject: id, time: '2026-03-02T09:00:00Z', data: { transactionId: randomUUID(), amount: '7.00', currency: 'CZK', method: 'TRANSFER' } };
  await stack.publish('payments', [message(event)]);
  await page.getByRole('region', { name: 'Transactions' }).getByText(/^7\.00/).first().waitFor();
  await page.waitForTimeout(500);
  // The customer, the transaction and the entry of the timeline.
  assert.equal(await reads() - before, 3);
});

test('without a connection the page says so, and goes on by itself when it is back', async () => {
  const { page, context } = await browser.signedIn(SUPERVISOR, `/customers/${customer}`);
  await settled(page);
  await context.setOffline(true);
  await page.locator('.status.offline').waitFor();
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  const note = { specversion: '1.0', id: randomUUID(), source: '//bank/test', type: 'NoteAdded', subject: customer, time: '2026-03-02T09:00:00Z', data: { noteId: randomUUID(), text: 'written meanwhile', operator: SUPERVISOR } };
  await stack.publish('operations', [message(note)]);
  await context.setOffline(false);
  await page.getByText('written meanwhile').first().waitFor();
  await page.locator('.status.live').waitFor();
});

test('nothing of a customer is on the disk', async () => {
  const { page } = await browser.signedIn(SUPERVISOR, `/customers/${customer}`);
  await settled(page);
  const kept = await page.evaluate(async () => ({ local: localStorage.length, session: Object.keys(sessionStorage), databases: (await indexedDB.databases()).map(({ name }) => name), caches: await caches.keys() }));
  // The SDK notes there on which days it was used, and nothing else.
  assert.deepEqual(kept, { local: 0, session: ['boma-signed-in'], databases: ['firebase-heartbeat-database'], caches: [] });
});
