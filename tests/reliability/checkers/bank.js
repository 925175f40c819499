// Bank: money is neither made nor lost. Each balance is the sum of what the customer received and sent, each transaction's
// postings come to zero, and the balances say what the postings say.
const DIRECTIONS = { PaymentReceived: 1n, PaymentSent: -1n };

/** Complaints, none if all is well. */
export function bank({ sent, records, letters, users, transactions }) {
  const due = dueBalances({ sent, records, letters });
  const posted = totals(transactions.map(({ userId, currency, postings }) => [userId, currency, sumOf(postings.filter(({ account }) => account === 'available'))]));
  const held = totals(users.flatMap(({ id, balances = {} }) => Object.entries(balances).map(([currency, { available }]) => [id, currency, available])));
  return [
    ...apart(held, due, (account, is, due) => `${account} has ${is}, but received and sent come to ${due}`),
    ...apart(held, posted, (account, is, posted) => `${account} has ${is}, but its transactions' postings come to ${posted}`),
    ...transactions.filter(({ postings }) => sumOf(postings) !== 0n).map(({ id, postings }) => `transactions/${id}: its postings come to ${sumOf(postings)}, not to zero`),
    ...users.flatMap(({ id, balances = {} }) => Object.entries(balances).flatMap(([currency, { pending, reserved }]) => (
      pending === 0 && reserved === 0 ? [] : [`users/${id} ${currency} has ${pending} pending and ${reserved} reserved, of payments that are neither`]
    ))),
  ];
}

/** Of every payment that was sent, once, unless it was turned away: refused, or filed without a record. */
function dueBalances({ sent, records, letters }) {
  const outcomes = new Map(records.map(({ id, outcome }) => [id, outcome]));
  const filed = new Set(letters.map(({ id }) => id));
  const payments = new Map(sent.filter(({ type }) => Object.hasOwn(DIRECTIONS, type)).map((payment) => [payment.id, payment]));
  const taken = [...payments.values()].filter(({ id, hash }) => {
    const outcome = outcomes.get(`payments.${id}`);
    return outcome === undefined ? !filed.has(`payments.${hash}`) : outcome === 'APPLIED';
  });
  return totals(taken.map(({ type, subject, data: { amount, currency } }) => [subject, currency, DIRECTIONS[type] * minorOf(amount)]));
}

/** Map of `users/{id} {currency}` to the sum. */
function totals(entries) {
  const sums = new Map();
  for (const [userId, currency, minor] of entries) {
    const account = `users/${userId} ${currency}`;
    sums.set(account, (sums.get(account) ?? 0n) + BigInt(minor));
  }
  return sums;
}

function apart(one, other, sentence) {
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((account) => {
    const [is, due] = [one.get(account) ?? 0n, other.get(account) ?? 0n];
    return is === due ? [] : [sentence(account, is, due)];
  });
}

const sumOf = (postings) => postings.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
const minorOf = (amount) => BigInt(amount.replace('.', ''));
