// The roles of our own, where none of Google's lets somebody do what he must and no more.
import { Complaint } from '../complaint.js';
import { drifted, missing, step } from '../differences.js';
import { isOwnRole, ownRolePath } from '../names.js';

/**
 * roles/bigquery.dataEditor, the narrowest of Google's that appends, may also read every row, empty the table and delete it. What a function
 * that only appends loses to somebody would be all customers' histories.
 */
const ROLES = {
  'boma.appender': {
    title: 'Boma: appends rows to a table', description: 'Neither reads the rows that are there nor changes or deletes any.',
    permissions: ['bigquery.tables.get', 'bigquery.tables.updateData'],
  },
};

export const roles = {
  name: 'roles',
  permissions: { 'roles/iam.roleAdmin': ['iam.roles.create', 'iam.roles.update', 'iam.roles.undelete'] },
  /** { id: the resource or null } */
  async read(cloud, system) {
    const read = async ({ id }) => [id, await cloud.get('iam.googleapis.com', `v1/${ownRolePath(system, id)}`)];
    return Object.fromEntries(await Promise.all(wanted(system).map(read)));
  },

  compare: (there, system) => wanted(system).flatMap((one) => differencesOf(one, there[one.id] ?? null)),

  /** A role that nobody has lets nobody do anything, and a deleted one keeps its name for weeks. */
  removal: () => [],

  kept: (there) => Object.entries(there).filter(([, role]) => role !== null && !role.deleted).map(([id]) => (
    `role ${id}: stays, for nobody has it then, and the name of a deleted role can't be used again for weeks`
  )),
};

function wanted({ functions }) {
  const named = functions.flatMap(({ name, permissions }) => permissions.map(({ role }) => ({ name, role }))).filter(({ role }) => isOwnRole(role));
  const unknown = named.find(({ role }) => ROLES[role] === undefined);
  if (unknown !== undefined) throw new Complaint(`functions/${unknown.name}/Cargo.toml: permissions: there is no role ${unknown.role}; there are ${Object.keys(ROLES).join(', ')}.`);
  return [...new Set(named.map(({ role }) => role))].map((id) => ({ id, ...ROLES[id] }));
}

function differencesOf({ id, title, description, permissions }, there) {
  const flags = [`--title=${title}`, `--description=${description}`, `--permissions=${permissions.join(',')}`, '--stage=GA'];
  if (there === null) return [missing(`role ${id}`, [step(`create role ${id}`, ['iam', 'roles', 'create', id, ...flags])])];
  const is = [...(there.includedPermissions ?? [])].sort();
  const isOther = is.join() !== [...permissions].sort().join();
  const texts = [
    ...(there.deleted ? ['was deleted'] : []),
    ...(isOther ? [`has ${is.join(', ') || 'no permission'}, not ${permissions.join(', ')}`] : []),
    ...(there.stage === 'DISABLED' ? ['is disabled'] : []),
  ];
  const steps = [
    ...(there.deleted ? [step(`bring role ${id} back`, ['iam', 'roles', 'undelete', id])] : []),
    ...(isOther || there.stage === 'DISABLED' ? [step(`change role ${id}`, ['iam', 'roles', 'update', id, ...flags])] : []),
  ];
  return texts.length === 0 ? [] : [drifted(`role ${id}`, texts, steps)];
}
