// What a list of events must come to, counted from the raw facts alone: sums of money, and what the last fact about a
// customer says. Nothing here is the product's.
import { createHash } from 'node:crypto';

// What each fact makes of a customer, and what it has the rest of the world told, in this order.
const KYC_FACTS = {
  'KycSubmitted': { kycStatus: 'SUBMITTED' },
  'KycCompleted APPROVED': { kycStatus: 'APPROVED', tells: ['UserActive', 'NotificationRequested'] },
  'KycCompleted REJECTED': { kycStatus: 'REJECTED', tells: ['NotificationRequested'] },
  'KycCompleted RESUBMIT': { kycStatus: 'RESUBMISSION_REQUIRED', tells: ['NotificationRequested'] },
  'KycCompleted REVIEW': { kycStatus: 'IN_REVIEW' },
  'KycReviewed APPROVED': { kycStatus: 'APPROVED', tells: ['UserActive', 'NotificationRequested'] },
  'KycSuspended': { kycStatus: 'SUSPENDED', tells: ['UserRestricted'] },
  'KycReinstated': { kycStatus: 'APPROVED', tells: ['UserActive'] },
  'AccountClosed': { kycStatus: 'CLOSED', tells: ['UserRestricted'] },
};

/** Follow-ups that say whether a customer may trade. */
const STANDINGS = ['UserActive', 'UserRestricted'];

/**
 * `events` in the order of sending, copies included: { users, transactions, followUps }, where users: Map of id to what the
 * document must say, transactions: the same, followUps: a list of { record (that owes it), id, type }.
 */
export function expectationOf(events) {
  const users = new Map();
  const transactions = new Map();
  const followUps = [];
  const owed = (consumer, cause, ...types) => types.forEach((type, index) => {
    followUps.push({ record: `${consumer}.${cause.id}`, id: followUpId(cause.id, consumer, index), type });
  });

  for (const event of distinct(events)) {
    if (event.type === 'UserRegistered') {
      users.set(event.subject, { kycStatus: 'PENDING', kycVersion: 0, tradingEnabled: false, accessVersion: 0, balances: {} });
      owed('kyc-request', event, 'KycRequested');
      continue;
    }
    const user = users.get(event.subject);
    if (event.data.transactionId) {
      const { transactionId, currency, method } = event.data;
      const amount = Number(event.data.amount.replace('.', ''));
      const change = event.type === 'PaymentReceived' ? amount : -amount;
      const [outside, inside] = [{ account: `external:${method}`, amount: -change }, { account: 'available', amount: change }];
      transactions.set(transactionId, {
        userId: event.subject, amount, currency, status: 'SETTLED',
        postings: event.type === 'PaymentReceived' ? [outside, inside] : [inside, outside], // From where, and to where.
      });
      const before = user.balances[currency]?.available ?? 0;
      user.balances[currency] = { available: before + change, pending: 0, reserved: 0 };
      if (before >= 0 && before + change < 0) owed('payments', event, 'NotificationRequested');
    } else {
      const { kycStatus, tells = [] } = KYC_FACTS[[event.type, event.data.decision].filter(Boolean).join(' ')];
      user.kycStatus = kycStatus;
      user.kycVersion += 1;
      owed('kyc', event, ...tells);
      if (!tells.some((type) => STANDINGS.includes(type))) continue;
      user.tradingEnabled = tells.includes('UserActive');
      user.accessVersion = user.kycVersion;
    }
  }
  return { users, transactions, followUps };
}

/** Each event once, in the order of its first sending. */
export const distinct = (events) => [...new Map(events.map((event) => [event.id, event])).values()];

/** UUIDv5 of (namespace: the id of the event that it comes of, name: "{consumer}/{index}"). */
function followUpId(causeId, consumer, index) {
  const bytes = createHash('sha1').update(Buffer.from(causeId.replaceAll('-', ''), 'hex')).update(`${consumer}/${index}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
