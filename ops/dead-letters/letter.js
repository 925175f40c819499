// A dead letter as this command handles it: everything but the body, which may hold personal data and is read only where
// it is needed. Pure.
import { timestampText } from '../../local/run/export-format.js';
import { commonReason } from './groups.js';
import { printable } from './readable.js';

export const KINDS = ['MALFORMED', 'CONFLICT', 'REFUSED', 'AWAITED', 'CRASHED', 'EXHAUSTED'];
export const STATUSES = ['OPEN', 'REPLAYED', 'DISCARDED'];
export const LETTER_ID = /^[a-z][a-z0-9-]*\.[0-9a-f]{32}$/;
export const FIELDS_BUT_BODY = [
  'consumer', 'kind', 'status', 'reason', 'bodyBytes', 'truncated', 'eventId', 'type', 'subject', 'awaits', 'receivedAt', 'replays', 'discardReason',
];

/** `document` is the protocol's own: { name, fields, updateTime }. */
export function letterOf({ name, fields, updateTime }) {
  const text = (field) => fields[field]?.stringValue;
  const received = fields.receivedAt?.timestampValue;
  return {
    id: name.slice(name.lastIndexOf('/') + 1),
    consumer: text('consumer') ?? '?', kind: text('kind') ?? '?', status: text('status') ?? '?', reason: text('reason') ?? '',
    bodyBytes: Number(fields.bodyBytes?.integerValue ?? 0), truncated: fields.truncated?.booleanValue ?? false,
    eventId: text('eventId'), type: text('type'), subject: text('subject'), awaits: text('awaits'),
    receivedAt: received && timestampText(received),
    receivedMs: received && Number(received.seconds) * 1000 + Math.floor((received.nanos ?? 0) / 1e6),
    replays: Number(fields.replays?.integerValue ?? 0),
    discardReason: text('discardReason'),
    updateTime,
  };
}

/** The filters of the Firestore query: equalities, which it answers from the indexes that every field has by itself. */
export const equalities = ({ status, consumer, kind, type, subject }) =>
  Object.entries({ status, consumer, kind, type, subject }).filter(([, value]) => value !== undefined);

/** The filters that are applied here: with them, Firestore would need an index for each combination. */
export function passes({ reason, receivedMs }, { reason: contained, afterMs, beforeMs }) {
  if (contained !== undefined && !spellings(reason).some((each) => each.includes(contained.replace(/…$/, '')))) return false;
  if (afterMs !== undefined && !(receivedMs >= afterMs)) return false;
  return beforeMs === undefined || receivedMs < beforeMs;
}

// As it is stored, and as `list` shows it, from where it is copied.
const spellings = (reason) => [reason, commonReason(reason), printable(commonReason(reason))];
