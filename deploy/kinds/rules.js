// The rules by which browsers and phones may read the database: firestore.rules. They are released to a database, and what isn't
// released any more is kept by Firebase, up to 2,500 sets. gcloud has no command for them, so the step is a program of ours.
import { drifted, missing, programStep } from '../differences.js';

export const API = 'firebaserules.googleapis.com';

export const rules = {
  name: 'rules',
  permissions: {
    'roles/firebaserules.admin': ['firebaserules.releases.create', 'firebaserules.releases.update', 'firebaserules.rulesets.create'],
    'roles/serviceusage.serviceUsageConsumer': ['serviceusage.services.use'],
  },
  /** The text that is in force; null where nothing was released. */
  async read(cloud, { project, database }) {
    const release = await cloud.get(API, `v1/${releaseName(project, database)}`);
    if (release === null) return null;
    const ruleset = await cloud.get(API, `v1/${release.rulesetName}`);
    return ruleset?.source.files.map(({ content }) => content).join('\n') ?? '';
  },

  compare(there, { project, database, rules: wanted }) {
    if (there === wanted) return [];
    const steps = [programStep('release firestore.rules', ['node', 'deploy/release-rules.js', `--project=${project}`, `--database=${database}`])];
    const what = `rules of ${database}`;
    return [there === null ? missing(what, steps) : drifted(what, ['aren\'t those of firestore.rules'], steps)];
  },

  /** They go with the database. Until then nothing is opened by taking them away. */
  removal: () => [],
};

/** The database that most projects have is named by nothing. */
export const releaseName = (project, database) => `projects/${project}/releases/cloud.firestore${database === '(default)' ? '' : `/${database}`}`;
