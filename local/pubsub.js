// Google's generated Pub/Sub clients, pointed at the emulator, and the topics and subscriptions in it.
import { v1 } from '@google-cloud/pubsub';
import { topicName, topicOfSubscription } from '../manifest/names.js';
import { emulatorClient } from './emulator-client.js';

export function pubsubClients({ project, host }) {
  const options = emulatorClient({ project, host });
  return { subscriber: new v1.SubscriberClient(options), publisher: new v1.PublisherClient(options) };
}

const ACK_DEADLINE_S = 60;

/**
 * One subscription per (consumer, topic). Topics without a consumer exist, too, so that publishing to them works.
 *
 * In production these are ordered; here they aren't. The emulator's ordered subscriptions search every ordering key that
 * they have ever seen at each poll and each acknowledgement (measured: docs/decisions/router.md), while an unordered one
 * is a plain queue in the order of publishing. The order per key is the router's work in either case.
 */
export async function createTopicsAndSubscriptions({ publisher, subscriber }, { project, topics, consumers }) {
  await Promise.all(topics.map((topic) => publisher.createTopic({ name: topicName(project, topic) })));
  await Promise.all(consumers.flatMap(({ subscriptions }) => subscriptions.map((name) => subscriber.createSubscription({
    name,
    topic: topicName(project, topicOfSubscription(name)),
    ackDeadlineSeconds: ACK_DEADLINE_S,
  }))));
}
