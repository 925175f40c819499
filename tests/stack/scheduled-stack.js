// The real functions between both emulators, documents put there by hand, and the clock called over HTTP as the scheduler does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firestoreDocuments } from '../../local/firestore.js';
import { pubsubClients } from '../../local/pubsub.js';
import { messagesHeld, routerState } from '../../local/router/client.js';
import { documentLine } from '../../local/run/export-format.js';
import { startStack } from '../../local/stack.js';
import { subscriptionName, topicName } from '../../manifest/names.js';
import { openTarget } from '../../ops/target.js';
import { pulled } from './pulled.js';
import { message } from './real-stack.js';
import { until } from './until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export async function scheduledStack({ project = 'demo-clock', watched = ['deadlines', 'replays'] } = {}) {
  const stateDir = mkdtempSync(join(tmpdir(), 'boma-clock-'));
  const own = await startStack({ project, dist: join(ROOT, 'dist'), stateDir, isWatched: false });
  const { database, options, firestore, publisher, close } = await openTarget({ stateDir });
  const all = firestoreDocuments({ project, host: own.stack.firestore });
  const { subscriber, publisher: unused } = pubsubClients({ project, host: own.stack.pubsub });
  const watches = watched.map((topic) => ({ topic, name: subscriptionName(project, 'watch', topic) }));
  for (const { topic, name } of watches) await subscriber.createSubscription({ name, topic: topicName(project, topic), ackDeadlineSeconds: 60 });
  const root = `${database}/documents`;

  return {
    stateDir,
    urls: own.stack.functions,
    /** `{path: fields}` of the protocol's own values, without preconditions; null takes a document away. */
    async put(documents) {
      const writes = Object.entries(documents).map(([path, fields]) => (
        fields === null ? { delete: `${root}/${path}` } : { update: { name: `${root}/${path}`, fields } }
      ));
      await firestore.commit({ database, writes }, options);
    },
    publish: (topic, events) => publisher.publish({
      topic: topicName(project, topic),
      messages: events.map((event) => message(event)),
    }),
    /** Every document as the export writes it: { path: fields }. */
    async documents() {
      const found = {};
      for await (const { path, fields } of all.all()) found[path] = JSON.parse(documentLine(path, fields));
      return found;
    },
    /** The messages that were published to the watched topics since the last call: [{ topic, key, attributes, data }]. */
    async heard() {
      const messages = [];
      for (const { topic, name: subscription } of watches) {
        const received = await pulled(subscriber, subscription);
        messages.push(...received.map(({ orderingKey, attributes, data }) => ({ topic, key: orderingKey, attributes, data: data.toString() })));
      }
      return messages;
    },
    /** Calls a function on its schedule: { status, outcome, answer }. */
    async call(name, body) {
      const response = await fetch(own.stack.functions[name], { method: 'POST', body });
      return { status: response.status, outcome: response.headers.get('boma-outcome'), answer: JSON.parse(await response.text()) };
    },
    idle: () => until('the router is idle', async () => messagesHeld(await routerState(own.stack.router)) === 0),
    async stop() {
      await Promise.all([close(), all.close(), subscriber.close(), unused.close()]);
      await own.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
}
