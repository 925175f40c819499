// Cloud Run's services. Those of functions are made by Cloud Functions; a test may put others there.
import { notFound } from './refusals.js';

export const API = 'run.googleapis.com';

export function answer({ method, path }, cloud) {
  const services = servicesOf(cloud);
  const [, collection, service] = /^v2\/(projects\/[^/]+\/locations\/[^/]+\/services)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (collection === undefined) return undefined;
  const name = `${collection}/${service}`;
  if (method === 'GET' && service === undefined) return { body: { services: [...services.values()].filter((one) => one.name.startsWith(`${collection}/`)) } };
  if (!services.has(name)) return notFound(name);
  if (method === 'GET') return { body: services.get(name) };
  if (method !== 'DELETE') return undefined;
  services.delete(name);
  return { body: { name: `${name}/operations/delete`, done: true } };
}

/** gcloud asks at v1, deploy/ at v2, and of a service by the project's id or by its number. */
export const exists = (path, cloud) => servicesOf(cloud).has(path.replace(/^v\d\//, ''));

export const servicesOf = ({ state }) => (state.services ??= new Map());
