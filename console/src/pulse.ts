// The summaries that the function `pulse` writes, each of its instances a document a minute, added up.

import { map, moment, text, whole, type Row } from './rows.js';
import type { Value } from './exact.js';

export interface Minute {
  at: Date;
  changes: Map<string, number>;
  /** "transactions.SETTLED" -> how many became that. */
  statuses: Map<string, number>;
  /** "DEPOSIT CZK" -> minor units. */
  amounts: Map<string, bigint>;
}

export interface Newest {
  transactions: Record<string, Value>[];
  kyc: Record<string, Value>[];
  letters: Record<string, Value>[];
}

const MOST_NEWEST = 20;

/** One for each minute that has any, the oldest first. */
export function minutesOf(rows: readonly Row[]): Minute[] {
  const minutes = new Map<number, Minute>();
  for (const { data } of rows) {
    const at = moment(data.minute);
    if (!at) continue;
    const minute = minutes.get(at.getTime()) ?? { at, changes: new Map(), statuses: new Map(), amounts: new Map() };
    minutes.set(at.getTime(), minute);
    for (const [name, count] of Object.entries(map(data.changes))) add(minute.changes, name, Number(count));
    for (const [name, count] of counts(map(data.statuses))) add(minute.statuses, name, count);
    for (const [kind, byCurrency] of Object.entries(map(data.amounts))) {
      for (const [currency, minor] of Object.entries(map(byCurrency))) {
        minute.amounts.set(`${kind} ${currency}`, (minute.amounts.get(`${kind} ${currency}`) ?? 0n) + (whole(minor) ?? 0n));
      }
    }
  }
  return [...minutes.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** "transactions.SETTLED" is a name, or a map in a map, as the document has it. */
function counts(statuses: Record<string, Value>): [string, number][] {
  return Object.entries(statuses).flatMap(([name, value]): [string, number][] => (
    typeof value === 'object' && value !== null ? Object.entries(map(value)).map(([status, count]) => [`${name}.${status}`, Number(count)]) : [[name, Number(value)]]
  ));
}

export function newestOf(rows: readonly Row[]): Newest {
  const of = (field: string, key: string) => {
    const all = rows.flatMap(({ data }) => (Array.isArray(data[field]) ? data[field] : [])).map(map);
    const latest = all.sort((a, b) => (moment(b.at)?.getTime() ?? 0) - (moment(a.at)?.getTime() ?? 0));
    const seen = new Set<string>();
    return latest.filter((one) => {
      const id = `${text(one[key])} ${text(one.status)}`;
      return !seen.has(id) && seen.add(id);
    }).slice(0, MOST_NEWEST);
  };
  return { transactions: of('transactions', 'id'), kyc: of('kyc', 'userId'), letters: of('letters', 'id') };
}

const add = (sums: Map<string, number>, name: string, count: number) => sums.set(name, (sums.get(name) ?? 0) + count);

/** Of the minutes since then. */
export function sum(minutes: readonly Minute[], name: string, of: 'changes' | 'statuses'): number {
  return minutes.reduce((all, minute) => all + (minute[of].get(name) ?? 0), 0);
}
