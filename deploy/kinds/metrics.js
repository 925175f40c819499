// The log-based metrics. They are made early: Cloud Monitoring knows a new metric only after some minutes, and refuses an alert on
// one that it doesn't know.
import { drifted, missing, step, surplus } from '../differences.js';
import { PREFIX, metrics as wantedOf } from '../watching/metrics.js';
import { waysThatDiffer } from '../watching/same.js';

export const metrics = {
  name: 'metrics',
  permissions: { 'roles/logging.configWriter': ['logging.logMetrics.create', 'logging.logMetrics.update', 'logging.logMetrics.delete'] },
  read: async (cloud, { project }) => cloud.list('logging.googleapis.com', `v2/projects/${project}/metrics`, 'metrics', { pageSize: 1000 }),

  /** Metrics count the lines of all functions together, so `--only` changes none. */
  compare(there, system) {
    if (!system.isWhole) return [];
    const wanted = wantedOf(system);
    const differing = wanted.flatMap((metric) => {
      const known = there.find(({ name }) => name === metric.name);
      if (known === undefined) return [missing(`metric ${metric.name}`, [write('create', metric)])];
      const ways = waysThatDiffer(metric, known);
      return ways.length === 0 ? [] : [drifted(`metric ${metric.name}`, ways, [write('update', metric)])];
    });
    const names = wanted.map(({ name }) => name);
    const unwanted = ours(there).filter(({ name }) => !names.includes(name));
    return [...differing, ...unwanted.map(({ name }) => surplus(`metric ${name}`, 'is Boma\'s, and nothing here asks for it', [remove(name)]))];
  },

  removal: (there, system) => (system.isWhole ? ours(there).map(({ name }) => remove(name)) : []),
};

const ours = (there) => there.filter(({ name }) => name.startsWith(PREFIX));

function write(verb, { name, ...metric }) {
  return {
    ...step(`${verb} metric ${name}`, ['logging', 'metrics', verb, name], { flag: '--config-from-file', name: `metric-${name}.json`, content: metric }),
    wave: 'write',
  };
}

const remove = (name) => step(`delete metric ${name}`, ['logging', 'metrics', 'delete', name]);
