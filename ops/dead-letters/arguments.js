// The command line of `npm run dead-letters`. Pure. An error is one sentence that names the flag.
import { wrong } from '../../local/wrong-arguments.js';
import { parseFlags } from '../flags.js';
import { targetFlags } from '../target-flags.js';
import { KINDS, LETTER_ID, STATUSES } from './letter.js';
import { parseTimeMs } from './time.js';

const FILTERS = ['consumer', 'kind', 'type', 'subject', 'reason', 'before', 'after'];
const WHERE = ['project', 'database', 'help'];
const OF_COMMAND = {
  list: [...FILTERS, 'status', 'letters', 'json', ...WHERE],
  show: ['raw', ...WHERE],
  replay: [...FILTERS, 'all', 'dry-run', 'yes', 'no-wait', 'settle-within', ...WHERE],
  discard: [...FILTERS, 'all', 'why', 'dry-run', 'yes', ...WHERE],
};
/** What stands for the value; of a switch nothing. */
const FLAGS = {
  consumer: 'FUNCTION', kind: 'KIND', type: 'TYPE', subject: 'ID', reason: 'TEXT', before: 'TIME', after: 'TIME', status: 'STATUS',
  why: 'TEXT', project: 'ID', database: 'ID', 'settle-within': 'SECONDS',
  letters: undefined, json: undefined, raw: undefined, all: undefined, 'dry-run': undefined, yes: undefined, 'no-wait': undefined, help: undefined,
};
const SETTLE_WITHIN_S = 300;

export const USAGE = `npm run dead-letters -- list [filters] [--status STATUS] [--letters] [--json]
                        -- show LETTER [--raw]
                        -- replay LETTER ... | filters | --all  [--dry-run] [--yes] [--no-wait]
                        -- discard LETTER ... | filters | --all  --why TEXT [--dry-run] [--yes]

  list      counts the letters by consumer, kind and reason, the largest group first
    --status STATUS      OPEN (default), REPLAYED, DISCARDED or all
    --letters            a line for each letter instead of each group
    --json               one JSON object a line
  show      every field of one letter and its body, which may hold personal data
    --raw                the body's exact bytes and nothing else (with npm run --silent)
  replay    publishes open letters again, those of one key one after the other, and waits until each is settled
    --dry-run            say what would be done, and do nothing
    --yes                don't ask; needed where no terminal is there to answer
    --no-wait            don't wait: the order of a key then holds for each consumer only
    --settle-within S    give a letter up that isn't settled within S seconds (${SETTLE_WITHIN_S}), and leave its key
    A letter is refused if it is older than 40 days (12 if CRASHED), cut, not open, or of a type that isn't published where it came.
    Named by its id, one is replayed though it is discarded, or came there. Ctrl-C stops at any time; the same command goes on with
    what is open then.
  discard   closes open letters for good; the events are not handled, and their records stay as they are
    --why TEXT           the reason, kept in the letter

  filters   --consumer FUNCTION  --kind ${KINDS.join('|')}
            --type TYPE  --subject ID  --reason TEXT (contained, in this spelling)
            --after TIME  --before TIME: when it was received; 2026-03-01, 2026-03-01T02:00:00Z, or 90m, 2h, 3d ago
  where     the running stack, or with --project ID [--database ID] a real project, as the application default credentials allow

  Exit status: 0 all done (replay: every letter REPLAYED), 1 not all, 2 wrong arguments, 130 stopped by Ctrl-C.`;

/** { command, ids, filters, help, ... } */
export function parseArguments(args, nowMs = Date.now()) {
  const { words: [command, ...ids], given } = parseFlags(args, { program: 'dead-letters', flags: FLAGS, ofCommand: OF_COMMAND, checkCommand });
  if (given.help || (args.length === 0)) return { help: true };
  if (command === undefined) wrong('Say what to do first: list, show, replay or discard; --help explains them.');
  checkLetters(command, ids, given);
  const filters = filtersOf(given, nowMs);
  if (command === 'list') filters.status = statusOf(given);
  return {
    help: false, command, ids: [...new Set(ids.map(withoutCollection))], filters,
    all: given.all ?? false,
    letters: given.letters ?? false, json: given.json ?? false, raw: given.raw ?? false,
    dryRun: given['dry-run'] ?? false, yes: given.yes ?? false,
    wait: !given['no-wait'], settleWithinMs: settleWithinMs(given), why: given.why,
    ...targetFlags(given),
  };
}

function checkCommand(command) {
  if (command !== undefined && !Object.hasOwn(OF_COMMAND, command)) wrong(`"${command}" is no command: list, show, replay or discard comes first.`);
}

function checkLetters(command, ids, given) {
  for (const id of ids) if (!LETTER_ID.test(withoutCollection(id))) wrong(`"${id}" is not a letter's id, which is the consumer's name, a point and 32 hex digits.`);
  if (command === 'list' && ids.length > 0) wrong(`list takes filters, not ids; one letter is seen with show ${ids[0]}.`);
  if (command === 'show' && ids.length !== 1) wrong('show needs the id of exactly one letter: show LETTER.');
  if (command !== 'replay' && command !== 'discard') return;
  const filter = FILTERS.find((name) => given[name] !== undefined);
  if (ids.length > 0 && filter) wrong(`--${filter} and a letter's id contradict each other: leave one of them out.`);
  if (given.all && (ids.length > 0 || filter)) wrong(`--all means every open letter: leave out ${filter ? `--${filter}` : 'the ids'} or --all.`);
  if (ids.length === 0 && !filter && !given.all) wrong(`${command} needs ids or filters, so that nothing happens to every letter by accident; --all says that every open one is meant.`);
  if (command === 'discard' && !given.why) wrong('discard needs a reason: --why TEXT.');
  if (given['settle-within'] && given['no-wait']) wrong('--settle-within and --no-wait contradict each other: leave one of them out.');
}

function filtersOf(given, nowMs) {
  const filters = { consumer: given.consumer, kind: given.kind?.toUpperCase(), type: given.type, subject: given.subject, reason: given.reason };
  if (filters.kind && !KINDS.includes(filters.kind)) wrong(`--kind "${given.kind}" is no kind of letter: ${KINDS.join(', ')}.`);
  for (const name of ['before', 'after']) {
    if (given[name] === undefined) continue;
    filters[`${name}Ms`] = parseTimeMs(given[name], nowMs);
    if (filters[`${name}Ms`] === undefined) wrong(`--${name} "${given[name]}" is not a time: 2026-03-01, 2026-03-01T02:00:00Z, or so long ago: 90m, 2h, 3d.`);
  }
  if (filters.beforeMs <= filters.afterMs) wrong(`--before ${given.before} is not later than --after ${given.after}: no letter could be between them.`);
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

function statusOf({ status = 'OPEN' }) {
  if (status.toLowerCase() === 'all') return undefined;
  if (!STATUSES.includes(status.toUpperCase())) wrong(`--status "${status}" is no status of a letter: ${STATUSES.join(', ')} or all.`);
  return status.toUpperCase();
}

function settleWithinMs({ 'settle-within': text }) {
  if (text === undefined) return SETTLE_WITHIN_S * 1000;
  if (!/^[1-9]\d{0,5}$/.test(text)) wrong(`--settle-within "${text}" is not a number of seconds.`);
  return Number(text) * 1000;
}

// An id may be copied with its collection from another tool.
const withoutCollection = (id) => id.replace(/^dead_letters\//, '');
