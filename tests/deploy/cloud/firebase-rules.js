// Sets of rules, and which of them is released to a database.
import { alreadyThere, notFound } from './refusals.js';
import { unlessInItsName } from './in-its-name.js';

export const API = 'firebaserules.googleapis.com';

export function answer(request, cloud) {
  const refusal = unlessInItsName(API, request, cloud);
  if (refusal !== undefined) return refusal;
  const { method, path, body } = request;
  const rulesets = (cloud.state.rulesets ??= new Map());
  const releases = (cloud.state.releases ??= new Map());
  const [, kind, id] = new RegExp(`^v1/projects/${cloud.project}/(rulesets|releases)(?:/(.+))?$`).exec(path) ?? [];
  const name = path.slice('v1/'.length);
  if (kind === 'rulesets') {
    if (id !== undefined) return method === 'GET' ? found(rulesets, name) : undefined;
    if (method !== 'POST' || !Array.isArray(body.source?.files)) return undefined;
    return kept(rulesets, { ...body, name: `projects/${cloud.project}/rulesets/set-${rulesets.size + 1}`, createTime: '2026-03-01T10:00:00Z' });
  }
  if (kind !== 'releases') return undefined;
  if (method === 'POST' && id === undefined) return releases.has(body.name) ? alreadyThere(body.name) : released(releases, rulesets, body);
  if (method === 'GET') return found(releases, name);
  // A release is wrapped where it is changed, and isn't where it is made.
  if (method === 'PATCH') return releases.has(name) ? released(releases, rulesets, body.release) : notFound(name);
  return undefined;
}

const found = (all, name) => (all.has(name) ? { body: all.get(name) } : notFound(name));

function released(releases, rulesets, release) {
  return rulesets.has(release.rulesetName) ? kept(releases, release) : notFound(release.rulesetName);
}

function kept(all, resource) {
  all.set(resource.name, resource);
  return { body: resource };
}
