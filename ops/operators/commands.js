// The commands of `npm run operators`. Each resolves with the status to end with.
import { randomBytes } from 'node:crypto';
import { READY_OPERATORS } from '../../local/operators.js';
import { table } from '../dead-letters/tables.js';
import { toAdd, toRemove } from './plan.js';

const DONE = 0;
const NOT_DONE = 1;

/** Of the running stack. */
export function listReady({ say }) {
  say(...table(['email', 'role'], READY_OPERATORS.map(({ email, role }) => [email, role]), 0));
  say('These are ready on the running stack, without a password, and can\'t be changed. --project ID means a real project.');
  return DONE;
}

export async function list({ wanted: { project }, accounts, say, progress }) {
  const all = await accounts.all((read) => progress.note(`${read} accounts read`));
  progress.end();
  const operators = all.filter(({ claims }) => claims?.role !== undefined).sort((a, b) => (a.email < b.email ? -1 : 1));
  if (operators.length === 0) {
    say(`Nobody in ${project} has a role: npm run operators -- add EMAIL --role ROLE --project ${project} gives one.`);
    return DONE;
  }
  say(...table(['email', 'role', 'account', 'second factor', 'signed in last'], operators.map(rowOf), 0));
  const supervisors = operators.filter(({ claims, disabled }) => claims.role === 'supervisor' && !disabled).length;
  if (supervisors === 0) say('No account is a supervisor\'s: nothing that takes two people can be approved.');
  return DONE;
}

const rowOf = ({ email, claims, disabled, hasSecondFactor, lastSignInMs }) => [
  email ?? 'no address', String(claims.role), disabled ? 'closed' : 'open', hasSecondFactor ? 'enrolled' : 'none',
  lastSignInMs === undefined ? 'never' : new Date(lastSignInMs).toISOString().replace(/\.\d+Z$/, 'Z'),
];

export async function add({ wanted, accounts, say, nowMs = Date.now() }) {
  const { email, role, project } = wanted;
  const account = await accounts.find(email);
  const plan = toAdd(account, { email, role, nowMs });
  const isOver = told(plan, { wanted, say, nothing: `${email} is ${role} in ${project} already.` });
  if (isOver !== undefined) return isOver;

  const password = plan.password ? unknownPassword() : undefined;
  const id = account?.id ?? await accounts.create({ email, password });
  if (account === undefined) say(`  made an account for ${email}`);
  const changes = { ...plan.changes, ...(account !== undefined && password && { password }) };
  if (Object.keys(changes).length > 0) await accounts.update(id, changes);
  say(`${email} is ${role} in ${project}.`);
  if (plan.link) say(`  A link for them alone, to choose a password (it ends after a while; the same command makes another until they signed in):\n  ${await accounts.passwordLink(email)}`);
  return DONE;
}

export async function remove({ wanted, accounts, say, nowMs = Date.now() }) {
  const { email, project } = wanted;
  const account = await accounts.find(email);
  const plan = toRemove(account, { email, project, nowMs });
  const isOver = told(plan, { wanted, say, nothing: `${email} has no role in ${project}, and the account is closed already.` });
  if (isOver !== undefined) return isOver;
  await accounts.update(account.id, plan.changes);
  say(`${email} has no role in ${project} any more, and the account is closed. A page that is open reads on until its token ends, within an hour.`);
  return DONE;
}

/** The status, where there is no more to do than to say so. */
function told({ refused, steps }, { wanted: { isDry, project }, say, nothing }) {
  if (refused !== undefined) {
    say(refused);
    return NOT_DONE;
  }
  if (steps.length === 0) {
    say(nothing);
    return DONE;
  }
  if (!isDry) return undefined;
  say(`In ${project} this would:`, ...steps.map((one) => `  ${one}`), 'Nothing was done.');
  return DONE;
}

/** For an account to have the provider by which a link can be made. The ending is for policies that ask for each kind of letter. */
const unknownPassword = () => `${randomBytes(24).toString('base64url')}aA1!`;
