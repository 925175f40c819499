// Each row of the tables as the messages that are published for it: where the row needs one, an earlier event; the hostile
// bytes; and after them a good event of the same key and one of another.
import { TOPICS, czk, uuid } from '../../stack/events.js';
import { BYTES } from './messages/bytes.js';
import { CONTENTS, ELSEWHERE } from './messages/contents.js';
import { ENVELOPES } from './messages/envelopes.js';
import { LEGAL, SAME_ID } from './messages/legal.js';

/** The one customer whose payments follow every hostile one: all of these must have come through. */
export const BYSTANDER = uuid('b', 0);

const EVENTS_PER_ROW = 10;
const [EARLIER, HOSTILE, SAME_KEY, OTHER_KEY] = [0, 1, 2, 3];

/** 73,000,000.37 CZK and more: no two are alike, and nothing else in a log spells them. */
const minorOf = (number) => 7_300_000_037 + number * 100;

const rows = [...BYTES, ...ENVELOPES, ...CONTENTS, ...ELSEWHERE, ...LEGAL, ...SAME_ID.map((row) => ({ ...row, hasEarlier: true }))];

export const SCRIPT = rows.map(scripted);

/** The amounts of the run, as they stand in events and in documents. */
export const AMOUNTS = SCRIPT.flatMap(({ minors }) => minors).flatMap((minor) => [czk(minor), String(minor)]);

function scripted({ topic = 'payments', outcome = 'MALFORMED', hasEarlier = false, ...row }, index) {
  const { good, appliedBy, afterRegistration } = TOPICS[topic];
  const customer = uuid('c', index);
  const neighbour = topic === 'payments' ? BYSTANDER : uuid('b', index);
  const numberOf = (slot) => index * EVENTS_PER_ROW + slot;
  const event = (slot, subject) => good({ number: numberOf(slot), subject, minor: minorOf(numberOf(slot)) });

  const earlier = hasEarlier ? event(EARLIER, customer) : undefined;
  const sent = row.event?.({ ...event(HOSTILE, customer), ...(hasEarlier ? { neighbour } : {}) }, earlier);
  const body = Buffer.from(row.bytes ? row.bytes(event(HOSTILE, customer), earlier) : JSON.stringify(sent));
  const followers = { 'of the same key': event(SAME_KEY, customer), 'of another key': event(OTHER_KEY, neighbour) };

  const isApplied = outcome === 'APPLIED';
  const minors = [...(hasEarlier ? [EARLIER] : []), ...(isApplied ? [HOSTILE] : []), SAME_KEY].map((slot) => minorOf(numberOf(slot)));
  return {
    index, topic, outcome, name: `${topic}: ${row.name}`, reason: row.reason, files: row.files, attributes: row.attributes,
    customer, neighbour, key: row.key ?? event(HOSTILE, customer).subject, earlier, body, followers, appliedBy,
    hostileId: hasEarlier ? earlier.id : event(HOSTILE, customer).id,
    seen: seenOf(sent, row.sees ?? []),
    toRegister: afterRegistration ? [customer, ...(neighbour === BYSTANDER ? [] : [neighbour])] : [],
    minors: topic === 'payments' ? minors : [],
    bystanderMinor: topic === 'payments' ? minorOf(numberOf(OTHER_KEY)) : 0,
  };
}

function seenOf(sent, fields) {
  const all = { eventId: sent?.id, type: sent?.type, subject: sent?.subject };
  return Object.fromEntries(fields.map((field) => [field, all[field]]));
}
