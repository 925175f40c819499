// The events that `fragile` hears, and what the contract says of the poison among them.
import assert from 'node:assert/strict';
import { PERSON, uuid } from '../../stack/events.js';
import { letter, letterPath } from '../hostile/letters.js';

const FILED_WITHIN_MS = 300_000;

/** `breaks`: reading, readSet, decide, stack or memory; without it the event is harmless. */
export function interacted({ number, customer, breaks }) {
  return {
    specversion: '1.0', id: uuid('e', number), source: '//app/test', type: 'UserInteracted', subject: uuid('a', customer),
    time: '2026-03-02T10:00:00Z', data: { channel: 'APP', who: PERSON.email, ...(breaks && { breaks }) },
  };
}

/** Of `count` customers an event each; those at the places in `breaks`, { place: how }, are poison. */
export function interactions({ from, firstCustomer = 1, count, breaks = {} }) {
  const each = (_, place) => interacted({ number: from + place, customer: firstCustomer + place, breaks: breaks[place] });
  return Array.from({ length: count }, each);
}

export const userPath = ({ subject }) => `users/${subject}`;
export const recordPath = ({ id }) => `processed_events/fragile.${id}`;
export const bytesOf = (event) => Buffer.from(JSON.stringify(event));
export const letterPathOf = (poison) => letterPath('fragile', bytesOf(poison));
export const isPoison = ({ data }) => data.breaks !== undefined;

/** What the panics of `fragile` say, with file and line, and how the engine speaks of a trap without a panic. */
export const SAID = {
  reading: /^panicked at tests\/wasm\/fragile\/src\/lib\.rs:\d+:\d+:\nthis can't be read$/,
  readSet: /^panicked at tests\/wasm\/fragile\/src\/lib\.rs:\d+:\d+:\nnothing can be read for this$/,
  decide: /^panicked at tests\/wasm\/fragile\/src\/lib\.rs:\d+:\d+:\nthe count is off$/,
  stack: /^R\w+Error: (memory access out of bounds|Maximum call stack size exceeded) in .*fragile::depth/,
  memory: /^RuntimeError: unreachable in std::sys::backtrace::__rust_end_short_backtrace::<std::alloc::rust_oom/,
};

/** Its letter has its body, whose it is and what was said as it broke; nobody has decided it, so there is no record. */
export function assertFiled(poison, documents, { replays = 0 } = {}) {
  const filed = documents.get(letterPathOf(poison));
  assert.ok(filed, `${poison.id} has no letter`);
  const { reason, receivedAt, attributes } = filed;
  assert.equal(attributes.type, poison.type);
  assert.match(reason, SAID[poison.data.breaks]);
  assert.ok(Math.abs(Date.now() - Date.parse(receivedAt)) < FILED_WITHIN_MS, `received at ${receivedAt}`);
  const seen = { eventId: poison.id, type: poison.type, subject: poison.subject };
  const expected = letter({ consumer: 'fragile', kind: 'CRASHED', reason, body: bytesOf(poison), seen, attributes });
  assert.deepEqual(filed, { ...expected, receivedAt, replays });
  assert.equal(documents.get(recordPath(poison)), undefined, `${poison.id} has a record`);
}
