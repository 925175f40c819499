// Checks the permissions of the person who deploys. Only kinds with steps are asked about, so a new version of one function, in a
// project that is otherwise as it should be, needs few.
import { Refused } from '../cloud.js';

/** One sentence for each role that the person logged in lacks for the steps of these kinds. */
export async function permissionsFor(kinds, { cloud, system }) {
  const byRole = kinds.flatMap(({ permissions = {}, morePermissions }) => [permissions, morePermissions?.(system) ?? {}]).flatMap(Object.entries);
  const needed = new Map(byRole.flatMap(([role, names]) => names.map((name) => [name, role])));
  if (needed.size === 0) return [];
  const granted = await grantedOf([...needed.keys()], { cloud, system });
  return sentences([...needed].filter(([name]) => !granted.includes(name)), system);
}

/** Google refuses the whole question for one permission that it no longer knows. Asked for alone, an unknown one counts as granted. */
async function grantedOf(names, { cloud, system }) {
  const ask = async (permissions) => {
    const path = `v1/projects/${system.project}:testIamPermissions`;
    return (await cloud.put('cloudresourcemanager.googleapis.com', path, { permissions }))?.permissions ?? [];
  };
  const isUnknown = (error) => error instanceof Refused && error.status === 400;
  try {
    return await ask(names);
  } catch (error) {
    if (!isUnknown(error)) throw error;
  }
  const one = (name) => ask([name]).catch((error) => {
    if (isUnknown(error)) return [name];
    throw error;
  });
  return (await Promise.all(names.map(one))).flat();
}

/** One for each role: a person asks an administrator for a role. */
function sentences(lacking, { project }) {
  const roles = [...new Set(lacking.map(([, role]) => role))];
  return roles.map((role) => {
    const names = lacking.filter(([, its]) => its === role).map(([name]) => name).join(', ');
    return `you lack ${names}: ask for ${role} (gcloud projects add-iam-policy-binding ${project} --member=user:YOU --role=${role} --condition=None).`;
  });
}
