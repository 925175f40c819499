// The documents of a middling fintech, put into a Firestore emulator by hand: customers with their balances, and what they paid. Events
// would take minutes, and what is measured is how the page copes with many documents, not how they came.
import { createHash } from 'node:crypto';

const CURRENCIES = ['EUR', 'CZK', 'JPY'];
const REGIONS = ['Prague', 'south Moravia', 'north Bohemia', 'Skåne'];
const STATUSES = ['APPROVED', 'APPROVED', 'APPROVED', 'PENDING', 'IN_REVIEW', 'SUBMITTED', 'REJECTED'];
const DAY_MS = 86_400_000;
const IN_ONE_WRITE = 400;
const AT_ONCE = 8;

/** A UUID that is the same in every run. */
export function idOf(kind, number) {
  const hex = createHash('sha256').update(`${kind} ${number}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function userOf(number, changes = {}) {
  const status = STATUSES[number % STATUSES.length];
  const available = 1_000 + number * 37;
  return {
    profileData: { email: `owner-${number}@example.com`, fullName: `Customer ${String(number).padStart(5, '0')}`, country: 'CZ', region: REGIONS[number % REGIONS.length] },
    kycStatus: status, kycVersion: 1, accessVersion: 1, tradingEnabled: status === 'APPROVED',
    balances: { [CURRENCIES[number % CURRENCIES.length]]: { available, pending: 0, reserved: 0 } },
    createdAt: new Date(Date.now() - (number % 300) * DAY_MS), updatedAt: new Date(), ...changes,
  };
}

export function transactionOf(number, { users, at = new Date(Date.now() - (number % 90) * DAY_MS - number * 1_000) }) {
  const amount = 100 + (number * 977) % 100_000;
  return {
    userId: idOf('user', number % users), kind: 'DEPOSIT', status: 'SETTLED', amount, currency: CURRENCIES[number % CURRENCIES.length], method: 'CARD', timestamp: at,
    reference: `RF${number}`, postings: [{ account: 'external:CARD', amount: -amount }, { account: 'available', amount }],
  };
}

/** Writes them all, some hundred at once; `tell(done, of)` hears how far it is. `firestore` is a client of @google-cloud/firestore. */
export async function seed(firestore, { users, transactions, tell = () => {} }) {
  const documents = function* documents() {
    for (let number = 0; number < users; number += 1) yield [`users/${idOf('user', number)}`, userOf(number)];
    for (let number = 0; number < transactions; number += 1) yield [`transactions/${idOf('transaction', number)}`, transactionOf(number, { users })];
  }();
  const total = users + transactions;
  let done = 0;
  const worker = async () => {
    for (let batch = taken(documents); batch.length > 0; batch = taken(documents)) {
      const write = firestore.batch();
      for (const [path, fields] of batch) write.set(firestore.doc(path), fields);
      await write.commit();
      done += batch.length;
      tell(done, total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function taken(documents) {
  const batch = [];
  while (batch.length < IN_ONE_WRITE) {
    const { value, done } = documents.next();
    if (done) break;
    batch.push(value);
  }
  return batch;
}
