// The real functions of dist/ with a proxy in front of each emulator. It is put together from parts, because in a stack the
// rest ends when one part does: here the functions' process and the router can be killed and restarted. A subscription of the
// tests to every topic receives what is published.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGrpcProxy } from '../../local/faults/grpc-proxy.js';
import { firestoreDocuments } from '../../local/firestore.js';
import { createTopicsAndSubscriptions, pubsubClients } from '../../local/pubsub.js';
import { replay } from '../../local/replay/replay.js';
import { listen, messagesHeld, routerState } from '../../local/router/client.js';
import { routerConsumers } from '../../manifest/consumers.js';
import { readFunctions } from '../../manifest/functions.js';
import { subscriptionName } from '../../manifest/names.js';
import { stackParts } from '../stack/parts.js';
import { pulled } from '../stack/pulled.js';
import { stateFolder } from '../stack/state-folder.js';
import { startTcpProxy } from '../stack/tcp-proxy.js';
import { assertNoSecrets } from './no-secrets.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROJECT = 'demo-proxied';
const HEARING = 'hearing';
// Every failure costs a redelivery, and none of these tests is about waiting for it.
const RETRY = { maxAttempts: 1000, firstMs: 50, longestMs: 500 };
// A router that takes over waits until the streams of the killed one are over.
const STREAM_LASTS_MS = 2000;

export async function startProxiedStack({ plan, retry = RETRY } = {}) {
  const dir = stateFolder('proxied-');
  const dist = join(ROOT, 'dist');
  const parts = stackParts({ project: PROJECT, dist, stateDir: dir });
  const { functions, topicOf, topics } = readFunctions(dist);
  const names = functions.map(({ name }) => name);
  const consumers = routerConsumers(functions, PROJECT);

  const [pubsub, firestore] = await Promise.all([parts.pubsub(), parts.firestore()]);
  const clients = pubsubClients({ project: PROJECT, host: pubsub });
  const heardOn = topics.map((topic) => subscriptionName(PROJECT, HEARING, topic));
  await createTopicsAndSubscriptions(clients, { project: PROJECT, topics, consumers: [...consumers, { subscriptions: heardOn }] });
  const proxies = {
    firestore: await startGrpcProxy({ target: firestore, plan }),
    pubsub: await startGrpcProxy({ target: pubsub, plan }),
  };
  const proxied = { firestore: proxies.firestore.host, pubsub: proxies.pubsub.host };

  const running = new Map([['functions', await parts.functionsProcess(names, proxied)]]);
  const { urls } = running.get('functions');
  const ports = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, Number(new URL(url).port)]));
  const routing = { pubsub, retry, streamLastsMs: STREAM_LASTS_MS, consumers: consumers.map((each) => ({ ...each, url: urls[each.name] })) };
  running.set('router', await parts.router(routing));
  const routerWire = await startTcpProxy(running.get('router').host); // Keeps the router's address when another one takes its place.
  const stack = { project: PROJECT, firestore, pubsub, router: routerWire.host };
  const notices = [];
  const listener = listen(stack.router, (notice) => notices.push(notice));
  await listener.opened;

  return {
    functions, proxies, notices, stack,
    /** { inFlight, held }: how many deliveries are under way at this moment, and how many messages the router has in all. */
    async underWay() {
      const state = await routerState(stack.router);
      return { inFlight: state.inFlight, held: messagesHeld(state) };
    },
    async restartFunctions(signal, { downForMs = 0 } = {}) {
      await running.get('functions').end(signal);
      await new Promise((resolve) => setTimeout(resolve, downForMs));
      running.set('functions', await parts.functionsProcess(names, { ...proxied, ports }));
    },
    async restartRouter() {
      await running.get('router').kill();
      running.set('router', await parts.router({ ...routing, takesOver: true }));
      routerWire.target = running.get('router').host;
    },
    /** Publishes lists of events, each when the one before is settled, and resolves when everything is. */
    async replayed(lists, { barrier = false, withinMs }) {
      const files = lists.map((events, index) => {
        const file = join(dir, `events-${index}.ndjson`);
        writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
        return file;
      });
      let open = () => [];
      try {
        await replay({
          files, stack, functions, topicOf, barrier, signal: AbortSignal.timeout(withinMs),
          deliveries: { count() {} }, progress: { settled() {}, waitsFor(ask) { open = ask; } },
        });
      } catch (error) {
        const pairs = open().slice(0, 10).map(({ consumer, id }) => `${consumer}.${id}`);
        const router = JSON.stringify(await routerState(stack.router));
        assert.fail(`not settled: ${error.message}; open are ${open().length}: ${pairs.join(', ')}; the router has ${router}`);
      }
    },
    /** Every document, by its path: { path: fields in the protocol's own form }. */
    async documents() {
      const reader = firestoreDocuments({ project: PROJECT, host: firestore });
      const all = new Map();
      for await (const { path, fields } of reader.all()) all.set(path, fields);
      await reader.close();
      return all;
    },
    /** What has been published since the last time: [{ topic, id, data: text }], as often as it was. */
    async heard() {
      const lists = await Promise.all(heardOn.map((subscription, index) => drained(clients.subscriber, subscription, topics[index])));
      return lists.flat();
    },
    functionsLogs: () => parts.logsOf('functions'),
    assertNoSecrets: (secrets) => assertNoSecrets({ logs: parts.logsOf('functions', 'router'), secrets }),
    async stop() {
      listener.close();
      for (const proxy of Object.values(proxies)) proxy.close();
      await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
      await parts.stop();
      routerWire.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function drained(subscriber, subscription, topic) {
  const all = [];
  for (;;) {
    const messages = await pulled(subscriber, subscription);
    if (messages.length === 0) return all;
    for (const message of messages) {
      const data = message.data.toString('utf8');
      all.push({ topic, id: JSON.parse(data).id, data });
    }
  }
}
