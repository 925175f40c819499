// The console at the load of a middling fintech: 10,000 customers, 100,000 transactions, 100 changes a second. How long it takes from a commit to the
// visible change of the open customer, what the Now view is pushed, and that ten minutes of it leave the page's memory as it was.
import assert from 'node:assert/strict';
import { cpus, loadavg } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { idOf, seed, userOf } from '../../bench/console/seed.js';
import { startRealStack } from '../stack/real-stack.js';
import { startBrowser } from './browser.js';

const USERS = Number(process.env.BOMA_LOAD_USERS ?? 10_000);
const TRANSACTIONS = USERS * 10;
const MINUTES = Number(process.env.BOMA_LOAD_MINUTES ?? 10);
const CHANGES_A_SECOND = 100;
const OPEN_EVERY_MS = 400;
const MOST_P95_MS = 120;
/** Of what was used after the first minute; collections of garbage and the engine's own caches are in it. */
const MOST_GROWTH = 1.25;
const SUPERVISOR = 'supervisor@boma.test';
const OPEN = 0;

let stack;
let browser;
let firestore;
let load;
before(async () => {
  stack = await startRealStack({ project: 'demo-boma', withConsole: true });
  browser = await startBrowser(stack.url);
  const [host, port] = stack.firestore.split(':');
  process.env.METADATA_SERVER_DETECTION = 'none';
  firestore = new Firestore({ projectId: 'demo-boma', host, port: Number(port), ssl: false, customHeaders: { Authorization: 'Bearer owner' } });
  await seed(firestore, { users: USERS, transactions: TRANSACTIONS });
  load = background();
});
after(async () => {
  await load?.();
  await firestore?.terminate();
  await browser?.close();
  await stack?.stop();
});

/** Changes one customer after the other, but the open one, a tenth of a second's at once; ends when the answer is called. */
function background() {
  let isOver = false;
  const running = (async () => {
    for (let number = 1; !isOver;) {
      const batch = firestore.batch();
      for (let many = 0; many < CHANGES_A_SECOND / 10; many += 1) {
        batch.set(firestore.doc(`users/${idOf('user', number)}`), userOf(number, { balances: { CZK: { available: number * 7, pending: many, reserved: 0 } } }));
        number = 1 + (number % (USERS - 1));
      }
      await Promise.all([batch.commit(), wait(100)]);
    }
  })();
  return async () => {
    isOver = true;
    await running;
  };
}

const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const named = (values) => `p50 ${percentile(values, 0.5).toFixed(0)} ms, p95 ${percentile(values, 0.95).toFixed(0)} ms`;

/** In the page: notes when each pending balance of the open customer is first seen, and when the database's message came. */
function watch() {
  const seen = {};
  globalThis.bomaSeen = seen;
  new MutationObserver(() => {
    const text = document.querySelector('[aria-labelledby="balances"] tbody')?.textContent ?? '';
    const [, digits] = /([\d\u202f]+)\.00/.exec(text) ?? [];
    if (digits === undefined) return;
    const value = digits.replaceAll('\u202f', '');
    seen[value] ??= { atMs: performance.timeOrigin + performance.now() };
    requestAnimationFrame(() => { seen[value].heardAtMs ??= Number(document.querySelector('.status').dataset.heardAt); });
  }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
}

test('from commit to visible change of the open customer', { timeout: 300_000 }, async (t) => {
  const { page, context } = await browser.signedIn(SUPERVISOR, `/customers/${idOf('user', OPEN)}`);
  await page.locator('.status.live').waitFor();
  await page.evaluate(watch);
  const written = [];
  for (let round = 1; round <= 100; round += 1) {
    const fields = userOf(OPEN, { balances: { CZK: { available: round * 100_00, pending: 0, reserved: 0 } } });
    const fromMs = performance.timeOrigin + performance.now();
    await firestore.doc(`users/${idOf('user', OPEN)}`).set(fields);
    written.push({ value: String(round * 100), fromMs, committedMs: performance.timeOrigin + performance.now() });
    await wait(OPEN_EVERY_MS);
  }
  const seen = await page.evaluate(() => globalThis.bomaSeen);
  const shown = written.filter(({ value }) => seen[value]?.heardAtMs);
  assert.ok(shown.length >= written.length * 0.9, `${shown.length} of ${written.length} were seen`);
  const all = shown.map(({ value, fromMs }) => seen[value].atMs - fromMs);
  t.diagnostic(`commit -> visible: ${named(all)}; of these the commit ${named(shown.map(({ fromMs, committedMs }) => committedMs - fromMs))}, the way to the page ${named(shown.map(({ value, committedMs }) => Math.max(0, seen[value].heardAtMs - committedMs)))}, the page ${named(shown.map(({ value }) => Math.max(0, seen[value].atMs - seen[value].heardAtMs)))}`);
  await context.close();
  const isBusy = loadavg()[0] > cpus().length * 1.5;
  if (isBusy) t.diagnostic(`The machine is busy (${loadavg()[0].toFixed(1)} on ${cpus().length} processors): the limit of ${MOST_P95_MS} ms isn't held against it`);
  else assert.ok(percentile(all, 0.95) < MOST_P95_MS, named(all));
});

test('Now, and a customer, for ten minutes: few pushes, and memory as it was', { timeout: (MINUTES + 5) * 60_000 }, async (t) => {
  const pages = await Promise.all(['/now', `/customers/${idOf('user', 1)}`, '/customers'].map((path) => browser.signedIn(SUPERVISOR, path)));
  const used = () => Promise.all(pages.map(async ({ page, context }) => {
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    await session.detach();
    return usedSize / 2 ** 20;
  }));
  const pushes = () => Promise.all(pages.map(({ page }) => page.locator('.status').getAttribute('data-pushes').then(Number)));
  await wait(60_000);
  const [atFirst, pushedAtFirst] = [await used(), await pushes()];
  await wait((MINUTES - 1) * 60_000);
  const [atLast, pushedAtLast] = [await used(), await pushes()];
  const rates = pushedAtLast.map((count, at) => (count - pushedAtFirst[at]) / ((MINUTES - 1) * 60));
  t.diagnostic(`pushes a second: ${rates.map((rate) => rate.toFixed(2)).join(', ')}; MB of JavaScript after a minute ${atFirst.map((mb) => mb.toFixed(1)).join(', ')}, after ${MINUTES} ${atLast.map((mb) => mb.toFixed(1)).join(', ')}`);
  assert.ok(rates[0] <= 2, `Now is pushed ${rates[0]} times a second`);
  atLast.forEach((mb, at) => assert.ok(mb < atFirst[at] * MOST_GROWTH, `${atFirst[at]} MB became ${mb}`));
});
