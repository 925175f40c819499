// What each command does. Each resolves with the exit status.
import { WrongArguments } from '../../local/wrong-arguments.js';
import { inRegionOf } from '../publishing-region.js';
import { confirmed } from './confirm.js';
import { Groups, groupsOf } from './groups.js';
import { startProgress } from './progress.js';
import { openReplayJob } from './replay-job.js';
import { OnTheWay, replayKeys } from './replay.js';
import { count, groupLines, letterLine, letterLines, letters, outcomeLines, planLines, refusedLines, remarkLines } from './tables.js';

export const EXIT_DONE = 0;
export const EXIT_NOT_ALL = 1;
const NOTE_EVERY = 500;
/** The topic to which letters are replayed. */
const REPLAYS = 'replays';
const WAREHOUSE = 'warehouse';
const NOT_AN_EVENT = 'it has a row for BigQuery in it, which npm run warehouse -- replay appends';

/** `say`: prints lines; `note`: says how far it is, on a terminal. */
export async function list({ wanted, store, target, consumers, say, note }) {
  const groups = new Groups();
  let seen = 0;
  for await (const letter of store.matching(wanted.filters)) {
    seen += 1;
    if (!wanted.letters) noteRead(seen, note);
    if (!wanted.letters) groups.add(letter);
    else if (wanted.json) say(JSON.stringify(withoutUpdateTime(letter)));
    else say(letterLine(letter));
  }
  if (!wanted.letters) note('');
  const sorted = groups.sorted();
  if (wanted.json) {
    for (const group of sorted) say(JSON.stringify(group));
    return EXIT_DONE;
  }
  const status = wanted.filters.status?.toLowerCase() ?? 'all';
  if (seen === 0) say(`No letter (status: ${status}) in ${target.what}${noSuchFunction(wanted, consumers)}.`);
  else if (wanted.letters) say(`${letters(seen)} (status: ${status}) in ${target.what}`);
  else say(`${letters(seen)} (status: ${status}) in ${target.what}, in ${sorted.length === 1 ? '1 group' : `${count(sorted.length)} groups`}`, '', ...groupLines(sorted));
  return EXIT_DONE;
}

export async function show({ wanted, store, target, consumers, say, write }) {
  const [id] = wanted.ids;
  const found = await store.whole(id);
  if (!found) throw new WrongArguments(`There is no letter ${id}.`);
  if (wanted.raw) {
    await write(found.body);
    return EXIT_DONE;
  }
  say(...letterLines(id, found.fields, found.body));
  if (found.letter.consumer === WAREHOUSE) {
    say('', `A replay of events can't do it: ${NOT_AN_EVENT}.`);
    return EXIT_DONE;
  }
  const { refused } = await openReplayJob({ target, consumers, wanted }).plan([id]);
  say('', refused.length > 0 ? `It can't be replayed: ${refused[0].why}.` : `A replay would publish it for ${found.letter.consumer}, key ${found.letter.subject ?? 'none'}.`);
  return EXIT_DONE;
}

export async function replay({ wanted, store, target, consumers, say, note, stopped, stop }) {
  const { found, missing } = await wantedLetters(wanted, store, note);
  const job = openReplayJob({ target: wanted.dryRun ? target : await inRegionOf(target, REPLAYS), consumers, wanted });
  const events = found.filter(({ consumer }) => consumer !== WAREHOUSE);
  const { keys, refused: unfit } = events.length === 0 ? { keys: [], refused: [] } : await job.plan(events.map(({ id }) => id));
  const byId = new Map(found.map((letter) => [letter.id, letter]));
  const entries = keys.flat().map(({ letter: id }) => ({ letter: byId.get(id) }));
  const rows = found.filter(({ consumer }) => consumer === WAREHOUSE).map((letter) => ({ letter, why: NOT_AN_EVENT }));
  const refused = [...unfit.map(({ letter: id, why }) => ({ letter: { id }, why })), ...rows, ...missing];
  if (found.length + missing.length === 0) say(`No open letter matches in ${target.what}${noSuchFunction(wanted, consumers)}.`);
  else if (entries.length === 0) say(`None of ${letters(found.length + missing.length)} in ${target.what} can be replayed.`);
  else say(`${letters(entries.length)} of ${target.what} to be replayed:`, ...planLines(entries));
  say(...refusedLines(refused));
  stopped.throwIfAborted();
  if (wanted.dryRun) {
    say('Nothing was published: this was a dry run.');
    return EXIT_DONE;
  }
  if (entries.length > 0) {
    if (!await confirmed({ question: `Replay ${letters(entries.length)} of ${target.what}?`, yes: wanted.yes, signal: stopped })) {
      say('Nothing was published.');
      return EXIT_NOT_ALL;
    }
    await carriedOut({ keys, entries, job, wanted, stopped, stop });
    say('', ...outcomeLines(entries), ...remarkLines(entries));
  }
  if (stopped.aborted) say(`${stoppedBecause(stopped)} ${letters(entries.filter(({ result }) => !result).length)} not reached or still on the way; the same command goes on with those that are open.`);
  const done = wanted.wait ? 'REPLAYED' : 'PUBLISHED';
  return refused.length === 0 && entries.every(({ result }) => result?.outcome === done) ? EXIT_DONE : EXIT_NOT_ALL;
}

