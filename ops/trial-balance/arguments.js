// The command line of `npm run trial-balance`. Pure. An error is one sentence that names the flag.
import { wrong } from '../../local/wrong-arguments.js';
import { parseFlags } from '../flags.js';
import { targetFlags } from '../target-flags.js';

const FLAGS = { after: 'USER_ID', project: 'ID', database: 'ID', help: undefined };
const USER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const USAGE = `npm run trial-balance -- [--after USER_ID] [--project ID [--database ID]]

  Adds up every customer's postings again and names each balance that differs: user, currency, account, stored, recomputed.
  Payments may go on meanwhile. How far it is goes to stderr.

    --after USER_ID      begin behind this customer, where an earlier run stopped
    --project ID         a real project, as the application default credentials allow; else the running stack
    --database ID        its Firestore database ((default))

  Exit status: 0 everything adds up, 1 something is wrong or couldn't be read, 2 wrong arguments, 130 stopped by Ctrl-C.`;

/** { help, after, project, database } */
export function parseArguments(args) {
  const { words, given } = parseFlags(args, { program: 'trial-balance', flags: FLAGS });
  if (words.length > 0) wrong(`"${words[0]}" is not a flag; --help lists them.`);
  const { after, help = false } = given;
  if (after && !USER_ID.test(after)) wrong(`--after "${after}" is not a customer's id, which is a UUID in lower case with hyphens.`);
  return { help, after, ...targetFlags(given) };
}
