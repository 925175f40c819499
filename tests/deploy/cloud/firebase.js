// Firebase's projects and web apps. A new app is there a moment after it was asked for.
import { notFound } from './refusals.js';
import { unlessInItsName } from './in-its-name.js';

export const API = 'firebase.googleapis.com';

export function answer(request, cloud) {
  const refusal = unlessInItsName(API, request, cloud);
  if (refusal !== undefined) return refusal;
  const { method, path, body } = request;
  const { state, project } = cloud;
  const [, rest] = new RegExp(`^v1beta1/projects/${project}(?:/(.*))?$`).exec(path) ?? [null, null];
  if (rest === null) return undefined;
  // A person has made it one, unless the test says otherwise.
  if (state.isFirebase === false) return notFound(`projects/${project}`);
  if (rest === undefined) return method === 'GET' ? { body: { projectId: project, state: 'ACTIVE' } } : undefined;
  return ofApps((state.webApps ??= new Map()), { method, rest, body, project });
}

function ofApps(apps, { method, rest, body, project }) {
  const [, id, of] = /^webApps(?:\/([^/:]+)(?:[/:](config|remove))?)?$/.exec(rest) ?? [];
  if (id === undefined && rest === 'webApps') {
    if (method === 'GET') return { body: apps.size === 0 ? {} : { apps: [...apps.values()] } };
    const appId = `1:1:web:${apps.size + 1}`;
    apps.set(appId, { name: `projects/${project}/webApps/${appId}`, appId, displayName: body.displayName, state: 'ACTIVE', projectId: project });
    return { body: { name: 'operations/workflows/1', done: false } };
  }
  if (!rest.startsWith('webApps/')) return undefined;
  const found = [...apps.keys()].find((one) => rest.startsWith(`webApps/${one}`));
  if (found === undefined) return notFound(rest);
  if (rest.endsWith('/config')) return { body: { projectId: project, appId: found, apiKey: `key-of-${project}`, authDomain: `${project}.firebaseapp.com`, messagingSenderId: '1' } };
  if (of === undefined && !rest.endsWith(':remove')) return undefined;
  apps.delete(found);
  return { body: { name: 'operations/workflows/2', done: true } };
}
