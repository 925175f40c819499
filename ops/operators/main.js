// npm run operators: who may sign in to the operators' console, and as what. On a real project these are accounts of Identity Platform with the claim
// `role`; the running stack's are always the same.
import { STATE_DIR } from '../../local/stack-file.js';
import { WrongArguments } from '../../local/wrong-arguments.js';
import { endWith, stoppedBySignals } from '../command.js';
import { startProgress } from '../progress.js';
import { UnknownToGoogle, openTarget, stackHere } from '../target.js';
import { AccountsFailed, openAccounts } from './accounts.js';
import { USAGE, parseArguments } from './arguments.js';
import { add, list, listReady, remove } from './commands.js';

const EXIT_NOT_DONE = 1;
const COMMANDS = { list, add, remove };

const stopped = stoppedBySignals();
await endWith(main, { failed: EXIT_NOT_DONE, sentenceOf, statusOf: (error) => (error === stopped.reason ? stopped.reason.status : undefined) });

async function main() {
  const wanted = parseArguments(process.argv.slice(2));
  if (wanted.help) {
    console.log(USAGE);
    return 0;
  }
  const say = (...lines) => console.log(lines.join('\n'));
  if (wanted.project === undefined) {
    await stackHere(STATE_DIR);
    return listReady({ say });
  }
  const target = await openTarget({ project: wanted.project, database: '(default)', stateDir: STATE_DIR });
  const accounts = openAccounts({ project: wanted.project, accessToken: target.accessToken, quotaProject: target.quotaProject, stopped });
  const status = await COMMANDS[wanted.command]({ wanted, accounts, say, progress: startProgress() });
  await target.close();
  return status;
}

function sentenceOf(error) {
  const isOurs = error instanceof WrongArguments || error instanceof UnknownToGoogle || error instanceof AccountsFailed;
  return isOurs ? error.message : (error?.stack ?? String(error));
}
