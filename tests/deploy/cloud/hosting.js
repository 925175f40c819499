// Firebase Hosting: sites, versions that are filled and then closed, and which of them is served. As Google's, it closes no version whose files didn't all
// come, takes no bytes but those that their name says, and no rewrite to a service that isn't there.
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import { alreadyThere, notFound, problem } from './refusals.js';
import { unlessInItsName } from './in-its-name.js';

export const API = 'firebasehosting.googleapis.com';
const refused = (message) => ({ status: 400, body: problem(400, message) });

export function answer(request, cloud) {
  const hosting = (cloud.state.hosting ??= { sites: new Map(), versions: new Map(), blobs: new Map(), releases: [] });
  const { method, path } = request;
  const [, version, hash] = /^upload\/sites\/[^/]+\/versions\/([^/]+)\/files\/(\w+)$/.exec(path) ?? [];
  if (hash !== undefined) return method === 'POST' ? uploaded(hosting, { version, hash, bytes: request.bytes }) : undefined;
  const refusal = unlessInItsName(API, request, cloud);
  if (refusal !== undefined) return refusal;
  const [, site, rest] = new RegExp(`^v1beta1/projects/${cloud.project}/sites(?:/([^/]+)(?:/(.+))?)?$`).exec(path) ?? [];
  if (site === undefined) return method === 'POST' ? made(hosting, request) : undefined;
  if (!hosting.sites.has(site)) return notFound(`site ${site}`);
  if (rest === undefined) return { body: hosting.sites.get(site) };
  return ofSite(hosting, { site, rest, ...request }, cloud);
}

function made({ sites }, { query: { siteId }, body }) {
  if (sites.has(siteId)) return alreadyThere(siteId);
  sites.set(siteId, { ...body, name: `projects/p/sites/${siteId}`, defaultUrl: `https://${siteId}.web.app`, type: 'DEFAULT_SITE' });
  return { body: sites.get(siteId) };
}

function ofSite(hosting, { site, rest, method, query, body }, cloud) {
  const { versions, releases } = hosting;
  if (rest === 'channels/live') return { body: { name: `projects/1/sites/${site}/channels/live`, ...(releases.length > 0 && { release: releases.at(-1) }) } };
  if (rest === 'releases') {
    if (method !== 'POST') return undefined;
    if (body.type !== 'SITE_DISABLE' && versions.get(query.versionName?.split('/').at(-1))?.status !== 'FINALIZED') return refused('the version is not finalized');
    releases.push({ type: 'DEPLOY', ...body, ...(query.versionName && { version: { name: query.versionName, status: 'FINALIZED' } }) });
    return { body: releases.at(-1) };
  }
  if (rest === 'versions') return method === 'POST' ? begun(versions, { site, body }, cloud) : undefined;
  const [, id, verb] = /^versions\/([^/:]+)(?::(\w+))?$/.exec(rest) ?? [];
  const version = versions.get(id);
  if (version === undefined) return notFound(rest);
  if (verb === 'populateFiles') return populated(hosting, version, { site, id, body, cloud });
  if (method === 'GET') return { body: shown(version) };
  if (method !== 'PATCH' || query.updateMask !== 'status') return undefined;
  const lacking = [...version.files.values()].some((hash) => !hosting.blobs.has(hash));
  if (lacking) return refused('files are missing');
  version.status = body.status;
  return { body: shown(version) };
}

function begun(versions, { site, body }, { state, project }) {
  const strange = (body.config.rewrites ?? []).find(({ run }) => run !== undefined && !state.services?.has(`projects/${project}/locations/${run.region}/services/${run.serviceId}`));
  if (strange !== undefined) return refused(`Cloud Run service \`${strange.run.serviceId}\` does not exist in region \`${strange.run.region}\` in this project.`);
  const id = `v${versions.size + 1}`;
  versions.set(id, { name: `projects/1/sites/${site}/versions/${id}`, status: 'CREATED', config: body.config, labels: body.labels, files: new Map() });
  return { body: shown(versions.get(id)) };
}

const shown = ({ name, status, config, labels }) => ({ name, status, config, labels });

function populated({ blobs }, version, { site, id, body, cloud }) {
  if (version.status !== 'CREATED') return refused('the version is closed');
  for (const [path, hash] of Object.entries(body.files)) version.files.set(path, hash);
  const wanting = [...new Set(version.files.values())].filter((hash) => !blobs.has(hash));
  return { body: { ...(wanting.length > 0 && { uploadRequiredHashes: wanting }), uploadUrl: `${cloud.base}/firebasehosting/upload/sites/${site}/versions/${id}/files` } };
}

function uploaded({ versions, blobs }, { version, hash, bytes }) {
  if (!versions.has(version)) return notFound(version);
  if (createHash('sha256').update(bytes).digest('hex') !== hash) return refused('the bytes have another hash');
  blobs.set(hash, gunzipSync(bytes));
  return { body: {} };
}
