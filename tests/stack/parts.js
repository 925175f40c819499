// Emulators, functions and router, started one by one: in a stack all end when one is killed, and there is no place for a
// proxy between them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEmulators, startFirestore, startPubsub } from '../../local/emulators.js';
import { startNode } from '../../local/processes.js';

const program = (name) => fileURLToPath(new URL(`../../local/${name}`, import.meta.url));

/** Parts that are started one by one and stopped together, the last first. */
export function stackParts({ project, dist, stateDir }) {
  const handles = [];
  const onSpawn = (handle) => handles.push(handle);
  // A restarted process writes into a log of its own.
  const times = new Map();
  const log = (name) => {
    times.set(name, (times.get(name) ?? 0) + 1);
    return join(stateDir, times.get(name) === 1 ? `${name}.log` : `${name}-${times.get(name)}.log`);
  };
  mkdirSync(stateDir, { recursive: true });

  /** Resolves with { urls, end(signal) }; with `ports`, each function is where it was before. */
  async function functionsProcess(names, { pubsub, firestore, ports }) {
    const env = { FIRESTORE_EMULATOR_HOST: firestore, PUBSUB_EMULATOR_HOST: pubsub, GOOGLE_CLOUD_PROJECT: project };
    const { urls } = await startNode('functions', program('functions-host.js'), { dist, names, ports }, { logFile: log('functions'), env, onSpawn });
    const handle = handles.at(-1);
    return { urls, end: (signal) => handle.stop(signal) };
  }

  return {
    pubsub: async () => (await startPubsub({ jar: findEmulators().pubsubJar, logFile: log('pubsub'), onSpawn })).host,
    firestore: async () => (await startFirestore({ jar: findEmulators().firestoreJar, logFile: log('firestore'), onSpawn })).host,
    /** Resolves with { name: url }. */
    functions: async (names, emulators) => (await functionsProcess(names, emulators)).urls,
    functionsProcess,
    /** Resolves with { host, kill }. */
    async router(settings) {
      const { host } = await startNode('router', program('router/main.js'), { project, ...settings }, { logFile: log('router'), onSpawn });
      const handle = handles.at(-1);
      return { host, kill: () => handle.stop('SIGKILL') };
    },
    /** The logs of everything that was started under one of these names. */
    logsOf: (...names) => handles.filter(({ name }) => names.includes(name)).map(({ logFile }) => logFile),
    async stop() {
      for (const handle of handles.toReversed()) await handle.stop();
    },
  };
}
