// npm run screenshots: each view in light and dark, on a desktop and a phone, into docs/console/. Two of them are in README.md.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from '../../local/set-up.js';
import { startBrowser } from './browser.js';
import { fill } from './filled.js';
import { hourOfPulse } from './pulse-hour.js';

const INTO = fileURLToPath(new URL('../../docs/console/', import.meta.url));
const SCREENS = [
  ['desktop-light', { viewport: { width: 1280, height: 860 } }],
  ['desktop-dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }],
  ['phone-light', { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true }],
  ['phone-dark', { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true, colorScheme: 'dark' }],
];

await setUp({ withConsole: true });
mkdirSync(INTO, { recursive: true });
const { startRealStack } = await import('../stack/real-stack.js');
const stack = await startRealStack({ project: 'demo-boma', withConsole: true });
let browser;
try {
  const customers = await fill(stack);
  await hourOfPulse(stack, customers);
  browser = await startBrowser(stack.url);
  for (const [screen, options] of SCREENS) await shoot(screen, options, customers);
} finally {
  await browser?.close();
  await stack.stop();
}

async function shoot(screen, options, [inReview, approved]) {
  const { page, context } = await browser.signedIn('second-supervisor@boma.test', '/now', options);
  const views = { now: '/now', customers: '/customers', customer: `/customers/${approved}`, reviews: `/reviews?open=${inReview}`, approvals: '/approvals', leads: '/leads', 'dead-letters': '/dead-letters', flow: '/flow' };
  for (const [name, path] of Object.entries(views)) {
    await page.goto(stack.url + path);
    await page.locator('.status.live').waitFor();
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(INTO, `${name}-${screen}.png`), fullPage: true, scale: 'css' });
    console.log(`docs/console/${name}-${screen}.png`);
  }
  await context.close();
}
