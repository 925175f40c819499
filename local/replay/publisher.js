// Publishes events, in order for each topic: one request at a time, with all that came together in a few milliseconds.
// A request costs about as much as the delivery that it leads to, so gathering them is worth the wait. (The emulator takes
// several ordering keys in one request, which the real service refuses; a source there would send one request per key.)
import { setTimeout as wait } from 'node:timers/promises';
import { topicName } from '../../manifest/names.js';

const GATHER_MS = 20;
const MOST_PER_REQUEST = 200;
const MOST_BYTES_PER_REQUEST = 3_000_000;

export function eventPublisher({ client, project, onPublished, onError }) {
  const topics = new Map(); // topic -> { events, sending }

  function publish(event) {
    if (!topics.has(event.topic)) topics.set(event.topic, { events: [], sending: false });
    const topic = topics.get(event.topic);
    topic.events.push(event);
    if (!topic.sending) {
      topic.sending = true;
      setTimeout(send, GATHER_MS, event.topic, topic);
    }
  }

  async function send(name, topic) {
    try {
      while (topic.events.length > 0) {
        const events = topic.events.splice(0, howMany(topic.events));
        const [{ messageIds }] = await client.publish({ topic: topicName(project, name), messages: events.map(message) });
        events.forEach((event, index) => onPublished(event, messageIds[index]));
        if (topic.events.length > 0) await wait(GATHER_MS);
      }
    } catch (error) {
      onError(error);
    } finally {
      topic.sending = false;
    }
  }
  return publish;
}

function howMany(events) {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += event.bytes.length;
    return index > 0 && (index >= MOST_PER_REQUEST || bytes > MOST_BYTES_PER_REQUEST);
  });
  return end < 0 ? events.length : end;
}

export const attributesOf = (type) => ({ type, 'content-type': 'application/cloudevents+json' });

function message({ bytes, type, key }) {
  return { data: bytes, attributes: attributesOf(type), ...(key ? { orderingKey: key } : {}) };
}
