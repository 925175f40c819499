// A message whose attempts ran out goes to the dead-letters topic, with the attributes that Pub/Sub would add. The
// emulator can't do it itself: an ordered subscription with a dead-letter policy gets stuck there.
import { DEAD_LETTERS_TOPIC, topicName, topicOfSubscription } from '../../manifest/names.js';

/** Whether a message of this subscription may be given up. That topic's own messages have nowhere left to go. */
export const mayBeGivenUp = (subscription) => topicOfSubscription(subscription) !== DEAD_LETTERS_TOPIC;

export function deadLetter({ subscription, messageId, publishTime, key, data, attributes, attempt }) {
  const [, project, , name] = subscription.split('/');
  return {
    topic: topicName(project, DEAD_LETTERS_TOPIC),
    messages: [{
      data,
      orderingKey: key || undefined,
      attributes: {
        ...attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
        CloudPubSubDeadLetterSourceSubscription: name,
        CloudPubSubDeadLetterSourceSubscriptionProject: project,
        CloudPubSubDeadLetterSourceTopicPublishTime: publishTime,
        CloudPubSubDeadLetterSourceMessageId: messageId,
      },
    }],
  };
}
