// The trial balance once more, from an export and in another language than the function's: two that agree by mistake would have
// to make the same one twice.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExactly } from '../../../local/exact-json.js';

const OWN_ACCOUNTS = new Set(['available', 'pending', 'reserved']);

/** One sentence for each thing that is wrong; none if all is well. Documents are as the export writes them. */
export function trialBalance(users, transactions) {
  const complaints = [];
  const held = new Map(); // `users/{id} {currency} {account}` -> minor units
  const posted = new Map();
  const known = new Set();
  for (const { id, balances = {} } of users) {
    known.add(id);
    for (const [currency, accounts] of Object.entries(balances)) {
      for (const [account, amount] of Object.entries(accounts)) add(held, `users/${id} ${currency} ${account}`, amount);
    }
  }
  for (const { id, userId, currency, postings } of transactions) {
    if (!known.has(userId)) complaints.push(`transactions/${id}: users/${userId} isn't there`);
    let sum = 0n;
    for (const { account, amount } of postings) {
      sum += BigInt(amount);
      if (OWN_ACCOUNTS.has(account)) add(posted, `users/${userId} ${currency} ${account}`, amount);
      else if (!/^external:./.test(account)) complaints.push(`transactions/${id}: there is no account ${account}`);
    }
    if (sum !== 0n) complaints.push(`transactions/${id}: its postings sum to ${sum}`);
  }
  for (const account of new Set([...held.keys(), ...posted.keys()])) {
    const [is, ought] = [held.get(account) ?? 0n, posted.get(account) ?? 0n];
    if (is !== ought) complaints.push(`${account} is ${is}, its postings sum to ${ought}`);
  }
  return complaints;
}

/** The same of a folder that `--export` wrote. */
export function trialBalanceOf(exportDir) {
  const documents = (collection) => {
    const file = join(exportDir, `${collection}.ndjson`);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parseExactly) : [];
  };
  return trialBalance(documents('users'), documents('transactions'));
}

function add(sums, account, amount) {
  sums.set(account, (sums.get(account) ?? 0n) + BigInt(amount));
}
