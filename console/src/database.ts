// The database as this page has it: in memory alone, so that nothing of a customer stays on the disk.

import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectFirestoreEmulator, initializeFirestore, memoryLocalCache, type Firestore } from 'firebase/firestore';
import type { CloudConfig, Config } from './config.js';

export interface Database {
  firestore: Firestore;
  /** Where its REST interface has the documents. */
  documentsUrl: string;
  close(): Promise<void>;
}

const DEFAULT = '(default)';
const documentsOf = (origin: string, project: string, database: string) => `${origin}/v1/projects/${project}/databases/${database}/documents`;

export function openApp(config: Config): FirebaseApp {
  return initializeApp(config.mode === 'local' ? { projectId: config.project, apiKey: 'local' } : webAppOf(config));
}

const webAppOf = ({ project, apiKey, authDomain, appId }: CloudConfig) => ({
  projectId: project, apiKey, ...(authDomain && { authDomain }), ...(appId && { appId }),
});

/** `localToken`: what the emulator is told of who reads; on the cloud it is the app's own sign-in. */
export function openDatabase(config: Config, app: FirebaseApp, localToken?: string): Database {
  const database = (config.mode === 'cloud' && config.database) || DEFAULT;
  const firestore = initializeFirestore(app, { localCache: memoryLocalCache() }, database);
  if (config.mode === 'local') {
    const { hostname, port } = new URL(`http://${config.firestore}`);
    connectFirestoreEmulator(firestore, hostname, Number(port), localToken ? { mockUserToken: localToken } : {});
  }
  const origin = config.mode === 'local' ? `http://${config.firestore}` : 'https://firestore.googleapis.com';
  return { firestore, documentsUrl: documentsOf(origin, config.project, database), close: () => deleteApp(app) };
}
