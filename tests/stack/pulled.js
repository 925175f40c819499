// Messages that a subscription of a test holds.
const MOST_MESSAGES = 1000;

/** One pull, without waiting: the messages, acknowledged. None may mean that more come later. */
export async function pulled(subscriber, subscription) {
  const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: MOST_MESSAGES, returnImmediately: true });
  if (receivedMessages.length > 0) await subscriber.acknowledge({ subscription, ackIds: receivedMessages.map(({ ackId }) => ackId) });
  return receivedMessages.map(({ message }) => message);
}
