// Sets of rules, and which of them is released to a database.
import { alreadyThere, disabled, notFound } from './refusals.js';

export const API = 'firebaserules.googleapis.com';

/** gcloud's own project, in whose name a person asks who names none. */
export const GCLOUDS_PROJECT = 'projects/32555940559';
/** As reports quote it: github.com/hashicorp/terraform-provider-google/issues/13120 (2022). */
const NOT_BY_END_USERS = 'Your application has authenticated using end user credentials from the Google Cloud SDK or Google Cloud Shell which are not supported by the '
  + `${API}. We recommend configuring the billing/quota_project setting in gcloud or using a service account through the auth/impersonate_service_account setting.`;

export function answer({ method, path, body, headers }, cloud) {
  if (headers['x-goog-user-project'] !== cloud.project) return disabled(API, { message: NOT_BY_END_USERS, consumer: GCLOUDS_PROJECT });
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
