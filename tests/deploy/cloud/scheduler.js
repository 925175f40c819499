// Cloud Scheduler's jobs. They call nobody.
import { alreadyThere, notFound } from './refusals.js';

export const API = 'cloudscheduler.googleapis.com';

export function answer({ method, path, query, body }, { state }) {
  const jobs = (state.jobs ??= new Map());
  const [, collection, job, verb] = /^v1\/(projects\/[^/]+\/locations\/[^/]+\/jobs)(?:\/([^/:]+)(?::(\w+))?)?$/.exec(path) ?? [];
  if (collection === undefined) return undefined;
  if (job === undefined && method === 'GET') return { body: { jobs: [...jobs.values()] } };
  if (job === undefined) return create(jobs, body);
  const name = `${collection}/${job}`;
  if (!jobs.has(name)) return notFound(name);
  if (method === 'DELETE') return { body: jobs.delete(name) && {} };
  if (method === 'PATCH') jobs.set(name, filledIn(patched(jobs.get(name), body, query.updateMask.split(','))));
  if (verb === 'run') jobs.get(name).lastAttemptTime = new Date(0).toISOString();
  if (verb === 'pause') jobs.get(name).state = 'PAUSED';
  if (verb === 'resume') jobs.get(name).state = 'ENABLED';
  return { body: jobs.get(name) };
}

function create(jobs, job) {
  if (jobs.has(job.name)) return alreadyThere(job.name);
  jobs.set(job.name, filledIn({ ...job, state: 'ENABLED' }));
  return { body: jobs.get(job.name) };
}

function patched(job, body, mask) {
  const next = structuredClone(job);
  for (const path of mask) {
    const fields = path.split('.');
    const last = fields.pop();
    const from = fields.reduce((message, field) => message?.[field], body);
    fields.reduce((message, field) => (message[field] ??= {}), next)[last] = from?.[last];
  }
  return next;
}

function filledIn(job) {
  return {
    ...job,
    timeZone: job.timeZone ?? 'UTC',
    attemptDeadline: job.attemptDeadline ?? '180s',
    retryConfig: { maxRetryDuration: '0s', minBackoffDuration: '5s', maxBackoffDuration: '3600s', maxDoublings: 5, ...job.retryConfig },
    // An address without a path gets one.
    httpTarget: { ...job.httpTarget, uri: new URL(job.httpTarget.uri).href },
  };
}
