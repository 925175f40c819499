// The browser of the tests and of the screenshots: Debian's Chromium, installed where it is missing and we may, else asked for.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const HOW_TO = 'Chromium is missing, which the console\'s tests look through: install it (Debian: apt install chromium).';

/** Its path. */
export function chromium() {
  return found() ?? installed();
}

function found() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

function installed() {
  const isAllowed = process.getuid?.() === 0;
  if (!isAllowed) throw new Error(HOW_TO);
  try {
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], options);
  } catch {
    throw new Error(HOW_TO);
  }
  const path = found();
  if (!path) throw new Error(HOW_TO);
  return path;
}
