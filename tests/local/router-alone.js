// A router in a process of its own with real emulators around it, put together by hand: a stack would end when a part of it
// is killed, and has no place for a wire that can be cut.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEmulators, startFirestore, startPubsub } from '../../local/emulators.js';
import { startNode } from '../../local/processes.js';

const program = (name) => fileURLToPath(new URL(`../../local/${name}`, import.meta.url));

/** Parts that are started one by one and stopped together, the last first. */
export function startedByHand({ project, dist, stateDir }) {
  const handles = [];
  const onSpawn = (handle) => handles.push(handle);
  const log = (name) => join(stateDir, `${name}.log`);
  mkdirSync(stateDir, { recursive: true });

  return {
    pubsub: async () => (await startPubsub({ jar: findEmulators().pubsubJar, logFile: log('pubsub'), onSpawn })).host,
    firestore: async () => (await startFirestore({ jar: findEmulators().firestoreJar, logFile: log('firestore'), onSpawn })).host,
    /** Resolves with { name: url }. */
    async functions(names, { pubsub, firestore }) {
      const env = { FIRESTORE_EMULATOR_HOST: firestore, PUBSUB_EMULATOR_HOST: pubsub, GOOGLE_CLOUD_PROJECT: project };
      return (await startNode('functions', program('functions-host.js'), { dist, names }, { logFile: log('functions'), env, onSpawn })).urls;
    },
    /** Resolves with { host, kill }. */
    async router(settings) {
      const { host } = await startNode('router', program('router/main.js'), { project, ...settings }, { logFile: log('router'), onSpawn });
      const handle = handles.at(-1);
      return { host, kill: () => handle.stop('SIGKILL') };
    },
    async stop() {
      for (const handle of handles.toReversed()) await handle.stop();
    },
  };
}
