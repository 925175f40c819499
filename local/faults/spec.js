// What shall go wrong: the text that stands after --faults. Pure: what is wrong with it is thrown as one sentence that names
// the part. The parts are set apart by commas:
//
//   duplicate=0.05            of the deliveries that were acknowledged, so many come once more, up to 2 s later
//   twin=0.03                 ... are delivered twice at the same moment
//   delay=0.1:50-500ms        ... come late, by so much
//   reorder=0.2               ... are held back until later ones of other customers have overtaken them
//   status=0.03               ... are answered with 503 before the function hears of them
//   lost=0.03                 ... are carried out, and their answer is lost
//   commit.lost=0.02          of the functions' calls: carried out, the answer lost. So for `read`, `commit`, `publish` and, with
//                             a warehouse, `append`; and with drop, late, delay, reset, cut, unavailable, ... instead (see plan.js)
//   kill-functions=10s        the functions' process gets kill -9 about so often, while deliveries are in flight
//   kill-router=15s:2         so does the router, but twice at the most
//   all, or all:0.5           everything of ALL, or everything half as often. What is named beside it counts instead, and
//                             `=off` leaves it out
import { WrongArguments } from '../wrong-arguments.js';
import { AFTER_ONLY, BEFORE_ONLY, FAULTS } from './plan.js';

export const ROUTER_FAULTS = ['duplicate', 'twin', 'delay', 'reorder', 'status', 'lost'];
export const KILLED_PARTS = ['functions', 'router'];
const METHODS = { read: 'BatchGetDocuments', commit: 'Commit', publish: 'Publish', append: 'AppendRows' };

// After drop and late the caller waits for its timeout, 5 or 10 s, so those are rare.
export const ALL = [
  'duplicate=0.05', 'twin=0.03', 'delay=0.05:20-300ms', 'reorder=0.1', 'status=0.03', 'lost=0.03',
  'read.unavailable=0.01', 'read.reset=0.01', 'read.delay=0.02',
  'commit.lost=0.02', 'commit.unavailable=0.02', 'commit.aborted=0.01', 'commit.failed-precondition=0.01',
  'commit.deadline-exceeded=0.02', 'commit.drop=0.005', 'commit.late=0.003', 'commit.cut=0.005',
  'publish.lost=0.03', 'publish.unavailable=0.05', 'publish.late=0.02',
  'kill-functions=5s', 'kill-router=15s',
].join(',');
/** With a warehouse: 5 % of the appends, too, and no killed router. */
export const ALL_OF_WAREHOUSE = [
  ...ALL.split(',').filter((part) => !part.startsWith('kill-router')),
  'append.lost=0.02', 'append.unavailable=0.015', 'append.cut=0.005', 'append.late=0.005', 'append.reset=0.005',
].join(',');

const USUAL_DELAY = { leastMs: 50, mostMs: 500 };
const SHORTEST_INTERVAL_MS = 1000; // A process needs about as long to start.
const LONGEST_MS = 3_600_000;
const UNIT_MS = { ms: 1, s: 1000, m: 60_000 };
const CALLS_IN_A_DECK = 100; // More where a rate is so small that it wouldn't come to one card.
const MOST_CALLS_IN_A_DECK = 100_000;

// What a call may meet, as it is spelled here: { 'deadline-exceeded': 'DEADLINE_EXCEEDED', drop: 'drop', ... }.
const CALL_FAULTS = Object.fromEntries([...FAULTS, ...BEFORE_ONLY, ...AFTER_ONLY].map((fault) => [fault.toLowerCase().replaceAll('_', '-'), fault]));
const KILLS = KILLED_PARTS.map((part) => `kill-${part}`);

/**
 * { text, router: { name: rate }, delayMs, decks (see plan.js), kills: { functions?: { everyMs, most }, router?: ... } }. `warehouse`:
 * whether there is one.
 */
