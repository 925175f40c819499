// The functions `fragile` and `profile` in one process, between both emulators and a router that delivers 50 at once.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNode } from '../../../local/processes.js';
import { createTopicsAndSubscriptions, pubsubClients } from '../../../local/pubsub.js';
import { routerConsumers } from '../../../manifest/consumers.js';
import { readFunctions } from '../../../manifest/functions.js';
import { subscriptionName } from '../../../manifest/names.js';
import { stackParts } from '../../stack/parts.js';
import { pulled } from '../../stack/pulled.js';
import { clientOf } from '../../stack/real-stack.js';
import { standInFunctions } from '../../stack/stand-ins.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CONCURRENCY = 50;
const FOLLOW_UPS_WITHIN_MS = 30_000;

// Whoever was in flight with a poison shall be done before it comes again: otherwise it is broken off too often.
const RETRY = { maxAttempts: 100, firstMs: 2_000, longestMs: 2_000 };

export async function startFragileStack() {
  const files = standInFunctions({}, { UserInteracted: 'interactions', UserRegistered: 'user-onboarding', NotificationRequested: 'notifications' });
  const { project, dist, stateDir } = files;
  cpSync(join(ROOT, 'dist-test', 'fragile'), join(dist, 'fragile'), { recursive: true });
  cpSync(join(ROOT, 'dist', 'profile'), join(dist, 'profile'), { recursive: true });
  const { functions, topics } = readFunctions(dist);
  const parts = stackParts(files);
  const functionsLog = join(stateDir, 'functions.log');
  const closing = [() => files.remove(), () => parts.stop()];
  const stop = async () => { for (const close of closing.toReversed()) await close(); };

  try {
    const [pubsub, firestore] = await Promise.all([parts.pubsub(), parts.firestore()]);
    const { publisher, subscriber } = pubsubClients({ project, host: pubsub });
    closing.push(() => Promise.all([publisher.close(), subscriber.close()]));
    const consumers = routerConsumers(functions, project);
    const heard = subscriptionName(project, 'listener', 'notifications');
    await createTopicsAndSubscriptions({ publisher, subscriber }, { project, topics, consumers: [...consumers, { subscriptions: [heard] }] });

    let host;
    const { urls } = await startNode('functions', join(ROOT, 'local', 'functions-host.js'), { dist, names: functions.map(({ name }) => name) }, {
      logFile: functionsLog,
      env: { FIRESTORE_EMULATOR_HOST: firestore, PUBSUB_EMULATOR_HOST: pubsub, GOOGLE_CLOUD_PROJECT: project },
      onSpawn(handle) {
        host = handle;
        closing.push(() => handle.stop());
      },
    });
    const router = await parts.router({
      pubsub, retry: RETRY, consumers: consumers.map((each) => ({ ...each, concurrency: CONCURRENCY, url: urls[each.name] })),
    });
    const client = await clientOf({ project, pubsub, firestore, router: router.host, functions });
    closing.push(() => client.close());

    return {
      ...client,
      stop,
      urls,
      logs: [functionsLog, join(stateDir, 'router.log')],

      /** Every line that the functions have logged so far. */
      lines: () => readFileSync(functionsLog, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line)),

      /** The ids of what `fragile` has published since the last time, once `count` different ones have come. */
      async followUps(count) {
        const ids = new Set();
        const giveUpAtMs = Date.now() + FOLLOW_UPS_WITHIN_MS;
        while (ids.size < count && Date.now() < giveUpAtMs) {
          for (const { data } of await pulled(subscriber, heard)) ids.add(JSON.parse(data).id);
        }
        return ids;
      },

      /** What the process of the functions holds at this moment. */
      residentMb: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(host.pid)], { encoding: 'utf8' })) / 1024,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
