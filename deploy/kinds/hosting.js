// The console's page on Firebase Hosting: its files, the headers that it is served with, and the addresses that go to the function `operator`. A version
// carries the digest of all of that as a label. gcloud has no commands for it, so the step is a program of ours.
import { contentOf } from '../console.js';
import { drifted, left, missing, programStep } from '../differences.js';
import { OWNER, lastOf } from '../names.js';
import { readWebApp, usesConsole } from './web-app.js';

export const HOSTING = 'firebasehosting.googleapis.com';
export const DIGEST_LABEL = 'boma-source';
/** The site that each Firebase project may have by its own name. */
export const sitePath = (project) => `v1beta1/projects/${project}/sites/${project}`;
const siteUrl = (project) => `https://${project}.web.app`;

export const hosting = {
  name: 'hosting',
  permissions: {
    'roles/firebasehosting.admin': ['firebasehosting.sites.create', 'firebasehosting.sites.update'],
    'roles/serviceusage.serviceUsageConsumer': ['serviceusage.services.use'],
  },
  /** { isFirebase, config: the web app's, or null, labels: of the version that is served, or null where none is } */
  async read(cloud, system) {
    if (!usesConsole(system)) return null;
    const { isFirebase, config } = await readWebApp(cloud, system);
    return { isFirebase, config, labels: isFirebase ? await servedLabels(cloud, system.project) : null };
  },

  compare(there, system) {
    if (!usesConsole(system) || !there.isFirebase) return [];
    const { project } = system;
    const what = `console at ${siteUrl(project)}`;
    const { labels } = there;
    if (system.console.folder === null) return [left(what, 'the page isn\'t built (console/dist): without --built, ./deploy.sh builds it')];
    if (labels !== null && labels[OWNER.key] !== OWNER.value) return [left(what, `something else is served there: npx firebase-tools hosting:disable --project ${project} ends that, and then this takes its place`)];
    if (labels === null) return [missing(what, [release(system)])];
    const isSame = there.config !== null && labels[DIGEST_LABEL] === contentOf(system.console, { ...system, app: there.config }).digest;
    return isSame ? [] : [drifted(what, ['is another than this tree\'s'], [release(system)])];
  },

  removal(there, system) {
    if (!usesConsole(system) || there.labels?.[OWNER.key] !== OWNER.value) return [];
    return [programStep('serve the console no longer', ['node', 'deploy/release-console.js', `--project=${system.project}`, '--disable'])];
  },
};

async function servedLabels(cloud, project) {
  const channel = await cloud.get(HOSTING, `${sitePath(project)}/channels/live`);
  const { type, version } = channel?.release ?? {};
  if (version === undefined || type === 'SITE_DISABLE') return null;
  return (await cloud.get(HOSTING, `${sitePath(project)}/versions/${lastOf(version.name)}`))?.labels ?? {};
}

const release = ({ project, database, console: { folder, config } }) => ({
  ...programStep('release the console', ['node', 'deploy/release-console.js', `--project=${project}`, `--database=${database}`, `--source=${folder}`]),
  file: { flag: '--config', name: 'hosting.json', content: config },
});
