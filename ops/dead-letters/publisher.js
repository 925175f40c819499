// Publishes one letter again: its body unchanged, and the attributes that tell the functions whose replay this is.
import { topicName } from '../../manifest/names.js';

// As patient as a short disturbance lasts; publishing one twice is harmless, for the inbox knows the event.
const PUBLISH_RETRY = {
  retryCodes: [4, 10, 13, 14], // DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE
  backoffSettings: {
    initialRetryDelayMillis: 100, retryDelayMultiplier: 2, maxRetryDelayMillis: 2000,
    initialRpcTimeoutMillis: 5000, rpcTimeoutMultiplier: 1, maxRpcTimeoutMillis: 5000, totalTimeoutMillis: 20_000,
  },
};

export const letterPublisher = ({ publisher, project }) => async ({ letter, body, topic }) => {
  await publisher.publish({
    topic: topicName(project, topic),
    messages: [{ data: body, attributes: attributesOf(letter), ...(letter.subject && { orderingKey: letter.subject }) }],
  }, { retry: PUBLISH_RETRY });
};

/** With its number, by which a replay that is delivered twice is counted once. */
export const attributesOf = ({ id, consumer, type, replays }) => ({
  ...(type && { type }), 'content-type': 'application/cloudevents+json', replayOf: id, replayFor: consumer, replayNumber: String(replays + 1),
});
