// The follow-up events that a record holds: processed_events/{consumer}.{eventId}.outgoing.
import { createHash } from 'node:crypto';

/** [{ id, type, hash }] of a record's fields in the protocol's own form. */
export function followUpsOf(fields) {
  const bytes = fields?.outgoing?.bytesValue;
  if (!bytes || bytes.length === 0) return [];
  return JSON.parse(Buffer.from(bytes).toString('utf8')).map(({ attributes, data }) => ({
    id: JSON.parse(data).id, type: attributes.type, hash: bodyHash(Buffer.from(data)),
  }));
}

/** The second half of a dead letter's id: the first 32 hex digits of the body's SHA-256. */
export function bodyHash(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