async function carriedOut({ keys, entries, job, wanted, stopped, stop }) {
  const onTheWay = new OnTheWay();
  const progress = startProgress({ total: entries.length, waiting: () => onTheWay.waiting() });
  try {
    await replayKeys(keys, {
      step: job.step, entries: new Map(entries.map((entry) => [entry.letter.id, entry])), waits: wanted.wait, stop, stopped,
      onTheWay, onChange: progress.changed,
    });
  } finally {
    progress.stop();
  }
}

export async function discard({ wanted, store, target, consumers, say, note, stopped }) {
  const { found, missing } = await wantedLetters(wanted, store, note);
  const open = found.filter(({ status }) => status === 'OPEN');
  const refused = [...found.filter(({ status }) => status !== 'OPEN').map((letter) => ({ letter, why: `it is ${letter.status}, not OPEN` })), ...missing];
  if (open.length === 0) say(`No open letter matches in ${target.what}${noSuchFunction(wanted, consumers)}.`);
  else say(`${letters(open.length)} of ${target.what} to be discarded, their events never handled:`, ...groupLines(groupsOf(open)));
  say(...refusedLines(refused));
  stopped.throwIfAborted();
  if (wanted.dryRun) {
    say('Nothing was discarded: this was a dry run.');
    return EXIT_DONE;
  }
  if (open.length === 0) return refused.length === 0 ? EXIT_DONE : EXIT_NOT_ALL;
  if (!await confirmed({ question: `Discard ${letters(open.length)} of ${target.what}?`, yes: wanted.yes, signal: stopped })) {
    say('Nothing was discarded.');
    return EXIT_NOT_ALL;
  }
  const left = await discarded({ open, why: wanted.why, store, say, stopped });
  return left + refused.length === 0 ? EXIT_DONE : EXIT_NOT_ALL;
}

/** Resolves with how many were left. */
export async function discarded({ open, why, store, say, stopped }) {
  const changed = [];
  let closed = 0;
  try {
    await store.discard(open, why, (letter, isClosed, because) => {
      if (isClosed) closed += 1;
      else changed.push({ letter, why: because });
    });
  } finally {
    say(`${letters(closed)} discarded.`, ...refusedLines(changed));
  }
  const notReached = open.length - closed - changed.length;
  if (notReached > 0) say(`${stoppedBecause(stopped)} ${letters(notReached)} not reached; the same command goes on with those that are open.`);
  return changed.length + notReached;
}

/** { found: [letter], missing: [{letter: {id}, why}] } of the ids or the filters. */
async function wantedLetters({ ids, filters }, store, note) {
  const found = [];
  if (ids.length === 0) {
    for await (const letter of store.matching({ ...filters, status: 'OPEN' })) {
      found.push(letter);
      noteRead(found.length, note);
    }
    note('');
    return { found, missing: [] };
  }
  const byId = await store.read(ids);
  found.push(...byId.values());
  return { found, missing: ids.filter((id) => !byId.has(id)).map((id) => ({ letter: { id }, why: 'there is no such letter' })) };
}

function noteRead(howMany, note) {
  if (howMany % NOTE_EVERY === 0) note(`${letters(howMany)} read`);
}

const noSuchFunction = ({ filters: { consumer } }, consumers) => (consumer && consumer !== WAREHOUSE && !consumers.includes(consumer) ? `; there is no function ${consumer} either` : '');

const stoppedBecause = ({ reason }) => `Stopped${reason?.why ? ` because ${reason.why}` : ''}:`;

function withoutUpdateTime({ updateTime: _, receivedMs: _ms, ...letter }) {
  return letter;
}
