// Alert policies, notification channels and dashboards. As Google's, it gives a policy its name, refuses what names a metric or
// a channel that isn't there, leaves out what is zero or empty, and changes a dashboard only for whoever knows its newest etag.
import { notFound, problem } from './refusals.js';

export const API = 'monitoring.googleapis.com';

const KINDS = { alertPolicies: { version: 'v3', refused: refusedPolicy }, dashboards: { version: 'v1', refused: refusedDashboard } };

export function answer({ method, path, body }, cloud) {
  if (method === 'GET' && path === `v3/projects/${cloud.project}/notificationChannels`) {
    return { body: { notificationChannels: channels(cloud) } };
  }
  const [, version, project, kind, id] = /^(v\d)\/projects\/([^/]+)\/(\w+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (KINDS[kind]?.version !== version || project !== cloud.project) return undefined;
  const all = (cloud.state[kind] ??= new Map());
  if (id === undefined) return ofAll({ method, body, kind, all }, cloud);
  if (!all.has(id)) return notFound(id);
  if (method === 'GET') return { body: all.get(id) };
  if (method === 'DELETE') return { body: all.delete(id) && {} };
  if (method === 'PATCH') return KINDS[kind].refused(body, cloud, all.get(id)) ?? kept({ id, body, kind, all }, cloud);
  return undefined;
}

function ofAll({ method, body, kind, all }, cloud) {
  if (method === 'GET') return { body: { [kind]: [...all.values()] } };
  if (method !== 'POST') return undefined;
  cloud.state.nextId = (cloud.state.nextId ?? 1_000) + 1;
  return KINDS[kind].refused(body, cloud) ?? kept({ id: String(cloud.state.nextId), body, kind, all }, cloud);
}

function kept({ id, body, kind, all }, cloud) {
  const name = `projects/${cloud.project}/${kind}/${id}`;
  const etag = String(Number(all.get(id)?.etag ?? 0) + 1);
  const own = kind === 'dashboards' ? { etag } : { conditions: body.conditions.map((condition, index) => ({ ...condition, name: `${name}/conditions/${index + 1}` })) };
  all.set(id, { ...withoutZeros(body), ...withoutZeros(own), name });
  return { body: all.get(id) };
}

function refusedPolicy({ conditions = [], notificationChannels = [], documentation }, cloud) {
  const known = (cloud.state.metrics ?? new Map());
  const named = conditions.flatMap(({ conditionThreshold }) => [conditionThreshold.filter, conditionThreshold.denominatorFilter ?? ''])
    .flatMap((filter) => [...filter.matchAll(/logging\.googleapis\.com\/user\/(\w+)/g)].map(([, name]) => name));
  const unknown = named.find((name) => !known.has(name));
  if (unknown !== undefined) return refusal(404, `Cannot find metric that matches type = "logging.googleapis.com/user/${unknown}". If a metric was created recently, it could take up to 10 minutes to become available.`);
  const channel = notificationChannels.find((name) => !channels(cloud).some((one) => one.name === name));
  if (channel !== undefined) return refusal(404, `Notification channel ${channel} not found.`);
  if (conditions.length === 0 || conditions.length > 6) return refusal(400, 'A policy has one to six conditions.');
  if (conditions.some(({ conditionThreshold }) => conditionThreshold.filter.length > 2048)) return refusal(400, 'A filter is too long.');
  if (Buffer.byteLength(documentation.content) > 8_192) return refusal(400, 'The documentation is too long.');
  return undefined;
}

function refusedDashboard({ etag }, _cloud, there) {
  return etag === there?.etag ? undefined : refusal(409, 'The etag provided does not match the etag of the dashboard.');
}

const refusal = (status, message) => ({ status, body: problem(status, message) });
const channels = ({ state }) => state.notificationChannels ?? [];

/** As Google's JSON is of what protocol buffers call default. */
function withoutZeros(value) {
  if (Array.isArray(value)) return value.map(withoutZeros);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([, each]) => each !== 0 && each !== '' && each !== false && !(Array.isArray(each) && each.length === 0))
    .map(([key, each]) => [key, withoutZeros(each)]));
}
