// The customers' balances beside the bank's own, where there is a balances.csv beside the events file.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SHOWN = 6;

// As the functions have them. Node's own say how a currency is commonly written: HUF without its two decimals.
const DECIMALS = JSON.parse(readFileSync(new URL('../../contracts/currencies.json', import.meta.url), 'utf8'));

/** Map from user id to { region, grade, bankMinor, sumMinor }, of all files that have such a list beside them. */
export function readBankBalances(eventFiles) {
  const balances = new Map();
  for (const folder of new Set(eventFiles.map((file) => dirname(file)))) {
    const file = join(folder, 'balances.csv');
    if (!existsSync(file)) continue;
    const [header, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    const columns = header.split(',');
    for (const line of lines) {
      const row = Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell]));
      balances.set(row.userId, {
        region: row.region, grade: row.grade, bankMinor: BigInt(row.bankBalanceMinor), sumMinor: BigInt(row.sumOfAmountsMinor),
      });
    }
  }
  return balances;
}

/** `users`: exported documents. Resolves with the rows to show and how many of all agree with the bank. */
export async function compareBalances(users, bank) {
  const rows = [];
  const counts = { users: 0, compared: 0, sumAgrees: 0, exact: 0, exactAgrees: 0 };
  for await (const user of users) {
    counts.users += 1;
    for (const { currency, minor } of balancesOf(user)) {
      const listed = bank.get(user.id);
      const row = { name: user.profileData?.fullName ?? user.id, region: user.profileData?.region ?? '', currency, minor, ...listed };
      if (listed) {
        counts.compared += 1;
        counts.sumAgrees += Number(minor === listed.sumMinor);
        counts.exact += Number(listed.grade === 'exact');
        counts.exactAgrees += Number(listed.grade === 'exact' && minor === listed.bankMinor);
      }
      rows.push(row);
    }
  }
  return { counts, rows: chosen(rows) };
}

/** A sum may be beyond what a double holds exactly, though none of its parts is. */
export function balancesOf({ balances = {} }) {
  return Object.entries(balances).map(([currency, { available = 0, pending = 0, reserved = 0 }]) => (
    { currency, minor: BigInt(available) + BigInt(pending) + BigInt(reserved) }
  ));
}

// Balances that disagree come first, then some that the bank itself recorded to the haler, then the others.
function chosen(rows) {
  const rank = ({ grade, minor, sumMinor, bankMinor }) => {
    if (grade === undefined) return 3;
    if (minor !== sumMinor || (grade === 'exact' && minor !== bankMinor)) return 0;
    return grade === 'exact' ? 1 : 2;
  };
  const byRank = [0, 1, 2, 3].map((each) => rows.filter((row) => rank(row) === each));
  const half = byRank[2].length > 0 ? SHOWN / 2 : SHOWN;
  return [...byRank[0], ...byRank[1].slice(0, half), ...byRank[2], ...byRank[1].slice(half), ...byRank[3]].slice(0, SHOWN);
}

/** Of a BigInt or a number: 90000 haler -> "900.00 CZK". */
export function inUnits(minor, currency) {
  const digits = DECIMALS[currency];
  const text = String(absolute(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${minor < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''} ${currency}`;
}

export const absolute = (minor) => (minor < 0 ? -minor : minor);
