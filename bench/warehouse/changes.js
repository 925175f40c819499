// Changes of customers and transactions, as a bank's day has them: a transaction is announced, it is settled, and what the customer has
// changes with it. Each is the request that Eventarc sends.
import { createHash } from 'node:crypto';

import { DocumentEventData } from './peers/document-event.js';

// One for all, so that the rows of any two runs are equal, and not so old that the function gives a change up.
const AT = new Date().toISOString();
const DAY_BEGAN = Date.UTC(2026, 10, 2, 8) / 1e3;
const CURRENCIES = ['CZK', 'EUR', 'JPY', 'KWD'];
const METHODS = ['CARD', 'BANK_TRANSFER', 'CASH'];

const text = (stringValue) => ({ stringValue });
const int = (integerValue) => ({ integerValue });
const bool = (booleanValue) => ({ booleanValue });
// Sorted, as the database sends them: the emulator keeps JSON in a record as it is written.
const map = (fields) => ({ mapValue: { fields: Object.fromEntries(Object.entries(fields).sort()) } });
const list = (...values) => ({ arrayValue: { values } });
const time = (seconds, micros = 0) => ({ timestampValue: { seconds, nanos: micros * 1e3 } });

const uuid = (name) => createHash('sha256').update(name).digest('hex').slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** [{ headers, body }]: of so many payments three changes each, and at the end what a bank has seldom. */
export function changes(project, payments) {
  const all = [];
  for (let payment = 0; payment < payments; payment += 1) {
    const [userId, id] = [uuid(`user ${payment % 40}`), uuid(`payment ${payment}`)];
    const at = DAY_BEGAN + payment * 7;
    const announced = transaction({ userId, payment, at, status: 'AUTHORIZED' });
    const settled = transaction({ userId, payment, at, status: 'SETTLED' });
    all.push({ path: `transactions/${id}`, after: { fields: announced, at } });
    all.push({ path: `transactions/${id}`, before: { fields: announced, at }, after: { fields: settled, at: at + 2 } });
    all.push({ path: `users/${userId}`, before: { fields: user(payment, at - 60), at: at - 60 }, after: { fields: user(payment + 1, at + 2), at: at + 2 } });
  }
  return [...all, ...seldom(all)].map((change, index) => requestOf(project, change, index));
}

function transaction({ userId, payment, at, status }) {
  const isSettled = status === 'SETTLED';
  const method = METHODS[payment % METHODS.length];
  const amount = 100 + payment * 977;
  const booked = [posting('available', -amount), posting(`external:${method}`, amount)];
  return {
    userId: text(userId), kind: text('PAYMENT'), status: text(status), amount: int(amount), currency: text(CURRENCIES[payment % CURRENCIES.length]),
    method: text(method), timestamp: time(at, 123_456), postings: list(...(isSettled ? booked : [])), reference: text(`RF${payment}-${payment * 31}`),
    counterparty: map({ name: text('Jižní obchodní s.r.o.'), account: text(`CZ65080000001920001453${payment % 90 + 10}`) }),
    description: text('Invoice 2026/118, second of three parts'), metadata: map({ channel: text('app'), device: text('Pixel 9') }),
    ...(isSettled ? { settledAmount: int(amount), refunded: int(0), disputed: int(0) } : {}),
  };
}

const posting = (account, amount) => map({ account: text(account), amount: int(amount) });

function user(payment, at) {
  const has = (available) => map({ available: int(available), pending: int(0), reserved: int(0) });
  return {
    profileData: map({
      fullName: text('Žofie Nováková'), email: text(`owner-${payment % 40}@example.com`), phone: text('+420 601 000 000'), country: text('CZ'), region: text('south Moravia'),
      language: text('cs'), birthDate: text('1971-03-09'), address: map({ street: text('Česká 12'), city: text('Brno'), zip: text('602 00') }),
    }),
    kycStatus: text('APPROVED'), kycVersion: int(3), tradingEnabled: bool(true), accessVersion: int(3),
    balances: map({ CZK: has(1_000_000 - payment * 977), EUR: has(25_000 + payment), KWD: has(1_234_567) }),
    createdAt: time(DAY_BEGAN - 86_400 * 700), updatedAt: time(at, 614_000),
  };
}

/** A deletion, the largest integer, a field that the table doesn't know, and one of another type than its column's. */
function seldom(usual) {
  const { path, after } = usual.at(-1);
  const last = usual.at(-2);
  const odd = { ...last.after.fields, amount: int('9223372036854775807'), nickname: text('Žo'), method: int(7), reason: { nullValue: 0 } };
  return [
    { path, before: after },
    { path: `${last.path}-odd`, after: { fields: odd, at: last.after.at } },
  ];
}

function requestOf(project, { path, before, after }, index) {
  const name = `projects/${project}/databases/(default)/documents/${path}`;
  const document = (each) => each && { name, fields: each.fields, createTime: { seconds: DAY_BEGAN }, updateTime: { seconds: each.at, nanos: 250_000 * 1e3 } };
  const body = Buffer.from(DocumentEventData.encode(DocumentEventData.fromObject({ value: document(after), oldValue: document(before) })).finish());
  return {
    headers: {
      'content-type': 'application/protobuf', 'content-length': body.length,
      'ce-id': uuid(`event ${index}`), 'ce-specversion': '1.0', 'ce-type': 'google.cloud.firestore.document.v1.written', 'ce-time': AT,
      'ce-source': `//firestore.googleapis.com/projects/${project}/databases/(default)`, 'ce-subject': `documents/${path}`, 'ce-document': path,
      'ce-project': project, 'ce-database': '(default)', 'ce-namespace': '(default)', 'ce-location': 'europe-west3',
    },
    body,
  };
}
