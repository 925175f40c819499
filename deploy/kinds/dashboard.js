// The dashboard.
import { drifted, missing, step, surplus } from '../differences.js';
import { lastOf } from '../names.js';
import { dashboard as wantedOf } from '../watching/dashboard.js';
import { waysThatDiffer } from '../watching/same.js';
import { isOurs } from './values.js';

export const dashboard = {
  name: 'dashboard',
  permissions: { 'roles/monitoring.editor': ['monitoring.dashboards.create', 'monitoring.dashboards.update', 'monitoring.dashboards.delete'] },
  read: async (cloud, { project }) => cloud.list('monitoring.googleapis.com', `v1/projects/${project}/dashboards`, 'dashboards', { pageSize: 500 }),

  /** The dashboard shows all functions together, so `--only` doesn't change it. */
  compare(there, system) {
    if (!system.isWhole) return [];
    const wanted = wantedOf(system);
    const [known, ...more] = there.filter(isOurs);
    if (known === undefined) return [missing('dashboard Boma', [create(wanted)])];
    const ways = waysThatDiffer(wanted, known);
    return [
      ...(ways.length === 0 ? [] : [drifted('dashboard Boma', [`is otherwise (${ways.length} places)`], [update(wanted, known)])]),
      ...more.map((one) => surplus('dashboard Boma', `is there once more, as ${lastOf(one.name)}`, [remove(one)])),
    ];
  },

  removal: (there, system) => (system.isWhole ? there.filter(isOurs).map(remove) : []),
};

const fileOf = (content) => ({ flag: '--config-from-file', name: 'dashboard.json', content });

const create = (wanted) => step('create dashboard Boma', ['monitoring', 'dashboards', 'create'], fileOf(wanted));

/** With the etag that was read, Google refuses to overwrite a change that somebody made since. */
const update = (wanted, { name, etag }) => step('change dashboard Boma', ['monitoring', 'dashboards', 'update', lastOf(name)], fileOf({ ...wanted, etag }));

const remove = ({ name }) => step('delete dashboard Boma', ['monitoring', 'dashboards', 'delete', lastOf(name)]);
