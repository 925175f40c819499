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

/**
 * `users`: exported documents; `ofRun`: the subjects of this run's events. Resolves with the rows to show and how many of all agree with
 * the bank.
 */
export async function compareBalances(users, bank, ofRun = new Set()) {
  const rows = [];
  const counts = { users: 0, compared: 0, sumAgrees: 0, exact: 0, exactAgrees: 0 };
  for await (const user of users) {
    counts.users += 1;
    for (const { currency, minor } of balancesOf(user)) {
      const listed = bank.get(user.id);
      const row = { name: user.profileData?.fullName ?? user.id, region: user.profileData?.region ?? '', currency, minor, isOfRun: ofRun.has(user.id), ...listed };
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

// Balances that disagree come first, then customers of this run, where it isn't the first on its stack. Of each some that the bank itself
// recorded to the haler, then the others.
function chosen(rows) {
  const isWrong = ({ grade, minor, sumMinor, bankMinor }) => grade !== undefined && (minor !== sumMinor || (grade === 'exact' && minor !== bankMinor));
  const right = rows.filter((row) => !isWrong(row));
  return [
    ...rows.filter(isWrong), ...mixed(right.filter(({ isOfRun }) => isOfRun)), ...mixed(right.filter(({ isOfRun }) => !isOfRun)),
  ].slice(0, SHOWN);
}

function mixed(rows) {
  const [exact, listed, others] = [
    rows.filter(({ grade }) => grade === 'exact'), rows.filter(({ grade }) => grade !== undefined && grade !== 'exact'), rows.filter(({ grade }) => grade === undefined),
  ];
  const half = listed.length > 0 ? SHOWN / 2 : SHOWN;
  return [...exact.slice(0, half), ...listed, ...exact.slice(half), ...others];
}

/** Of a BigInt or a number: 90000 haler -> "900.00 CZK". */
export function inUnits(minor, currency) {
  const digits = DECIMALS[currency];
  const text = String(absolute(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${minor < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''} ${currency}`;
}

export const absolute = (minor) => (minor < 0 ? -minor : minor);
