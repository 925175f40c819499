// Carries messages from the Pub/Sub emulator to the functions as production's push would: in order per key, one in
// flight per (consumer, key), back-off, dead letters. It knows no business word; of an event it reads only the id.
import { setTimeout as wait } from 'node:timers/promises';
import { PRODUCTION_RETRY } from './back-off.js';
import { deadLetter, mayBeGivenUp } from './dead-letter.js';
import { deliverer } from './deliver.js';
import { noticeOf } from './notice.js';
import { pull } from './pull.js';
import { pumping } from './pump.js';
import { ConsumerQueue } from './queue.js';

const PUBLISH_AGAIN_AFTER_MS = 1000;

/**
 * `consumers`: [{ name, url, concurrency, subscriptions: [full name] }]. `onDelivery(notice)` is called for each finished delivery.
 * `retry`: { maxAttempts, firstMs, longestMs }; `takesOver`: see pull.js; `streamLastsMs`: see stream.js. `around(name, deliver)` may
 * return another delivery function, with faults. `changeRoutes`: see eventarc/eventarc.js; they count as the consumers do, but for those that may wait.
 */
export function startRouter({ consumers, subscriber, publisher, onDelivery, retry = PRODUCTION_RETRY, takesOver, streamLastsMs, changeRoutes = [], around = (_, deliver) => deliver }) {
  const pushRoutes = consumers.map((consumer) => route(consumer, { subscriber, publisher, onDelivery, retry, takesOver, streamLastsMs, around }));
  const routes = [...pushRoutes, ...changeRoutes];
  return {
    state() {
      const total = { inFlight: 0, queued: 0, blocked: 0, consumers: {} };
      for (const { name, queue, mayWait } of routes) {
        const state = queue.state();
        total.consumers[name] = state;
        if (mayWait) continue;
        for (const what of ['inFlight', 'queued', 'blocked']) total[what] += state[what];
      }
      return total;
    },
    close: () => routes.forEach((each) => each.close()),
  };
}

function route({ name, url, concurrency, subscriptions }, { subscriber, publisher, onDelivery, retry, takesOver, streamLastsMs, around }) {
  const queue = new ConsumerQueue({ limit: concurrency, retry });
  const { deliver: post, close } = deliverer({ url, limit: concurrency });
  const deliver = around(name, post);
  const pulls = new Map();
  const { pump, stop } = pumping(queue, attempt);

  for (const subscription of subscriptions) {
    pulls.set(subscription, pull({
      client: subscriber,
      subscription, takesOver, streamLastsMs,
      onMessage: (received) => { if (queue.add(messageOf(subscription, received))) pump(); },
      heldAckIds: () => [...queue.held()].filter((each) => each.subscription === subscription).map((each) => each.ackId),
    }));
  }

  async function attempt(message) {
    const startedMs = performance.now();
    const notice = noticeOf(name, message, await deliver(message), startedMs);
    notice.exhausted = !notice.acked && message.attempt >= retry.maxAttempts && mayBeGivenUp(message.subscription);
    if (notice.exhausted) await deadLettered(message);
    if (notice.acked || notice.exhausted) {
      pulls.get(message.subscription).ack(message.ackId);
      queue.finished(message);
    } else {
      queue.failed(message, Date.now());
    }
    onDelivery(notice);
    pump();
  }

  // The message may be acknowledged only once it is safe in the other topic, so this is tried until it works.
  async function deadLettered(message) {
    for (;;) {
      try {
        await publisher.publish(deadLetter(message));
        return;
      } catch (error) {
        console.error(`${name}: a dead letter could not be published, once more: ${error.message}`);
        await wait(PUBLISH_AGAIN_AFTER_MS);
      }
    }
  }

  return {
    name, queue,
    close() {
      stop();
      for (const each of pulls.values()) each.close();
      close();
    },
  };
}

function messageOf(subscription, { ackId, message }) {
  const seconds = Number(message.publishTime.seconds);
  const publishedMs = seconds * 1000 + message.publishTime.nanos / 1e6;
  return {
    subscription, ackId, publishedMs,
    messageId: message.messageId,
    key: message.orderingKey,
    data: message.data,
    attributes: message.attributes,
    publishTime: new Date(publishedMs).toISOString(),
    eventId: eventIdOf(message.data),
  };
}

function eventIdOf(data) {
  try {
    const { id } = JSON.parse(data.toString());
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined; // Not readable: the function files it as MALFORMED.
  }
}
