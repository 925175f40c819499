// Compares the results of a run with what its events require: the documents, the messages on the topics, and the functions'
// own log lines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { documentLine } from '../../local/run/export-format.js';
import { collectionAndId } from '../../local/run/export.js';
import { routingOf } from '../../manifest/consumers.js';
import { trialBalance } from './checkers/trial-balance.js';
import { distinct, expectationOf } from './expectation.js';

const COMPLAINTS_SHOWN = 12;
// A later fact may have overtaken one of access's; a registration without a lead is nothing to leads; and no check is asked for
// that has begun already.
const MAY_IGNORE = ['access', 'leads', 'kyc-request'];

/** `events` as they were sent; `documents` and `heard` as proxied-stack.js returns them. */
export function verifyRun({ seed, events, functions, documents, heard, logs }) {
  const plain = plainDocuments(documents);
  const expected = expectationOf(events);
  const { consumersOf } = routingOf(functions);
  const complaints = [
    ...compared('users', expected.users, plain.users, ({ kycStatus, kycVersion, tradingEnabled, accessVersion, balances }) => ({ kycStatus, kycVersion, tradingEnabled, accessVersion, balances })),
    ...compared('transactions', expected.transactions, plain.transactions, ({ userId, amount, currency, status, postings }) => ({ userId, amount, currency, status, postings })),
    ...trialBalance(withIds(plain.users), withIds(plain.transactions)),
    ...wrongRecords(distinct(events), plain.processed_events, consumersOf),
    ...[...plain.dead_letters].map(([id, { kind, reason }]) => `dead_letters/${id} is there: ${kind} ${reason}`),
    ...wrongFollowUps(expected.followUps, plain.processed_events),
    ...wrongHeard(events, owedBy(plain.processed_events), heard),
    ...doneTwice(logs),
  ];
  const shown = complaints.slice(0, COMPLAINTS_SHOWN).join('\n  ');
  assert.equal(complaints.length, 0, `seed ${seed}: ${complaints.length} complaints, the first of them:\n  ${shown}`);
}

/** { collection: Map of id to fields } as plain JSON; all integers here are small. */
function plainDocuments(documents) {
  const plain = { users: new Map(), transactions: new Map(), processed_events: new Map(), dead_letters: new Map() };
  for (const [path, fields] of documents) {
    const { collection, id } = collectionAndId(path);
    plain[collection]?.set(id, JSON.parse(documentLine(id, fields)));
  }
  return plain;
}

const withIds = (documents) => [...documents].map(([id, fields]) => ({ ...fields, id }));

function compared(what, expected, found, seen) {
  const ids = new Set([...expected.keys(), ...found.keys()]);
  return [...ids].flatMap((id) => {
    if (!found.has(id)) return [`${what}/${id} isn't there`];
    if (!expected.has(id)) return [`${what}/${id} is there, of nothing that was sent`];
    const is = seen(found.get(id));
    return isDeepStrictEqual(is, expected.get(id)) ? [] : [`${what}/${id} is ${JSON.stringify(is)}, not ${JSON.stringify(expected.get(id))}`];
  });
}

/** One record for each pair of an event and a consumer that hears it, follow-ups included, and no other. */
function wrongRecords(events, records, consumersOf) {
  const followUps = [...owedBy(records).values()];
  const pairs = new Set([...events, ...followUps].flatMap(({ id, type }) => consumersOf(type).map((consumer) => `${consumer}.${id}`)));
  return [
    ...[...pairs].filter((pair) => !records.has(pair)).map((pair) => `processed_events/${pair} isn't there: lost`),
    ...[...records].flatMap(([pair, { consumer, outcome, reason }]) => {
      if (!pairs.has(pair)) return [`processed_events/${pair} is there, of nothing that was sent`];
      const isWell = outcome === 'APPLIED' || (outcome === 'IGNORED' && MAY_IGNORE.includes(consumer));
      return isWell ? [] : [`processed_events/${pair} is ${outcome}: ${reason}`];
    }),
  ];
}

/** Map of id to { id, type, topic, data, record }: what the records say that was to be published. */
function owedBy(records) {
  const owed = new Map();
  for (const [record, { outgoing, outgoingIds }] of records) {
    const messages = outgoing ? JSON.parse(Buffer.from(outgoing, 'base64').toString('utf8') || '[]') : [];
    outgoingIds.forEach((id, index) => {
      const { topic, attributes, data } = messages[index];
      owed.set(id, { id, type: attributes.type, topic, data, record });
    });
  }
  return owed;
}

function wrongFollowUps(expected, records) {
  const owed = [...owedBy(records).values()].map(({ record, id, type }) => `${record} owes ${type} ${id}`);
  const due = expected.map(({ record, id, type }) => `${record} owes ${type} ${id}`);
  return [
    ...due.filter((each) => !owed.includes(each)).map((each) => `${each}, but the record doesn't say so`),
    ...owed.filter((each) => !due.includes(each)).map((each) => `${each}, but shouldn't`),
  ];
}

/** Each follow-up at least once, with the record's own bytes every time; and nothing that neither was sent nor is recorded. */
function wrongHeard(events, owed, heard) {
  const sent = new Set(events.map(({ id }) => id));
  const heardIds = new Set(heard.map(({ id }) => id));
  return [
    ...[...owed.values()].filter(({ id }) => !heardIds.has(id)).map(({ id, type, record }) => `${type} ${id} of ${record} was never published`),
    ...heard.filter(({ id }) => !sent.has(id)).flatMap(({ id, topic, data }) => {
      if (!owed.has(id)) return [`${id} was published to ${topic}, but no record has it`];
      const is = owed.get(id);
      return is.topic === topic && is.data === data ? [] : [`${id} was published to ${topic} other than ${is.record} has it`];
    }),
  ];
}

/** Whatever happens in between, at most one delivery of a pair says that it took effect. */
function doneTwice(logs) {
  const times = new Map();
  for (const log of logs) {
    // A process that was killed may have left half a line at the end.
    for (const line of readFileSync(log, 'utf8').split('\n').filter((each) => each.startsWith('{') && each.endsWith('}'))) {
      const { consumer, eventId, outcome } = JSON.parse(line);
      if (['APPLIED', 'IGNORED', 'REFUSED'].includes(outcome)) times.set(`${consumer}.${eventId}`, (times.get(`${consumer}.${eventId}`) ?? 0) + 1);
    }
  }
  assert.ok(times.size > 0, `nobody said anything in ${logs.join(', ')}`);
  return [...times].filter(([, count]) => count > 1).map(([pair, count]) => `${pair} took effect ${count} times`);
}
