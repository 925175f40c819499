// The real functions between both emulators and the router, and what a test asks of them: publish bytes, wait until each
// message was acknowledged by each of its consumers, read the documents.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { firestoreDocuments } from '../../local/firestore.js';
import { pubsubClients } from '../../local/pubsub.js';
import { listen } from '../../local/router/client.js';
import { documentLine } from '../../local/run/export-format.js';
import { startStack } from '../../local/stack.js';
import { topicName } from '../../manifest/names.js';
import { stateFolder } from './state-folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const DIST = join(ROOT, 'dist');

/**
 * `isWatched`: with the functions that are for the operators' page alone. `withConsole`: with that page itself, which must have been built;
 * `url` of the answer is its address.
 */
export async function startRealStack({ project = 'demo-test', withConsole = false, isWatched = withConsole } = {}) {
  const stateDir = stateFolder();
  const own = await startStack({ project, dist: DIST, stateDir, isWatched, withConsole });
  const { stack, functions } = own;
  const client = await clientOf({ project, ...stack, functions });
  return {
    ...client,
    urls: stack.functions,
    project,
    url: stack.console,
    firestore: stack.firestore,
    stateDir,
    logs: ['functions', 'router'].map((name) => join(stateDir, 'logs', `${name}.log`)),
    async stop() {
      await client.close();
      await own.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
}

/** `functions`: the functions' settings; the rest are the hosts of the parts. */
export async function clientOf({ project, pubsub, firestore, router, functions }) {
  const { publisher, subscriber } = pubsubClients({ project, host: pubsub });
  const documents = firestoreDocuments({ project, host: firestore });
  const notices = [];
  const listener = listen(router, (notice) => notices.push(notice));
  await listener.opened;
  const consumersOf = (topic) => functions.filter(({ topics = {} }) => topics[topic]).map(({ name }) => name);
  const acked = ({ consumer, messageId }) =>
    notices.find((notice) => notice.acked && notice.consumer === consumer && notice.messageId === messageId);

  return {
    notices,
    consumersOf,

    /** `messages`: [{ data, orderingKey, attributes }], in order. Resolves with their pairs: [{ messageId, consumer }]. */
    async publish(topic, messages) {
      const [{ messageIds }] = await publisher.publish({ topic: topicName(project, topic), messages });
      return messageIds.flatMap((messageId) => consumersOf(topic).map((consumer) => ({ messageId, consumer })));
    },

    /** The acknowledged delivery of a pair, once there is one. */
    acked,

    /** Waits until every pair is acknowledged; resolves with those that are not by then. */
    async unacknowledged(pairs, withinMs) {
      const giveUpAtMs = Date.now() + withinMs;
      let left = pairs;
      for (;;) {
        left = left.filter((pair) => !acked(pair));
        if (left.length === 0 || Date.now() >= giveUpAtMs) return left;
        await wait(50);
      }
    },

    /** Every document as the export writes it: a Map from path to its fields. */
    async documents() {
      const found = new Map();
      for await (const { path, fields } of documents.all()) found.set(path, JSON.parse(documentLine(path, fields)));
      return found;
    },

    async close() {
      listener.close();
      await Promise.all([publisher.close(), subscriber.close(), documents.close()]);
    },
  };
}

/** An event as a source would publish it. */
export function message(event, { orderingKey = event.subject } = {}) {
  const attributes = { type: event.type, 'content-type': 'application/cloudevents+json' };
  return { data: Buffer.from(JSON.stringify(event)), orderingKey, attributes };
}
