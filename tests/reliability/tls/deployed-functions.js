// The built functions with the settings that they have in production: deployed, no project named, no emulator, one
// caller, a metadata server to ask, and endpoints that speak TLS and want a token. Behind those are both emulators.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { firestoreDocuments } from '../../../local/firestore.js';
import { startNode } from '../../../local/processes.js';
import { createTopicsAndSubscriptions, pubsubClients } from '../../../local/pubsub.js';
import { subscriptionName } from '../../../manifest/names.js';
import { CALLER, bearer } from '../../shim/caller-token.js';
import { stackParts } from '../../stack/parts.js';
import { DIST, message } from '../../stack/real-stack.js';
import { stateFolder } from '../../stack/state-folder.js';
import { startFrontEnd } from './front-end.js';
import { trustIn } from './wire-in-process.js';

const program = fileURLToPath(new URL('../../../local/functions-host.js', import.meta.url));

// What the shell of a developer may have set, and a function in production has not.
const OF_A_SHELL = [
  'FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST', 'GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT', 'NODE_EXTRA_CA_CERTS',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'grpc_proxy', 'https_proxy', 'http_proxy',
];
const NOTHING_OF_A_SHELL = Object.fromEntries(OF_A_SHELL.map((name) => [name, '']));

/**
 * Answers `{firestore, pubsub, logs, functions(names, settings), statuses(ids), published(count), stop()}`; the first two are the
 * front ends.
 */
export async function startWorld({ project, identity, judge }) {
  const stateDir = stateFolder();
  const parts = stackParts({ project, dist: DIST, stateDir });
  const handles = [];
  const logs = [];
  const hosts = await Promise.all([parts.firestore(), parts.pubsub()]);
  const [firestore, pubsub] = await Promise.all(hosts.map((behind) => startFrontEnd({ identity, behind, judge })));
  const clients = pubsubClients({ project, host: hosts[1] });
  const documents = firestoreDocuments({ project, host: hosts[0] });
  const subscription = subscriptionName(project, 'test', 'user-lifecycle');
  await createTopicsAndSubscriptions(clients, { project, topics: ['user-lifecycle', 'notifications'], consumers: [{ subscriptions: [subscription] }] });

  return {
    firestore,
    pubsub,
    logs,

    /** A process with these functions, that trusts this authority: `{deliver(name, event)}`. */
    async functions(names, { trusts, env }) {
      const folder = join(stateDir, `process-${logs.length}`);
      mkdirSync(folder);
      const logFile = join(folder, 'functions.log');
      logs.push(logFile);
      const endpoints = { FIRESTORE_ENDPOINT: firestore.host, PUBSUB_ENDPOINT: pubsub.host };
      const settings = { ...NOTHING_OF_A_SHELL, K_SERVICE: names[0], ...CALLER, ...endpoints, ...env, ...trustIn(trusts, folder) };
      const onSpawn = (handle) => handles.push(handle);
      const { urls } = await startNode('functions', program, { dist: DIST, names }, { logFile, env: settings, onSpawn });
      const lines = () => readFileSync(logFile, 'utf8').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
      return {
        /** Posts the event as Pub/Sub would: `{status, outcome, line}`, the last being that of the log. */
        async deliver(name, event) {
          const headers = { 'content-type': 'application/json', 'authorization': bearer() };
          const response = await fetch(urls[name], { method: 'POST', headers, body: pushBody(event) });
          await response.arrayBuffer();
          return { status: response.status, outcome: response.headers.get('boma-outcome'), line: lines().at(-1) };
        },
      };
    },

    /** The kycStatus of each. */
    async statuses(ids) {
      const found = await documents.read(ids.map((id) => `users/${id}`), ['kycStatus']);
      return ids.map((id) => found.get(`users/${id}`)?.kycStatus?.stringValue);
    },

    /** The next events that came to user-lifecycle, as many as are waited for. */
    async published(count) {
      const events = [];
      while (events.length < count) {
        const [{ receivedMessages }] = await clients.subscriber.pull({ subscription, maxMessages: count });
        await clients.subscriber.acknowledge({ subscription, ackIds: receivedMessages.map(({ ackId }) => ackId) });
        events.push(...receivedMessages.map(({ message: { data } }) => JSON.parse(data)));
      }
      return events;
    },

    async stop() {
      for (const handle of handles) await handle.stop();
      await Promise.all([clients.publisher.close(), clients.subscriber.close(), documents.close()]);
      await Promise.all([firestore.stop(), pubsub.stop()]);
      await parts.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
}

function pushBody(event) {
  const { data, orderingKey, attributes } = message(event);
  const pushed = { data: data.toString('base64'), attributes, messageId: '1', publishTime: new Date().toISOString(), orderingKey };
  return JSON.stringify({ message: pushed, subscription: 'projects/p/subscriptions/any', deliveryAttempt: 1 });
}
