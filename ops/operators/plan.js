// What is to be done about an account so that somebody has a role, or none any more. Pure.

/**
 * { steps: [sentence], changes, password, link } or { refused: sentence }. `changes`: of Identity Platform's account; `password`: whether it gets a
 * new one that nobody knows; `link`: whether they get a link to choose one.
 *
 * An address that was never verified may have been registered by anybody who hoped that it would be given a role one day. Its password is
 * replaced, and what signed in with it is signed out.
 */
export function toAdd(account, { email, role, nowMs }) {
  if (account === undefined) return { steps: [`make an account for ${email}`, `give it the role ${role}`, 'print a link to choose a password'], changes: claims({}, role), password: true, link: true };
  if (account.claims === null) return { refused: unreadable(account) };
  const { role: before } = account.claims;
  const isStrange = !account.emailVerified;
  const isOther = before !== role;
  const link = isStrange || account.lastSignInMs === undefined;
  const steps = [
    ...(isOther ? [before === undefined ? `give it the role ${role}` : `change its role from ${before} to ${role}`] : []),
    ...(account.disabled ? ['open it again'] : []),
    ...(isStrange ? ['replace its password, since its address was never verified'] : []),
    ...(isOther || isStrange ? ['end its sessions'] : []),
    ...(link ? ['print a link to choose a password'] : []),
  ];
  const changes = {
    ...(isOther && claims(account.claims, role)),
    ...(account.disabled && { disableUser: false }),
    ...(isStrange && { emailVerified: true }),
    ...((isOther || isStrange) && endedSessions(nowMs)),
  };
  return { steps, changes, password: isStrange, link };
}

/** Closed and not deleted: another account of the same address would be another person to whoever reads the timelines by id. */
export function toRemove(account, { email, project, nowMs }) {
  if (account === undefined) return { refused: `There is no account of ${email} in ${project}.` };
  if (account.claims === null) return { refused: unreadable(account) };
  const { role, ...others } = account.claims;
  if (role === undefined && !account.disabled) return { refused: `${email} has no role in ${project}; the account is left as it is.` };
  if (role === undefined) return { steps: [], changes: {} };
  return {
    steps: [`take the role ${role}`, 'close the account', 'end its sessions'],
    changes: { customAttributes: JSON.stringify(others), disableUser: true, ...endedSessions(nowMs) },
  };
}

/** Tokens from before are refused wherever somebody asks, and can't be renewed. In seconds, as Google has it. */
const endedSessions = (nowMs) => ({ validSince: String(Math.floor(nowMs / 1000)) });
const claims = (others, role) => ({ customAttributes: JSON.stringify({ ...others, role }) });
const unreadable = ({ email }) => `The custom claims of ${email} can't be read, and would be lost: correct them first.`;
