// Releases the console to Firebase Hosting: a step of `deploy.sh apply`, because gcloud has no command for it. A version that was stopped half-way is
// never served; the same step begins a new one.
//
//   node deploy/release-console.js --project=P --database=D --source=FOLDER --config=FILE
//   node deploy/release-console.js --project=P --disable
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { Refused, openCloud, tokenOfGcloud } from './cloud.js';
import { Complaint } from './complaint.js';
import { contentOf } from './console.js';
import { DIGEST_LABEL, HOSTING, sitePath } from './kinds/hosting.js';
import { readWebApp } from './kinds/web-app.js';
import { OWNER, lastOf } from './names.js';
import { endWithSentence } from './step-program.js';

const { values: { project, database, source, config, disable } } = parseArgs({ options: {
  project: { type: 'string' }, database: { type: 'string' }, source: { type: 'string' }, config: { type: 'string' }, disable: { type: 'boolean' },
} });
const site = sitePath(project);

await endWithSentence(async () => {
  const cloud = openCloud({ token: tokenOfGcloud() });
  if (disable) await cloud.change('POST', HOSTING, `${site}/releases`, { type: 'SITE_DISABLE' });
  else await release(cloud);
});

async function release(cloud) {
  const app = await readWebApp(cloud, { project });
  if (app.config === null) throw new Complaint(`web app: isn't there, and the page wouldn't find ${project}.`);
  const serving = JSON.parse(readFileSync(config, 'utf8'));
  const { files, digest } = contentOf({ folder: source, config: serving }, { project, database, app: app.config });

  await haveSite(cloud);
  const made = await cloud.change('POST', HOSTING, `${site}/versions`, { config: serving, labels: { [OWNER.key]: OWNER.value, [DIGEST_LABEL]: digest } });
  const version = `${site}/versions/${lastOf(made.name)}`;
  await fill(cloud, version, files);
  await cloud.change('PATCH', HOSTING, `${version}?updateMask=status`, { status: 'FINALIZED' });
  await cloud.change('POST', HOSTING, `${site}/releases?versionName=sites/${project}/versions/${lastOf(made.name)}`, { message: `Boma, ${digest}` });
}

async function haveSite(cloud) {
  if (await cloud.get(HOSTING, site) !== null) return;
  try {
    await cloud.change('POST', HOSTING, `v1beta1/projects/${project}/sites?siteId=${project}`, { labels: { [OWNER.key]: OWNER.value } });
  } catch (error) {
    // An answer that was lost: then it is there.
    if (!(error instanceof Refused && error.status === 409)) throw error;
  }
}

/** Hosting names the files that it hasn't by the digest of their gzipped bytes, and where to put those. */
async function fill(cloud, version, files) {
  const zipped = new Map([...files].map(([path, bytes]) => [path, gzipSync(bytes, { level: 9 })]));
  const hashes = new Map([...zipped].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]));
  const { uploadUrl, uploadRequiredHashes = [] } = await cloud.change('POST', HOSTING, `${version}:populateFiles`, { files: Object.fromEntries(hashes) });
  const byHash = new Map([...hashes].map(([path, hash]) => [hash, zipped.get(path)]));
  await Promise.all(uploadRequiredHashes.map((hash) => cloud.upload(HOSTING, `${uploadUrl}/${hash}`, byHash.get(hash))));
}
