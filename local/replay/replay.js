// Replays event files through the running stack, as real sources would publish them. Resolves once everything that the
// files set going is settled and the router is idle.
import { setTimeout as wait } from 'node:timers/promises';
import { routingOf } from '../../manifest/consumers.js';
import { firestoreDocuments } from '../firestore.js';
import { pubsubClients } from '../pubsub.js';
import { listen, messagesHeld, routerState } from '../router/client.js';
import { Barrier } from './barrier.js';
import { readLines, parseEvent } from './events-file.js';
import { eventPublisher } from './publisher.js';
import { Settlement } from './settlement.js';

const MOST_OUTSTANDING = 500;
const LOOK_AHEAD = 5000;
const QUIET_MS = 300;

/**
 * `deliveries` counts the router's notices (see deliveries.js); `progress` is told of each settled event. Resolves with
 * { events, published, unreadable: [{ file, number, why }], seconds }.
 */
export async function replay({ files, stack, functions, topicOf, barrier: enabled, deliveries, progress, signal, onFirstEvent = () => {} }) {
  const { publisher, subscriber } = pubsubClients({ project: stack.project, host: stack.pubsub });
  const documents = firestoreDocuments({ project: stack.project, host: stack.firestore });
  const routing = routingOf(functions);
  const barrier = new Barrier({ enabled });
  const counts = { events: 0, published: 0, unreadable: [] };
  let outstanding = 0;
  let changed = () => {};
  let failure;

  const fail = (error) => { failure ??= error; changed(); };
  const aborted = () => fail(signal.reason);
  signal?.addEventListener('abort', aborted, { once: true });
  if (signal?.aborted) aborted();

  const settlement = new Settlement({
    documents, onError: fail, ...routing,
    onSettled(event) {
      outstanding -= 1;
      barrier.settled(event);
      progress.settled();
      publishMore();
      changed();
    },
  });
  const publish = eventPublisher({
    client: publisher, project: stack.project, onError: fail,
    onPublished: (event, messageId) => settlement.published(event, messageId),
  });
  const notices = listen(stack.router, (notice) => {
    deliveries.count(notice);
    if (notice.acked || notice.exhausted) settlement.heard(notice);
  });

  function publishMore() {
    while (outstanding < MOST_OUTSTANDING && !failure) {
      const event = barrier.take();
      if (!event) return;
      outstanding += 1;
      counts.published += 1;
      if (counts.published === 1) onFirstEvent();
      publish(event);
    }
  }

  /** What waited for a document that is there has been replayed. */
  async function released() {
    let isReleased = false;
    settlement.released().then(() => { isReleased = true; changed(); });
    await until(() => isReleased);
  }

  async function until(condition) {
    while (!failure && !condition()) await new Promise((resolve) => { changed = resolve; });
    if (failure) throw failure;
  }

  const startedMs = performance.now();
  try {
    await notices.opened;
    progress.waitsFor(() => settlement.open());
    for (const file of files) {
      for await (const { number, bytes } of readLines(file)) {
        counts.events += 1;
        const event = parseEvent(bytes, topicOf);
        if (event.unreadable) {
          counts.unreadable.push({ file, number, why: event.unreadable });
          progress.settled();
          continue;
        }
        barrier.add({ ...event, bytes, consumers: routing.consumersOf(event.type) });
        publishMore();
        if (barrier.size >= LOOK_AHEAD) await until(() => barrier.size < LOOK_AHEAD);
      }
      await until(() => outstanding === 0 && barrier.size === 0);
      await released();
      await idle(stack.router, () => { if (failure) throw failure; });
    }
    return { ...counts, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    signal?.removeEventListener('abort', aborted);
    notices.close();
    settlement.close();
    await Promise.allSettled([publisher.close(), subscriber.close(), documents.close()]);
  }
}

// A redelivered event publishes its follow-ups again. Those belong to no open pair, so the end is when the router has
// held nothing for a while. The emulator sends changes of documents late and one by one, and each may be delivered before we
// look: so the number of changes must have stood still as well.
async function idle(routerHost, check) {
  let quietSinceMs;
  let changes;
  for (;;) {
    check();
    const state = await routerState(routerHost);
    const isQuiet = state && messagesHeld(state) === 0 && state.changes === changes;
    changes = state?.changes;
    quietSinceMs = isQuiet ? quietSinceMs ?? performance.now() : undefined;
    if (isQuiet && performance.now() - quietSinceMs >= QUIET_MS) return;
    await wait(50);
  }
}
