// What looks hostile and is none of it: events that are applied, and a second copy of one that was.
import { czk } from '../../../stack/events.js';

const KIB = 1024;
const json = JSON.stringify;
const withData = (event, more) => ({ ...event, data: { ...event.data, ...more } });
const reversed = (map) => Object.fromEntries(Object.entries(map).toReversed());

const applied = (name, row) => ({ name, outcome: 'APPLIED', ...row });

export const LEGAL = [
  applied('the key __proto__ in data', { bytes: (event) => json(event).replace('"data":{', '"data":{"__proto__":{"amount":"1.00"},') }),
  applied('the key __proto__ outside data', { bytes: (event) => json(event).replace('{', '{"__proto__":{"type":"KycCompleted"},') }),
  applied('the keys constructor and toString', { event: (event) => ({ ...withData(event, { constructor: 1, toString: null }), toString: 1 }) }),
  applied('a zero character where nobody reads', { event: (event) => withData(event, { note: '\u0000' }) }),
  applied('exactly 256 KiB', { bytes: (event) => json(event) + ' '.repeat(256 * KIB - Buffer.byteLength(json(event))) }),
  applied('exactly 16 levels', { event: (event) => withData(event, { deep: JSON.parse('['.repeat(14) + ']'.repeat(14)) }) }),
  applied('a string of exactly 1,024 characters', { event: (event) => withData(event, { note: 'ř'.repeat(1024) }) }),
  applied('every letter escaped', {
    bytes: (event) => json(event).replaceAll(/[A-Za-z]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  }),
  applied('attributes that say something else', { attributes: { type: 'KycCompleted', 'content-type': 'text/html' }, event: (event) => event }),
  applied('attributes of null', { event: (event) => ({ ...event, correlationid: null, causationid: null, traceparent: null, dataversion: null }) }),
  applied('no attributes', { attributes: {}, event: (event) => event }),
];

const copy = (name, row) => ({ name: `the same event with ${name}`, outcome: 'DUPLICATE', ...row });
const claim = (name, change) => ({
  name: `the same id with ${name}`, outcome: 'CONFLICT', reason: 'id: another event has it', sees: ['eventId', 'type', 'subject'],
  event: (event, earlier) => ({ ...earlier, ...change(event, earlier) }),
});

/** Each of these comes after an earlier event, and has the id of that. */
export const SAME_ID = [
  copy('nothing changed', { event: (_, earlier) => earlier }),
  copy('other white space', { bytes: (_, earlier) => json(earlier, null, '\t') }),
  copy('its keys in another order', { event: (_, earlier) => reversed({ ...earlier, data: reversed(earlier.data) }) }),
  copy('its letters escaped', { bytes: (_, earlier) => json(earlier).replaceAll('CZK', '\\u0043Z\\u004b') }),
  copy('another traceparent', { event: (_, earlier) => ({ ...earlier, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }) }),
  copy('another time, source and correlation', {
    event: (_, earlier) => ({ ...earlier, time: '2026-03-02T00:00:00Z', source: '//bank/other', correlationid: 'c' }),
  }),
  claim('another amount', ({ data: { amount } }, { data }) => ({ data: { ...data, amount } })),
  claim('an amount a hundredth larger', (_, { data }) => ({ data: { ...data, amount: czk(Number(data.amount.replace('.', '')) + 1) } })),
  claim('one more field that nobody reads', (_, { data }) => ({ data: { ...data, extra: null } })),
  claim('another type', () => ({ type: 'PaymentSent' })),
  {
    name: 'the same id of another customer, in the order of this one', reason: 'orderingKey: not the subject', sees: ['eventId', 'type', 'subject'],
    event: ({ neighbour }, earlier) => ({ ...earlier, subject: neighbour }),
  },
];