export function parseFaults(text, { warehouse = false } = {}) {
  const allOf = warehouse ? ALL_OF_WAREHOUSE : ALL;
  const settings = new Map();
  let everything = new Map();
  for (const part of text.split(',').map((each) => each.trim())) {
    const all = /^all(?::(.*))?$/.exec(part);
    const [name, value] = all ? ['all', all[1] ?? '1'] : parted(part);
    if (settings.has(name) || (all && everything.size > 0)) wrong(part, `${name} may be given only once`);
    if (all) everything = scaled(allOf, factorOf(part, value));
    else settings.set(name, settingOf(part, name, value));
    if (name.startsWith('append.') && !warehouse) wrong(part, 'nothing is appended without --warehouse');
    if (name === 'kill-router' && value !== 'off' && warehouse) wrong(part, 'a killed router loses the changes that it holds, and with them rows of --warehouse');
  }
  const chosen = new Map([...new Map([...everything, ...settings])].filter(([, { rate, everyMs }]) => rate > 0 || everyMs > 0));
  if (chosen.size === 0) wrong(text, 'nothing is left that could go wrong');
  const rates = (names) => Object.fromEntries(names.filter((name) => chosen.has(name)).map((name) => [name, chosen.get(name).rate]));
  return {
    text: [...chosen].map(([name, setting]) => `${name}=${spelled(setting)}`).join(','),
    router: rates(ROUTER_FAULTS),
    delayMs: { least: chosen.get('delay')?.leastMs ?? 0, most: chosen.get('delay')?.mostMs ?? 0 },
    decks: Object.fromEntries(Object.keys(METHODS).flatMap((call) => deckOf(call, chosen))),
    kills: Object.fromEntries(KILLED_PARTS.filter((part) => chosen.has(`kill-${part}`)).map((part) => [part, killOf(chosen.get(`kill-${part}`))])),
  };
}

/** The faults that have struck at a proxy ({ method: { 'drop before': count } }), by the names that are used here. */
export function namedCalls(struck) {
  const counts = {};
  for (const [call, method] of Object.entries(METHODS)) {
    for (const [fault, plain] of Object.entries(CALL_FAULTS)) {
      const count = ['before', 'after'].reduce((sum, when) => sum + (struck[method]?.[`${plain} ${when}`] ?? 0), 0);
      if (count > 0) counts[`${call}.${fault}`] = count;
    }
  }
  return counts;
}

function parted(part) {
  const at = part.indexOf('=');
  if (part === '') wrong('""', 'a part is missing between two commas');
  const name = at < 0 ? part : part.slice(0, at);
  checkName(part, name);
  if (at < 0) wrong(part, `it needs a value: ${part}=${KILLS.includes(part) ? '10s' : '0.05'}`);
  return [name, part.slice(at + 1)];
}

function checkName(part, name) {
  if ([...ROUTER_FAULTS, ...KILLS].includes(name)) return;
  const [call, fault, ...more] = name.split('.');
  if (fault === undefined) wrong(part, `there is no such fault; there are ${[...ROUTER_FAULTS, ...KILLS].join(', ')}, and those of calls, such as commit.lost`);
  if (!Object.hasOwn(METHODS, call)) wrong(part, `there is no such call; there are ${Object.keys(METHODS).join(', ')}`);
  if (!Object.hasOwn(CALL_FAULTS, fault) || more.length > 0) wrong(part, `there is no such fault of a call; there are ${Object.keys(CALL_FAULTS).join(', ')}`);
}

function settingOf(part, name, value) {
  if (value === 'off') return { rate: 0 };
  const [rate, range, ...more] = value.split(':');
  if (KILLS.includes(name)) return { everyMs: intervalOf(part, rate), ...(range === undefined ? {} : { most: timesOf(part, value.slice(rate.length + 1)) }) };
  if (range !== undefined && (name !== 'delay' || more.length > 0)) wrong(part, 'only delay has a range, as in delay=0.1:50-500ms');
  return { rate: rateOf(part, rate), ...(name === 'delay' ? rangeOf(part, range) : {}) };
}

