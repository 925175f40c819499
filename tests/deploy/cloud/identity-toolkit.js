// Identity Platform's config of a project: there once it was switched on, and changed by a mask.
import { notFound, problem } from './refusals.js';
import { unlessInItsName } from './in-its-name.js';

export const API = 'identitytoolkit.googleapis.com';

/** As a project has it that was just switched on. */
const AT_FIRST = { signIn: { allowDuplicateEmails: false }, subtype: 'IDENTITY_PLATFORM', client: { apiKey: 'key', permissions: {} }, mfa: { state: 'DISABLED' }, authorizedDomains: ['localhost'] };

export function answer(request, cloud) {
  const refusal = unlessInItsName(API, request, cloud);
  if (refusal !== undefined) return refusal;
  const { method, path, query, body } = request;
  const { state, project } = cloud;
  if (method === 'POST' && path === `v2/projects/${project}/identityPlatform:initializeAuth`) {
    if (state.identity !== undefined) return { status: 400, body: problem(400, 'INVALID_PROJECT_ID : Identity Platform has already been enabled for this project.') };
    state.identity = structuredClone(AT_FIRST);
    return { body: {} };
  }
  if (path !== `v2/projects/${project}/config`) return undefined;
  if (state.identity === undefined) return notFound('CONFIGURATION_NOT_FOUND');
  if (method === 'GET') return { body: { name: `projects/${cloud.projectNumber}/config`, ...state.identity } };
  if (method !== 'PATCH' || !query.updateMask) return undefined;
  for (const place of query.updateMask.split(',')) put(state.identity, place.split('.'), place.split('.').reduce((value, name) => value?.[name], body));
  return { body: state.identity };
}

function put(into, [name, ...rest], value) {
  if (rest.length === 0) into[name] = value;
  else put(into[name] ??= {}, rest, value);
}
