// What the page is told by the server that it came from: /config.json.

export type Role = 'viewer' | 'auditor' | 'operator' | 'supervisor';

export interface LocalUser {
  email: string;
  role: Role;
}

/** On one machine: the emulators' database, and users who are ready. */
export interface LocalConfig {
  mode: 'local';
  project: string;
  /** host:port of the Firestore emulator. */
  firestore: string;
  users: LocalUser[];
}

/** On Google Cloud: the web app of the project, as Firebase gives it. */
export interface CloudConfig {
  mode: 'cloud';
  project: string;
  apiKey: string;
  /** Where it isn't the default one. */
  database?: string;
  authDomain?: string;
  appId?: string;
}

export type Config = LocalConfig | CloudConfig;

export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/config.json answers ${response.status}`);
  return await response.json() as Config;
}
