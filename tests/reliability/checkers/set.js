// Set: what was added is there once. An event takes effect at most once per consumer, each registration is one user,
// each payment one transaction, each follow-up belongs to one record, and the last word on a customer has reached its document.
const PAYMENTS = ['PaymentReceived', 'PaymentSent'];
const STANDINGS = ['UserActive', 'UserRestricted'];

/** Complaints, none if all is well. */
export function set({ sent, records, users, transactions, effects }) {
  return [
    ...repeated(effects).map(([pair, times]) => `${pair} took effect ${times} times`),
    ...repeated(records.map(({ id }) => id)).map(([id, times]) => `processed_events/${id} is there ${times} times`),
    ...records.filter(({ id, consumer, eventId }) => id !== `${consumer}.${eventId}`).map(({ id, consumer, eventId }) => `processed_events/${id} says that it is ${consumer}.${eventId}`),
    ...wrongUsers({ sent, records, users }),
    ...wrongTransactions({ sent, records, transactions }),
    ...wrongFollowUps({ sent, records }),
    ...wrongStandings({ records, users }),
  ];
}

/** The facts of these types, each once, that the consumer says it has applied. */
function appliedBy(consumer, types, { sent, records }) {
  const applied = new Set(records.filter(({ outcome }) => outcome === 'APPLIED').map(({ id }) => id));
  const facts = [...new Map(sent.map((fact) => [fact.id, fact])).values()];
  return facts.filter(({ id, type }) => types.includes(type) && applied.has(`${consumer}.${id}`));
}

function wrongUsers({ sent, records, users }) {
  const registered = appliedBy('profile', ['UserRegistered'], { sent, records }).map(({ subject }) => subject);
  const there = users.map(({ id }) => id);
  return [
    ...repeated(there).map(([id, times]) => `users/${id} is there ${times} times`),
    ...registered.filter((id) => !there.includes(id)).map((id) => `users/${id} isn't there, but was registered`),
    ...there.filter((id) => !registered.includes(id)).map((id) => `users/${id} is there, but was never registered`),
  ];
}

function wrongTransactions({ sent, records, transactions }) {
  const payments = appliedBy('payments', PAYMENTS, { sent, records });
  const byId = new Map(transactions.map((transaction) => [transaction.id, transaction]));
  const paid = new Set(payments.map(({ data }) => data.transactionId));
  return [
    ...repeated(payments.map(({ data }) => data.transactionId)).map(([id, times]) => `transactions/${id}: ${times} payments of it were applied`),
    ...repeated(transactions.map(({ id }) => id)).map(([id, times]) => `transactions/${id} is there ${times} times`),
    ...payments.filter(({ data }) => !byId.has(data.transactionId)).map(({ id, data }) => `transactions/${data.transactionId} isn't there, but payments.${id} was applied`),
    ...[...byId.keys()].filter((id) => !paid.has(id)).map((id) => `transactions/${id} is there, but no payment of it was applied`),
    ...payments.filter(({ data }) => byId.has(data.transactionId)).flatMap(({ type, subject, data }) => {
      const minor = BigInt(data.amount.replace('.', ''));
      const due = [subject, data.currency, minor, type === 'PaymentReceived' ? minor : -minor].join();
      const { userId, currency, amount, postings } = byId.get(data.transactionId);
      const is = [userId, currency, amount, postings.find(({ account }) => account === 'available')?.amount].join();
      return is === due ? [] : [`transactions/${data.transactionId} is ${is}, not ${due}`];
    }),
  ];
}

function wrongFollowUps({ sent, records }) {
  const sentIds = new Set(sent.map(({ id }) => id));
  const owed = records.flatMap(({ owes }) => owes.map(({ id }) => id));
  return [
    ...repeated(owed).map(([id, times]) => `the follow-up ${id} is owed ${times} times`),
    ...owed.filter((id) => sentIds.has(id)).map((id) => `the follow-up ${id} has the id of an event that was sent`),
    ...records.filter(({ owes, outgoingIds }) => owes.map(({ id }) => id).join() !== outgoingIds.join())
      .map(({ id, outgoingIds }) => `processed_events/${id} lists ${outgoingIds.join() || 'no follow-up'}, and owes others`),
  ];
}

/** Of the follow-ups that say whether a customer may trade, the newest counts, in whatever order they came. */
function wrongStandings({ records, users }) {
  const newest = new Map();
  for (const { type, subject, data } of records.flatMap(({ owes }) => owes)) {
    if (STANDINGS.includes(type) && data.version > (newest.get(subject)?.version ?? 0)) newest.set(subject, { version: data.version, type });
  }
  return users.flatMap(({ id, accessVersion, tradingEnabled }) => {
    const { version = 0, type } = newest.get(id) ?? {};
    const isRight = accessVersion === version && tradingEnabled === (type === 'UserActive');
    return isRight ? [] : [`users/${id} stands at version ${accessVersion}, trading ${tradingEnabled}; the newest it was told is ${version}, ${type ?? 'nothing'}`];
  });
}

/** [[value, times]] of those that are there more than once. */
function repeated(values) {
  const times = new Map();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return [...times].filter(([, count]) => count > 1);
}
