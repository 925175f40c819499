// The alert policies.
import { drifted, left, missing, step, surplus } from '../differences.js';
import { OWNER } from '../names.js';
import { IDENTITY, alerts as wantedOf } from '../watching/alerts/index.js';
import { waysThatDiffer } from '../watching/same.js';

// Every gcloud release has the command in this track; those before 2026 have it in no other.
const POLICIES = ['alpha', 'monitoring', 'policies'];

export const alerts = {
  name: 'alerts',
  permissions: { 'roles/monitoring.editor': ['monitoring.alertPolicies.create', 'monitoring.alertPolicies.update', 'monitoring.alertPolicies.delete'] },
  read: async (cloud, { project }) => {
    const [policies, channels] = await Promise.all([
      cloud.list('monitoring.googleapis.com', `v3/projects/${project}/alertPolicies`, 'alertPolicies', { pageSize: 500 }),
      cloud.list('monitoring.googleapis.com', `v3/projects/${project}/notificationChannels`, 'notificationChannels', { pageSize: 500 }),
    ]);
    return { policies, channels };
  },

  /** Alerts watch all functions together, so `--only` changes none. */
  compare({ policies }, system) {
    if (!system.isWhole) return [];
    const wanted = wantedOf(system);
    return [
      ...wanted.flatMap((alert) => differencesOf(alert, policies.filter((policy) => idOf(policy) === alert.id))),
      ...unwanted(wanted, policies),
      ...nobodyHears(system),
    ];
  },

  removal: ({ policies }, system) => (system.isWhole ? policies.filter(isOurs).map(remove) : []),
};

/** An alert may be there twice: a creation whose answer was lost is tried again. */
function differencesOf({ id, wanted }, [known, ...more]) {
  if (known === undefined) return [missing(`alert ${id} (${wanted.displayName})`, [create(id, wanted)])];
  const ways = waysThatDiffer(wanted, known);
  return [
    ...(ways.length === 0 ? [] : [drifted(`alert ${id}`, [textOf(ways)], [update(id, wanted, known)])]),
    ...more.map((policy) => surplus(`alert ${id}`, `is there once more, as ${policy.name}`, [remove(policy)])),
  ];
}

/** An earlier tree's alert differs in the label of its digest, and mostly in other settings, which say more. */
function textOf(ways) {
  const own = ways.filter((way) => !way.startsWith('userLabels.'));
  return own.length === 0 ? 'is an earlier tree\'s' : own.join('; ');
}

function unwanted(wanted, policies) {
  const ids = wanted.map(({ id }) => id);
  return policies.filter((policy) => isOurs(policy) && !ids.includes(idOf(policy)))
    .map((policy) => surplus(`alert ${idOf(policy) ?? policy.displayName}`, 'is Boma\'s, and nothing here asks for it', [remove(policy)]));
}

const nobodyHears = ({ notificationChannels, environment, project }) => (notificationChannels.length > 0 ? [] : [
  left('alerts', `wake nobody: write the names that "gcloud beta monitoring channels list --project=${project}" shows into notificationChannels of deploy/environments/${environment}.json`),
]);

const isOurs = ({ userLabels = {} }) => userLabels[OWNER.key] === OWNER.value;
const idOf = (policy) => (isOurs(policy) ? policy.userLabels[IDENTITY] : undefined);

const fileOf = (id, content) => ({ flag: '--policy-from-file', name: `alert-${id}.json`, content });

const create = (id, wanted) => ({ ...step(`create alert ${id}`, [...POLICIES, 'create'], fileOf(id, wanted)), wave: 'write' });

function update(id, wanted, { name }) {
  return { ...step(`change alert ${id}`, [...POLICIES, 'update', name], fileOf(id, wanted)), wave: 'write' };
}

const remove = ({ name, displayName }) => step(`delete alert "${displayName}"`, [...POLICIES, 'delete', name]);
