// Log-based metrics. As Google's, it takes no filter that it can't read, and says more of a metric than it was told.
import { logFilter } from '../log-filter.js';
import { alreadyThere, notFound, problem } from './refusals.js';

export const API = 'logging.googleapis.com';

export function answer({ method, path, body }, cloud) {
  const metrics = (cloud.state.metrics ??= new Map());
  const [, name] = /^v2\/projects\/[^/]+\/metrics(?:\/([^/]+))?$/.exec(path) ?? [];
  if (!path.startsWith(`v2/projects/${cloud.project}/metrics`)) return undefined;
  if (name === undefined && method === 'GET') return { body: { metrics: [...metrics.values()] } };
  if (name === undefined && method === 'POST') return metrics.has(body.name) ? alreadyThere(body.name) : kept(metrics, body);
  // The real one makes a metric by PUT, too; gcloud asks first whether it is there.
  if (method === 'PUT') return kept(metrics, { ...body, name });
  if (!metrics.has(name)) return notFound(name);
  if (method === 'GET') return { body: metrics.get(name) };
  if (method === 'DELETE') return { body: metrics.delete(name) && {} };
  return undefined;
}

function kept(metrics, metric) {
  try {
    logFilter(metric.filter);
  } catch (error) {
    return { status: 400, body: problem(400, `Unparseable filter: ${error.message}`) };
  }
  const type = `logging.googleapis.com/user/${metric.name}`;
  const told = { ...metric, metricDescriptor: { name: `projects/p/metricDescriptors/${type}`, type, ...metric.metricDescriptor }, updateTime: '2026-03-01T10:00:00Z' };
  metrics.set(metric.name, told);
  return { body: told };
}
