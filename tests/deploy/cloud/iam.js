// Service accounts, and the project's own roles. A deleted role is known for weeks.
import { alreadyThere, notFound } from './refusals.js';

export const API = 'iam.googleapis.com';

export function answer({ method, path, body }, cloud) {
  const accounts = (cloud.state.accounts ??= new Map());
  const collection = `v1/projects/${cloud.project}/serviceAccounts`;
  if (path === collection && method === 'GET') return { body: { accounts: [...accounts.values()] } };
  if (path === collection && method === 'POST') return create(accounts, body, cloud);
  const ofRoles = new RegExp(`^v1/(projects/${cloud.project}/roles)(?:/([^/:]+)(?::(undelete))?)?$`).exec(path);
  if (ofRoles !== null) return roles({ method, body }, ofRoles, cloud);
  const [, email, verb] = /^v1\/projects\/[^/]+\/serviceAccounts\/([^/:]+)(?::(\w+))?$/.exec(path) ?? [];
  if (email === undefined) return undefined;
  const account = accounts.get(email);
  if (account === undefined) return notFound(email);
  if (method === 'DELETE') accounts.delete(email);
  if (verb === 'enable') account.disabled = false;
  if (verb === 'disable') account.disabled = true;
  return { body: account };
}

export const exists = (path, { state }) => state.accounts?.has(path.split('/').at(-1));

function roles({ method, body }, [, collection, id, verb], { state }) {
  const all = (state.roles ??= new Map());
  if (id === undefined) {
    if (method !== 'POST') return undefined;
    const name = `${collection}/${body.roleId}`;
    if (all.has(name)) return alreadyThere(name);
    all.set(name, { ...body.role, name, etag: 'ZQ==' });
    return { body: all.get(name) };
  }
  const role = all.get(`${collection}/${id}`);
  if (role === undefined) return notFound(id);
  if (verb === 'undelete') role.deleted = false;
  if (method === 'PATCH') Object.assign(role, body);
  if (method === 'DELETE') role.deleted = true;
  return { body: role };
}

function create(accounts, { accountId, serviceAccount }, { project }) {
  const email = `${accountId}@${project}.iam.gserviceaccount.com`;
  if (accounts.has(email)) return alreadyThere(email);
  const account = { ...serviceAccount, email, name: `projects/${project}/serviceAccounts/${email}`, uniqueId: String(accounts.size + 1) };
  accounts.set(email, account);
  return { body: account };
}
