// The command line of `npm run warehouse`. Pure. An error is one sentence that names the flag.
import { wrong } from '../../local/wrong-arguments.js';
import { parseFlags } from '../flags.js';
import { targetFlags } from '../target-flags.js';

const FLAGS = { project: 'ID', database: 'ID', 'dry-run': undefined, 'max-cost': 'USD', grace: 'SECONDS', json: undefined, help: undefined };
const WHERE = ['project', 'database', 'help'];
const OF_COMMAND = {
  estimate: ['dry-run', 'max-cost', 'json', ...WHERE],
  backfill: ['dry-run', 'max-cost', 'json', ...WHERE],
  reconcile: ['dry-run', 'max-cost', 'grace', 'json', ...WHERE],
  replay: ['dry-run', ...WHERE],
};
const DOLLARS = /^\d{1,9}(\.\d{1,6})?$/;
const MOST_GRACE_S = 3_000;
/** Of a real project. A change is in BigQuery within seconds; one that isn't after this long waits for its next attempt. */
const USUAL_GRACE_S = 600;

export const USAGE = `npm run warehouse -- estimate | backfill | reconcile | replay  [--project ID [--database ID]] [--dry-run] [--max-cost USD]

  estimate   documents, reads, bytes and dollars of the other two, by counting and a sample
  backfill   appends every document as it is now: for tables that are new, or were lost. It tells its estimate first
  reconcile  compares each document with its present row, value by value, and appends what differs and what was deleted
    --grace S            as of S seconds ago, so that what was on its way has arrived (${USUAL_GRACE_S}; on the running stack 0)
  replay     appends the rows of the warehouse's open dead letters, as the function does every hour

    --dry-run            say what would be done, and append nothing (reconcile reads all the same)
    --max-cost USD       end after the estimate, which reads some 300 documents of each collection, if it is above that
    --json               one JSON object a line
  where     the running stack (npm start -- --warehouse), or with --project a real project, as the application default credentials allow

  Ctrl-C stops at any time. backfill notes where it is and goes on there (unless the database or a table is another by then); reconcile begins anew, and finds less.

  Exit status: 0 done (reconcile: no difference is left), 1 not all of it (reconcile: differences are left), or it would cost too much,
  2 wrong arguments, 130 stopped by Ctrl-C.`;

/** { help, command, dryRun, maxCost: dollars or undefined, graceS: seconds or undefined, json, project, database } */
export function parseArguments(args) {
  const { words, given } = parseFlags(args, { program: 'warehouse', flags: FLAGS, ofCommand: OF_COMMAND });
  if (given.help || args.length === 0) return { help: true };
  const [command, ...others] = words;
  if (command === undefined || !Object.hasOwn(OF_COMMAND, command)) wrong(`${command === undefined ? 'Say what to do first' : `"${command}" is no command`}: estimate, backfill, reconcile or replay; --help explains them.`);
  if (others.length > 0) wrong(`"${others[0]}" is not a flag; --help lists them.`);
  return {
    help: false, command, dryRun: given['dry-run'] ?? false, json: given.json ?? false,
    maxCost: amount(given['max-cost']), graceS: seconds(given.grace) ?? (given.project ? USUAL_GRACE_S : 0),
    ...targetFlags(given),
  };
}

function amount(text) {
  if (text === undefined) return undefined;
  if (!DOLLARS.test(text)) wrong(`--max-cost "${text}" is not an amount of dollars, such as 5 or 0.25.`);
  return Number(text);
}

function seconds(text) {
  if (text === undefined) return undefined;
  if (!/^\d{1,4}$/.test(text) || Number(text) > MOST_GRACE_S) wrong(`--grace "${text}" is not a number of seconds up to ${MOST_GRACE_S}: Firestore keeps past versions for an hour.`);
  return Number(text);
}
