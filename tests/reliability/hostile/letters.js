// The dead letter that a body comes to, by the contract and with nothing of the product's code.
import { letterId, unnamedLetterId } from '../../stack/documents.js';

const MOST_BYTES = 512 * 1024;

/** `message`: attributes and id of a message whose event has no id. A body that is cut has its length in its name. */
export function letterPath(consumer, body, message) {
  const cut = () => letterId(consumer, Buffer.concat([body.subarray(0, MOST_BYTES), Buffer.from(JSON.stringify([{}, null, body.length - MOST_BYTES]))]));
  const whole = () => (message ? unnamedLetterId(consumer, body, message) : letterId(consumer, body));
  return `dead_letters/${body.length > MOST_BYTES ? cut() : whole()}`;
}

/** Without receivedAt, which is the host's. `seen` has those of eventId, type and subject that could be read. */
export function letter({ consumer, kind, reason, body, seen, attributes, path = letterPath(consumer, body) }) {
  return {
    id: path, consumer, kind, status: 'OPEN', reason,
    body: body.subarray(0, MOST_BYTES).toString('base64'), bodyBytes: body.length, truncated: body.length > MOST_BYTES,
    replays: 0, ...seen, ...(attributes ? { attributes } : {}),
  };
}
