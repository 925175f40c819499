// What an operator's day costs at 100 changes a second: documents read, as the page counts them and the database bills them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startRealStack } from '../stack/real-stack.js';
import { startBrowser } from './browser.js';
import { pulseOf, write } from './pulse-hour.js';

const PRICE = JSON.parse(readFileSync(new URL('../../bench/cost/prices.json', import.meta.url), 'utf8')).firestore.read;
const MOST_USD_A_DAY = 0.10;
const HOURS_A_DAY = 8;
/** Enough for 100 changes a second: an instance takes 80 at a time. */
const INSTANCES = 2;
const MEASURED_MS = 15_000;

let stack;
let browser;
before(async () => {
  stack = await startRealStack({ project: 'demo-boma', withConsole: true });
  browser = await startBrowser(stack.url);
});
after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** Runs `work` again every `everyMs` until the answer is called. */
function repeated(everyMs, work) {
  let isOver = false;
  const running = (async () => {
    for (let round = 0; !isOver; round += 1) await Promise.all([work(round), wait(everyMs)]);
  })();
  return async () => {
    isOver = true;
    await running;
  };
}

/** While `work` goes on: { reads, pushes } in a second of the view. */
async function measured(path, everyMs, work) {
  const { page, context } = await browser.signedIn('supervisor@boma.test', path);
  await page.locator('.status.live').waitFor();
  const stop = repeated(everyMs, work);
  await wait(2000);
  const counts = async () => Promise.all(['reads', 'pushes'].map(async (name) => Number(await page.locator('.status').getAttribute(`data-${name}`))));
  const [reads, pushes] = await counts();
  const fromMs = Date.now();
  await wait(MEASURED_MS);
  const [readsAfter, pushesAfter] = await counts();
  const seconds = (Date.now() - fromMs) / 1000;
  await stop();
  await context.close();
  return { reads: (readsAfter - reads) / seconds, pushes: (pushesAfter - pushes) / seconds };
}

const usdADay = (readsASecond) => readsASecond * 3600 * HOURS_A_DAY * PRICE;
const said = (view, { reads, pushes }) => `${view}: ${reads.toFixed(1)} documents and ${pushes.toFixed(1)} pushes a second, ${Math.round(reads * 3600)} documents an hour, $${usdADay(reads).toFixed(3)} a day of ${HOURS_A_DAY} hours`;

test('Now is pushed at most twice a second, and a day of it costs less than 10 cents', async (t) => {
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const now = await measured('/now', 1000, (round) => Promise.all(Array.from({ length: INSTANCES }, (_, instance) => (
    write(stack, `pulse/${minute.toISOString().slice(0, 16)}.0000000${instance}`, pulseOf(minute, 50 * (round + 1), []))
  ))));
  t.diagnostic(said('Now', now));
  assert.ok(now.pushes > 0.4, said('Now', now));
  assert.ok(now.pushes <= 2.2, said('Now', now));
  assert.ok(usdADay(now.reads) < MOST_USD_A_DAY, said('Now', now));
});

test('a list of 50 among 10,000 customers, of whom 100 change a second, costs a day less than 10 cents', async (t) => {
  const ids = Array.from({ length: 50 }, () => randomUUID());
  const customer = (number, balance) => write(stack, `users/${ids[number]}`, {
    profileData: { fullName: `Customer ${number}`, email: `c${number}@example.com`, region: 'Prague', country: 'CZ' }, kycStatus: 'APPROVED', kycVersion: 1, accessVersion: 1,
    createdAt: new Date(Date.now() - number * 1000), updatedAt: new Date(), balances: { CZK: { available: balance, pending: 0, reserved: 0 } },
  });
  await Promise.all(ids.map((_, number) => customer(number, 100)));
  // Of 100 changes a second to 10,000 customers, every second one is of one of these 50.
  const list = await measured('/customers', 2000, (round) => customer(round % 50, round));
  t.diagnostic(said('Customers', list));
  assert.ok(list.reads > 0.2 && list.reads < 1.5, said('Customers', list));
  assert.ok(usdADay(list.reads) < MOST_USD_A_DAY, said('Customers', list));
});
