// The two official emulators, run as plain Java processes. The gcloud wrapper scripts would leave an orphan behind, so
// we start the same jars ourselves. Both keep everything in memory: a new stack is always a clean one.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archiveOf, keptClasses } from './class-archive.js';
import { startGuarded } from './processes.js';

const READY_WITHIN_MS = 60_000;
const MOST_TRIES = 5;
const JVM_FLAGS = ['-Duser.language=en', '-XX:TieredStopAtLevel=1'];
// The Firestore emulator goes through the keys of all documents for each query. This collector leaves what belongs to one document
// side by side, which halves the time of that; its sizes are fixed, else it takes three times the memory (docs/decisions/emulators.md).
const KEEPS_DOCUMENTS_TOGETHER = ['-XX:+UseParallelGC', '-XX:-UseAdaptiveSizePolicy'];

/** The jars of the installed Google Cloud SDK, or the names of the components that are missing. */
export function findEmulators(sdkRoot = gcloudRoot()) {
  const firestoreJar = join(sdkRoot, 'platform', 'cloud-firestore-emulator', 'cloud-firestore-emulator.jar');
  const pubsubLib = join(sdkRoot, 'platform', 'pubsub-emulator', 'lib');
  const pubsubJar = existsSync(pubsubLib)
    ? readdirSync(pubsubLib).find((name) => /^cloud-pubsub-emulator-.*-all\.jar$/.test(name))
    : undefined;
  return {
    firestoreJar: existsSync(firestoreJar) ? firestoreJar : undefined,
    pubsubJar: pubsubJar && join(pubsubLib, pubsubJar),
  };
}

// Asking gcloud itself takes a second, most of a warm start's time, so the way from its link is tried first.
function gcloudRoot() {
  if (process.env.CLOUDSDK_ROOT_DIR) return process.env.CLOUDSDK_ROOT_DIR;
  const gcloud = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'gcloud')).find(existsSync);
  const root = gcloud && dirname(dirname(realpathSync(gcloud)));
  if (root && existsSync(join(root, 'platform'))) return root;
  return execFileSync('gcloud', ['info', '--format=value(installation.sdk_root)'], { encoding: 'utf8' }).trim();
}

// As production's database has it: closed to browsers and phones.
const RULES = fileURLToPath(new URL('../firestore.rules', import.meta.url));

/** `triggersTo`: the local port to which it sends the events of its triggers, where there are any (see eventarc/). */
export const startFirestore = (options) => startOnFreePorts(options, {
  name: 'firestore', title: 'the Firestore emulator', ports: 2, started: /Dev App Server is now running/,
  flags: ({ jar, triggersTo }, [port, websocketPort]) => [
    ...KEEPS_DOCUMENTS_TOGETHER, '-cp', jar, 'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
    '--host=127.0.0.1', `--port=${port}`, `--websocket_port=${websocketPort}`, `--rules=${RULES}`,
    ...(triggersTo ? [`--functions_emulator=127.0.0.1:${triggersTo}`] : []),
  ],
});

export const startPubsub = (options) => startOnFreePorts(options, {
  name: 'pubsub', title: 'the Pub/Sub emulator', ports: 1, started: /Server started, listening on/,
  flags: ({ jar }, [port]) => ['-XX:+UseSerialGC', '-jar', jar, '--host=127.0.0.1', `--port=${port}`],
});

/**
 * Resolves with { host } when the emulator answers. `onSpawn(child)` is called then, once, with the process that stays.
 * Another process may take a port between the look for a free one and the emulator's start. Then another port is tried.
 * `classes`: where the JVM's classes come from (see class-archive.js), or go to.
 */
async function startOnFreePorts({ logFile, onSpawn, ports = freePorts, classes, ...options }, emulator) {
  const { name, title, flags } = emulator;
  let from = classes ?? keptClasses(archiveOf(options.jar));
  for (let triesLeft = MOST_TRIES; ; triesLeft -= 1) {
    const taken = await ports(emulator.ports);
    const jvm = [...JVM_FLAGS, `-XX:ErrorFile=${logFile}.crash`, ...from.flags];
    const child = startGuarded(name, 'java', [...jvm, ...flags(options, taken)], { title, logFile });
    try {
      await ready(child, taken[0], emulator.started);
      onSpawn(child);
      return { host: `127.0.0.1:${taken[0]}` };
    } catch (error) {
      await child.stop('SIGKILL');
      const isPort = error instanceof PortTaken;
      if (triesLeft <= 1 || (!isPort && from.forget === undefined)) throw error;
      if (isPort) continue;
      // A file that was cut off ends the JVM that reads it.
      from.forget();
      from = { flags: [] };
    }
  }
}

/** Ports that were free a moment ago. All are held at once, so that no two are the same. */
export async function freePorts(count) {
  const held = await Promise.all(Array.from({ length: count }, heldPort));
  await Promise.all(held.map(({ release }) => release()));
  return held.map(({ port }) => port);
}

/** A port that nobody else gets until `release()`: for a process that is started later than it must be known. */
export async function heldPort() {
  const server = net.createServer().listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return { port: server.address().port, release: () => new Promise((resolve) => server.close(resolve)) };
}

class PortTaken extends Error {}

// An answer alone proves nothing: on a port that was lost it comes from another process, perhaps from an emulator of another
// stack. And a Pub/Sub emulator that found its port taken logs that and goes on running. So its log is read as well.
async function ready(child, port, started) {
  const giveUpAtMs = Date.now() + READY_WITHIN_MS;
  while (Date.now() < giveUpAtMs) {
    const { ended } = child; // Asked before the log is read: what ended has written all that it will.
    const log = readFileSync(child.logFile, 'utf8');
    if (log.includes('java.net.BindException')) throw new PortTaken(`${child.title} found its port taken, ${MOST_TRIES} times; its log is ${child.logFile}`);
    if (ended) throw new Error(`${child.title} ended while it was starting; its log is ${child.logFile}${endOf(log)}`);
    if (started.test(log) && await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.title} did not answer within ${READY_WITHIN_MS / 1000} s; its log is ${child.logFile}${endOf(readFileSync(child.logFile, 'utf8'))}`);
}

// A test removes its folder, logs and all, before anybody could read them.
export const endOf = (log) => (log === '' ? ', and empty' : `, and ends: ${log.trimEnd().split('\n').slice(-10).join('\n')}`);

// Node's shared agent may take a proxy from the environment (NODE_USE_ENV_PROXY) before any code runs: so none is asked for.
function answers(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/', timeout: 1000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
