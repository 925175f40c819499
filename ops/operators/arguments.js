// The command line of `npm run operators`. Pure. An error is one sentence that names the flag.
import { checkProject, wrong } from '../../local/wrong-arguments.js';
import { parseFlags } from '../flags.js';

/** What each may do stands in docs/operations/signing-in.md; what each may read in tests/rules/table.json. */
export const ROLES = ['viewer', 'auditor', 'operator', 'supervisor'];
const FLAGS = { role: 'ROLE', project: 'ID', 'dry-run': undefined, help: undefined };
const OF_COMMAND = { list: ['project', 'help'], add: ['role', 'project', 'dry-run', 'help'], remove: ['project', 'dry-run', 'help'] };
const LONGEST_EMAIL = 254;
const EMAIL = /^[^\s@<>()",;:\\[\]]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

export const USAGE = `npm run operators -- list [--project ID]
                       -- add EMAIL --role ROLE --project ID [--dry-run]
                       -- remove EMAIL --project ID [--dry-run]

  Who may sign in to the operators' console, and as what.

  list      everybody with a role: the role, the second factor, when they signed in last
  add       makes an account for EMAIL, or gives the one that is there the role. Whoever never signed in gets a link with which they choose
            a password: it is printed, and is for them alone. Another role than before ends their sessions
  remove    takes the role, closes the account and ends its sessions. What it did stays in the timelines

    --role ROLE      ${ROLES.join(', ')}
    --project ID     a real project, as the application default credentials allow. The running stack's users are always the same
    --dry-run        say what would be done, and do nothing

  An ID token lives for an hour: until then a page that is open goes on reading. Commands that take two people ask again each time.

  Exit status: 0 done or nothing to do, 1 not done, 2 wrong arguments, 130 stopped by Ctrl-C.`;

/** { help, command, email, role, project, isDry } */
export function parseArguments(args) {
  const { words: [command, ...rest], given } = parseFlags(args, { program: 'operators', flags: FLAGS, ofCommand: OF_COMMAND, checkCommand });
  if (given.help || args.length === 0) return { help: true };
  if (command === undefined) wrong('Say what to do first: list, add or remove; --help explains them.');
  const { role, project, 'dry-run': isDry = false } = given;
  checkProject(project);
  if (command === 'list') {
    if (rest.length > 0) wrong(`list takes no "${rest[0]}": it names everybody.`);
    return { help: false, command, project };
  }
  if (rest.length !== 1) wrong(`${command} needs one EMAIL.`);
  const email = checkedEmail(rest[0]);
  if (command === 'add') checkRole(role);
  if (project === undefined) wrong(`The running stack's users can't be changed (list names them): --project ID says where ${email} is meant.`);
  return { help: false, command, email, role, project, isDry };
}

function checkCommand(command) {
  if (command !== undefined && !Object.hasOwn(OF_COMMAND, command)) wrong(`"${command}" is not a command; there are list, add and remove.`);
}

/** In small letters, as Identity Platform keeps it. */
function checkedEmail(text) {
  if (text.length > LONGEST_EMAIL || !EMAIL.test(text)) wrong(`"${text}" is not an email address.`);
  return text.toLowerCase();
}

function checkRole(role) {
  if (role === undefined) wrong(`add needs --role ROLE: ${ROLES.join(', ')}.`);
  if (!ROLES.includes(role)) wrong(`--role "${role}" is not a role; there are ${ROLES.join(', ')}.`);
}
