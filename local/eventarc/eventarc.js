// Brings changes of documents from the Firestore emulator to their functions as Eventarc does in production: as CloudEvents in
// binary mode, at least once, in no order, several at a time. Why, and where it differs: docs/decisions/eventarc.md.
import { deliverer } from '../router/deliver.js';
import { noticeOf } from '../router/notice.js';
import { pumping } from '../router/pump.js';
import { ConsumerQueue } from '../router/queue.js';
import { changeEvent } from './change-event.js';
import { listenForTriggers, registerTrigger } from './emulator-triggers.js';

/** Eventarc waits 10 s to 600 s. At a developer's desk a tenth of that is long enough. It gives up after a day, and so do we. */
const LOCAL_RETRY = { firstMs: 1_000, longestMs: 60_000, giveUpAfterMs: 24 * 3_600_000 };

/**
 * `triggers`: [{ name, id, url, concurrency, document, event, mayWait }], each named as its function is; what comes by any trigger of a
 * function waits in one queue. `mayWait`: a replay doesn't wait for it, and is told nothing of it. `port`: where the emulator expects us (see `startFirestore`). `onDelivery` is told of each
 * finished delivery, as the router's is; `around` is the router's, too.
 */
export async function startEventarc({ project, firestore, port, triggers, retry, onDelivery = () => {}, around = (_, deliver) => deliver }) {
  const ofFunction = new Map(triggers.map((trigger) => [trigger.name, trigger]));
  const routes = new Map([...ofFunction].map(([name, trigger]) => [name, changeRoute(trigger, { retry: { ...LOCAL_RETRY, ...retry }, onDelivery, around })]));
  const receiving = new Map(triggers.map(({ id, name }) => [id, routes.get(name)]));
  let changes = 0;

  const listener = await listenForTriggers(port, (id, headers, body) => {
    changes += 1;
    const event = changeEvent(headers, body);
    if (event) receiving.get(id)?.take(event);
  });
  for (const trigger of triggers) await registerTrigger(firestore, project, trigger);

  return {
    /** For the router's state: each has a name and a queue. The router closes them. */
    routes: [...routes.values()],
    /** How many have come so far, with those that production doesn't have. */
    changes: () => changes,
    close: listener.close,
  };
}

function changeRoute({ name, url, concurrency, mayWait = false }, { retry, onDelivery, around }) {
  const queue = new ConsumerQueue({ limit: concurrency, retry });
  const { deliver: post, close } = deliverer({ url, limit: concurrency, requestOf: ({ headers, body }) => ({ headers, body }) });
  const deliver = around(name, post);
  const changed = new Map(); // document -> how often
  const { pump, stop } = pumping(queue, attempt);

  async function attempt(event) {
    const startedMs = performance.now();
    const notice = noticeOf(name, event, await deliver(event), startedMs);
    notice.exhausted = !notice.acked && notice.latencyMs >= retry.giveUpAfterMs;
    if (notice.exhausted) console.error(`${name}: the change ${event.messageId} is given up after ${event.attempt} attempts`);
    if (notice.acked || notice.exhausted) queue.finished(event);
    else queue.failed(event, Date.now());
    if (!mayWait) onDelivery(notice);
    pump();
  }

  return {
    name, queue, mayWait,
    take({ id, headers, body }) {
      const document = headers['ce-document'];
      changed.set(document, (changed.get(document) ?? 0) + 1);
      const change = `${document}/${changed.get(document)}`;
      if (queue.add({ subscription: name, messageId: id, change, headers, body, publishedMs: Date.now() })) pump();
    },
    close() {
      stop();
      close();
    },
  };
}
