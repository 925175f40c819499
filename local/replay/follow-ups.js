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

/** The same of a message whose event has no id: its attributes and its own id are part of it. */
export function messageHash(bytes, attributes, messageId) {
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return bodyHash(Buffer.concat([bytes, Buffer.from(JSON.stringify([sorted, messageId, 0]))]));
}

/** The second half of a dead letter's id: the first 32 hex digits of the body's SHA-256. */
export function bodyHash(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
