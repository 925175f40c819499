// Secret Manager: names and versions. There is no value in it, and no answer to whoever asks for one.
import { notFound } from './refusals.js';

export const API = 'secretmanager.googleapis.com';

/** A test puts a secret there: `{ secret: [states of its versions, the first one first] }`. */
export function answer({ method, path }, { project, projectNumber, state }) {
  const [, name, versions] = /^v1\/projects\/[^/]+\/secrets\/([^/:]+)(\/versions)?$/.exec(path) ?? [];
  if (name === undefined || method !== 'GET') return undefined;
  const states = state.secrets?.[name];
  if (states === undefined) return notFound(name);
  if (versions === undefined) return { body: { name: `projects/${projectNumber}/secrets/${name}`, replication: { automatic: {} } } };
  const all = states.map((its, index) => ({ name: `projects/${project}/secrets/${name}/versions/${index + 1}`, state: its }));
  return { body: { versions: all.reverse(), totalSize: all.length } };
}

export const exists = (path, { state }) => Object.hasOwn(state.secrets ?? {}, path.split('/').at(-1));

/** What Cloud Run says of a reference that it can't follow as the function's account. */
export function unusableSecrets({ serviceAccountEmail, secretEnvironmentVariables = [] }, { project, state }) {
  for (const { secret, version } of secretEnvironmentVariables) {
    if (state.secrets?.[secret]?.[Number(version) - 1] !== 'ENABLED') return `Secret ${secret} version ${version} was not found`;
    const { bindings = [] } = state.policies.get(`secrets/projects/${project}/secrets/${secret}`) ?? {};
    const isLetIn = bindings.some(({ role, members }) => role === 'roles/secretmanager.secretAccessor' && members.includes(`serviceAccount:${serviceAccountEmail}`));
    if (!isLetIn) return `Permission denied on secret ${secret} for ${serviceAccountEmail}`;
  }
  return undefined;
}
