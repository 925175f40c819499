// What all views share once somebody has signed in.

import type { Config } from './config.js';
import type { Database } from './database.js';
import { Listeners } from './listeners.js';
import type { Session } from './session.js';

export interface Page {
  config: Config;
  session: Session;
  database: Database;
  listeners: Listeners;
}

let opened: Page | undefined;

export function openPage(page: Page): void {
  opened = page;
}

export function page(): Page {
  if (!opened) throw new Error('Nobody is signed in yet');
  return opened;
}