function rateOf(part, text) {
  const rate = Number(text);
  if (!/^[0-9]*\.?[0-9]+$/.test(text) || rate > 1) wrong(part, 'not a rate between 0 and 1');
  if (rate > 0 && rate < 1 / MOST_CALLS_IN_A_DECK) wrong(part, `a rate below ${1 / MOST_CALLS_IN_A_DECK} would never strike`);
  return rate;
}

function intervalOf(part, text) {
  const everyMs = durationMs(text);
  if (everyMs === undefined) wrong(part, 'not a duration such as 10s, 1500ms or 2m');
  if (everyMs < SHORTEST_INTERVAL_MS || everyMs > LONGEST_MS) wrong(part, 'not between 1 s and an hour');
  return everyMs;
}

function timesOf(part, text) {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) wrong(part, 'after the colon stands how often at the most, as in kill-router=15s:2');
  return Number(text);
}

function rangeOf(part, text) {
  if (text === undefined) return USUAL_DELAY;
  const [, least, most, unit] = /^([0-9.]+)-([0-9.]+)(ms|s)$/.exec(text) ?? [];
  const [leastMs, mostMs] = [least, most].map((each) => durationMs(`${each}${unit}`));
  if (leastMs === undefined || mostMs === undefined) wrong(part, 'not a range such as 50-500ms or 1-2s');
  if (leastMs > mostMs || mostMs > LONGEST_MS) wrong(part, 'the range must begin with its smaller end, and end within an hour');
  return { leastMs, mostMs };
}

function durationMs(text) {
  const [, number, unit] = /^([0-9]*\.?[0-9]+)(ms|s|m)$/.exec(text) ?? [];
  return number === undefined ? undefined : Math.round(Number(number) * UNIT_MS[unit]);
}

function factorOf(part, text) {
  if (!/^[0-9]*\.?[0-9]+$/.test(text) || Number(text) <= 0 || Number(text) > 2) wrong(part, 'not a factor above 0 and up to 2');
  return Number(text);
}

function scaled(all, factor) {
  const rounded = (rate) => Math.max(1 / MOST_CALLS_IN_A_DECK, Number((rate * factor).toPrecision(3)));
  return new Map(all.split(',').map((part) => {
    const [name, value] = parted(part);
    const { rate, everyMs, ...rest } = settingOf(part, name, value);
    return [name, everyMs === undefined ? { ...rest, rate: rounded(rate) } : { everyMs: Math.min(LONGEST_MS, Math.max(SHORTEST_INTERVAL_MS, Math.round(everyMs / factor))) }];
  }));
}

/** [[method, deck]] of a call's faults, or none. A fault that may strike before and after has half of its cards for each. */
function deckOf(call, chosen) {
  const rates = Object.entries(CALL_FAULTS).flatMap(([fault, plain]) => {
    const rate = chosen.get(`${call}.${fault}`)?.rate;
    return rate === undefined ? [] : [{ plain, rate, whens: FAULTS.includes(plain) ? 2 : 1 }];
  });
  if (rates.length === 0) return [];
  const cardsOf = (calls) => rates.reduce((sum, { rate, whens }) => sum + Math.round(rate * calls / whens) * whens, 0);
  const calls = Math.max(CALLS_IN_A_DECK, ...rates.map(({ rate, whens }) => Math.ceil(whens / rate)));
  if (cardsOf(calls) > calls) wrong(`${call}.*`, 'its rates come to more than 1');
  return [[METHODS[call], { calls, ...Object.fromEntries(rates.map(({ plain, rate, whens }) => [plain, Math.round(rate * calls / whens)])) }]];
}

const killOf = ({ everyMs, most = Infinity }) => ({ everyMs, most });

function spelled({ rate, everyMs, most, leastMs, mostMs }) {
  if (everyMs !== undefined) return `${everyMs % 1000 === 0 ? `${everyMs / 1000}s` : `${everyMs}ms`}${most === undefined ? '' : `:${most}`}`;
  return mostMs === undefined ? String(rate) : `${rate}:${leastMs}-${mostMs}ms`;
}

function wrong(part, why) {
  throw new WrongArguments(`--faults ${part}: ${why}.`);
}
