// Documents in Firestore's protocol values, and events, for tests that put them into a stack.
import { createHash } from 'node:crypto';

const DAY_MS = 86_400_000;

export const ago = (days) => Date.now() - days * DAY_MS;
export const customer = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const transactionId = (number) => `22222222-0000-4000-8000-${String(number).padStart(12, '0')}`;

const text = (value) => ({ stringValue: value });
const integer = (value) => ({ integerValue: String(value) });
const moment = (ms) => ({ timestampValue: { seconds: String(Math.floor(ms / 1000)), nanos: (Math.floor(ms) % 1000) * 1e6 } });
const map = (fields) => ({ mapValue: { fields } });

export function userDocument({ status = 'PENDING', version = 0, tradingEnabled = false, balances = {} } = {}) {
  const held = ({ available = 0, pending = 0, reserved = 0 }) => map({ available: integer(available), pending: integer(pending), reserved: integer(reserved) });
  return {
    profileData: map({ email: text('ada@example.com'), fullName: text('Ada L'), country: text('CZ'), region: text('Prague') }),
    kycStatus: text(status), kycVersion: integer(version), tradingEnabled: { booleanValue: tradingEnabled }, accessVersion: integer(version),
    balances: map(Object.fromEntries(Object.entries(balances).map(([currency, each]) => [currency, held(each)]))),
    createdAt: moment(ago(100)), updatedAt: moment(ago(100)),
  };
}

export const caseDocument = ({ dueMs }) => ({ cycle: integer(1), attempt: integer(1), reasons: { arrayValue: { values: [] } }, ...(dueMs && { dueAt: moment(dueMs) }) });

/** `postings`: [[account, amount]]. */
export function transactionDocument({ userId, kind = 'DEPOSIT', status = 'SETTLED', amount, postings, expiresMs }) {
  return {
    userId: text(userId), kind: text(kind), amount: integer(amount), currency: text('CZK'), status: text(status), timestamp: moment(ago(8)), method: text('TRANSFER'),
    postings: { arrayValue: { values: postings.map(([account, each]) => map({ account: text(account), amount: integer(each) })) } },
    ...(expiresMs && { expiresAt: moment(expiresMs) }),
  };
}

let events = 0;
export function event(type, subject, data = {}) {
  events += 1;
  return { specversion: '1.0', id: `11111111-0000-4000-8000-${String(events).padStart(12, '0')}`, source: '//bank/test', type, subject, time: '2026-03-01T10:00:00Z', data };
}
export const registered = (subject) => event('UserRegistered', subject, { email: 'ada@example.com', fullName: 'Ada L', country: 'CZ', region: 'Prague' });
export const approved = (subject) => event('KycCompleted', subject, { decision: 'APPROVED', provider: 'branch', reviewId: `r-${subject}` });
export const suspended = (subject) => event('KycSuspended', subject, { reason: 'a name on a list' });
export const received = (subject, number) => event('PaymentReceived', subject, { transactionId: transactionId(number), amount: '700.00', currency: 'CZK', method: 'CASH' });

/** By the contract, and with nothing of the product's code. */
export const letterId = (consumer, body) => `${consumer}.${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;

/** The same of a message whose event has no id that can be read: its attributes and its own id tell it from others. */
export function unnamedLetterId(consumer, body, { attributes, messageId }) {
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return letterId(consumer, Buffer.concat([body, Buffer.from(JSON.stringify([sorted, messageId, 0]))]));
}

/** The letter of an event that waits for its customer, as the consumer would have filed it: [path, fields]. */
export function awaitedLetter(consumer, of, receivedMs) {
  const body = Buffer.from(JSON.stringify(of));
  return [`dead_letters/${letterId(consumer, body)}`, {
    consumer: text(consumer), kind: text('AWAITED'), status: text('OPEN'), reason: text(`awaits users/${of.subject}`), awaits: text(`users/${of.subject}`),
    body: { bytesValue: body }, bodyBytes: integer(body.length), truncated: { booleanValue: false }, receivedAt: moment(receivedMs), replays: integer(0),
    eventId: text(of.id), type: text(of.type), subject: text(of.subject),
  }];
}
