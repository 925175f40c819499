// The dead letter that a body comes to, by the contract and with nothing of the product's code.
import { letterId } from '../../stack/documents.js';

const MOST_BYTES = 512 * 1024;

export const letterPath = (consumer, body) => `dead_letters/${letterId(consumer, body)}`;

/** Without receivedAt, which is the host's. `seen` has those of eventId, type and subject that could be read. */
export function letter({ consumer, kind, reason, body, seen }) {
  return {
    id: letterPath(consumer, body), consumer, kind, status: 'OPEN', reason,
    body: body.subarray(0, MOST_BYTES).toString('base64'), bodyBytes: body.length, truncated: body.length > MOST_BYTES,
    replays: 0, ...seen,
  };
}
