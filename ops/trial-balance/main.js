// npm run trial-balance: the function's own Wasm, run here page by page, against the running stack or a real project.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/set-up.js';
import { STATE_DIR } from '../../local/stack-file.js';
import { WrongArguments } from '../../local/wrong-arguments.js';
import { endWith, stoppedBySignals } from '../command.js';
import { openJob } from '../job.js';
import { startProgress } from '../progress.js';
import { UnknownToGoogle, openTarget } from '../target.js';
import { USAGE, parseArguments } from './arguments.js';

const EXIT_WRONG = 1;
const FUNCTION = join(ROOT, 'dist', 'trial-balance');
const PAGES_AT_ONCE = 1;

const stopped = stoppedBySignals();
await endWith(main, { failed: EXIT_WRONG, sentenceOf });

async function main() {
  const wanted = parseArguments(process.argv.slice(2));
  if (wanted.help) {
    console.log(USAGE);
    return 0;
  }
  if (!existsSync(FUNCTION)) throw new WrongArguments('The functions aren\'t built yet: npm start builds them.');
  const { what, pageAfter, close } = await openBalanceReader(wanted);
  const progress = startProgress();
  const sums = { users: 0, transactions: 0, wrong: 0, unsettled: 0 };
  let { after } = wanted;
  let fault;
  let isWhole = false;
  while (!stopped.aborted && !isWhole && fault === undefined) {
    const { answer, lines } = await pageAfter(after);
    for (const line of lines) console.log(JSON.parse(line).message);
    [fault] = answer.faults;
    if (fault !== undefined) break; // The same page once more, the next time.
    for (const name of ['users', 'transactions', 'wrong']) sums[name] += answer[name];
    sums.unsettled += answer.unsettled.length;
    isWhole = answer.stoppedAt === null;
    after = answer.stoppedAt?.document?.slice('users/'.length) ?? after;
    progress.note(`${count(sums.users, 'customer')}, ${count(sums.transactions, 'transaction')}, ${sums.wrong} wrong${isWhole ? '' : `, behind ${after}`}`);
  }
  progress.end();
  await close();
  console.log(summary({ what, sums, from: wanted.after, after, fault, isWhole }));
  if (sums.wrong > 0 || fault !== undefined) return EXIT_WRONG;
  return isWhole ? 0 : stopped.reason.status;
}

function sentenceOf(error) {
  const isOurs = error instanceof WrongArguments || error instanceof UnknownToGoogle;
  return isOurs ? error.message : (error?.stack ?? String(error));
}

function summary({ what, sums, from, after, fault, isWhole }) {
  const seen = `${count(sums.users, 'customer')} and ${count(sums.transactions, 'transaction')} of ${what}${from ? `, behind ${from}` : ''}`;
  const found = sums.wrong === 0 ? 'every balance is what its postings sum to' : `${sums.wrong} wrong, named above`;
  const unsettled = sums.unsettled === 0 ? '' : ` ${count(sums.unsettled, 'customer')} never came to rest and could not be compared.`;
  const goesOn = after ? `--after ${after} goes on there` : 'it had not come past the first page';
  const end = isWhole ? '' : ` ${fault === undefined ? 'Stopped' : `Could not go on (${fault})`}: ${goesOn}.`;
  return `${seen}: ${found}.${unsettled}${end}`;
}

function count(number, what) {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}

/** { what: for a sentence, pageAfter(user id or undefined) => { answer, lines }, close } */
async function openBalanceReader({ project, database }) {
  const target = await openTarget({ project, database, stateDir: STATE_DIR });
  const job = openJob(FUNCTION, target);
  return {
    what: target.what,
    pageAfter: (after) => job.run({ ...(after && { after }), pages: PAGES_AT_ONCE }),
    close: job.close,
  };
}
