// The two official emulators, run as plain Java processes. The gcloud wrapper scripts would leave an orphan behind, so
// we start the same jars ourselves. Both keep everything in memory: a new stack is always a clean one.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { startGuarded } from './processes.js';

const READY_WITHIN_MS = 60_000;
const JVM_FLAGS = ['-Duser.language=en', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

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

export async function startFirestore({ jar, logFile, onSpawn }) {
  const [port, websocketPort] = await freePorts(2);
  const child = startGuarded('firestore', 'java', [
    ...JVM_FLAGS, '-cp', jar, 'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
    '--host=127.0.0.1', `--port=${port}`, `--websocket_port=${websocketPort}`,
  ], { title: 'the Firestore emulator', logFile, onSpawn });
  await ready(child, port, '/');
  return { host: `127.0.0.1:${port}` };
}

export async function startPubsub({ jar, logFile, onSpawn }) {
  const [port] = await freePorts(1);
  const child = startGuarded('pubsub', 'java', [
    ...JVM_FLAGS, '-jar', jar, '--host=127.0.0.1', `--port=${port}`,
  ], { title: 'the Pub/Sub emulator', logFile, onSpawn });
  await ready(child, port, '/');
  return { host: `127.0.0.1:${port}` };
}

/** Ports that were free a moment ago. All are held at once, so that no two are the same. */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function ready(child, port, path) {
  const giveUpAtMs = Date.now() + READY_WITHIN_MS;
  while (Date.now() < giveUpAtMs) {
    if (child.ended) throw new Error(`${child.title} ended while it was starting; its log is ${child.logFile}`);
    if (await answers(port, path)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.title} did not answer within ${READY_WITHIN_MS / 1000} s; its log is ${child.logFile}`);
}

function answers(port, path) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
