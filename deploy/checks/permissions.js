// Whoever deploys must be allowed what the steps do. Asked of the kinds that have something to do, and of no other: to bring
// a new version of one function into a project that is otherwise as it should be takes little.
import { differencesOf } from '../plan.js';

export async function permissions({ cloud, found, system }) {
  const busy = differencesOf(found, system).map(({ name }) => name);
  const needed = new Map();
  for (const { kind } of found.filter(({ kind: { name } }) => busy.includes(name))) {
    for (const [role, names] of Object.entries(kind.permissions ?? {})) {
      for (const name of names) needed.set(name, role);
    }
  }
  if (needed.size === 0) return [];
  const asked = { permissions: [...needed.keys()] };
  const { permissions: granted = [] } = await cloud.put('cloudresourcemanager.googleapis.com', `v1/projects/${system.project}:testIamPermissions`, asked) ?? {};
  return sentences([...needed].filter(([name]) => !granted.includes(name)), system);
}

/** One for each role, since that is what is asked for. */
function sentences(lacking, { project }) {
  const roles = [...new Set(lacking.map(([, role]) => role))];
  return roles.map((role) => {
    const names = lacking.filter(([, its]) => its === role).map(([name]) => name).join(', ');
    return `you lack ${names}: ask for ${role} (gcloud projects add-iam-policy-binding ${project} --member=user:YOU --role=${role} --condition=None).`;
  });
}
