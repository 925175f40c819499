// The console in a real browser, signed in as one of the ready users.
import { chromium as playwright } from 'playwright-core';
import { chromium } from './chromium.js';

const LONGEST_MS = 30_000;

/** Resolves with { signedIn, close }. */
export async function startBrowser(url) {
  const browser = await playwright.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
  return {
    browser,
    /** A page of a person's own, with what went wrong in it: { page, complaints }. `options`: of Playwright's context. */
    async signedIn(email, path = '/', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(LONGEST_MS);
      const complaints = [];
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (line) => {
        if (line.type() === 'error') complaints.push(line.text());
      });
      await page.goto(url + path);
      await page.getByRole('button', { name: new RegExp(`^${email}`) }).click();
      await page.getByRole('navigation', { name: 'Views' }).waitFor();
      return { page, complaints, context };
    },
    close: () => browser.close(),
  };
}
