// The sign-in of Google Cloud, once for the page.

import type { FirebaseApp } from 'firebase/app';
import type { Auth } from 'firebase/auth';
import { keptUser, openAuth, sessionOf } from './cloud-session.js';
import type { CloudConfig } from './config.js';
import { openApp } from './database.js';
import type { Session } from './session.js';

let opened: { app: FirebaseApp; auth: Auth } | undefined;

function open(config: CloudConfig) {
  if (!opened) {
    const app = openApp(config);
    opened = { app, auth: openAuth(app) };
  }
  return opened;
}

export const app = (config: CloudConfig): FirebaseApp => open(config).app;
export const auth = (config: CloudConfig): Auth => open(config).auth;

export async function kept(config: CloudConfig): Promise<Session | undefined> {
  const user = await keptUser(auth(config));
  return user ? await sessionOf(auth(config), user).catch(() => undefined) : undefined;
}
