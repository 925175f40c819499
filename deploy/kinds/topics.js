// The topics. What is published stays for 31 days, so that a subscription can be set back; and it stays in one region, since
// order holds among messages that were published in one.
import { drifted, left, missing, step } from '../differences.js';
import { OWNER, lastOf } from '../names.js';
import { days, isOurs } from './values.js';

const RETENTION_DAYS = 31;

export const topics = {
  name: 'topics',
  permissions: { 'roles/pubsub.admin': ['pubsub.topics.create', 'pubsub.topics.update', 'pubsub.topics.delete'] },
  read: async (cloud, { project }) => cloud.list('pubsub.googleapis.com', `v1/projects/${project}/topics`, 'topics', { pageSize: 500 }),

  compare(there, system) {
    const wanted = system.topics.flatMap((name) => {
      const known = there.find((topic) => lastOf(topic.name) === name);
      return known === undefined ? [missing(`topic ${name}`, [create(name, system)])] : drift(name, known, system);
    });
    return [...wanted, ...(system.isWhole ? unheard(there, system) : [])];
  },

  removal(there, system) {
    if (!system.isWhole) return [];
    return there.filter((topic) => isOurs(topic) && system.topics.includes(lastOf(topic.name))).map(({ name }) => (
      step(`delete topic ${lastOf(name)}`, ['pubsub', 'topics', 'delete', lastOf(name)])
    ));
  },

  /** Names that somebody else has taken. */
  collisions(there, system) {
    return there
      .filter((topic) => system.topics.includes(lastOf(topic.name)) && !isOurs(topic))
      .map(({ name }) => ({ what: `topic ${lastOf(name)}`, adopt: ['pubsub', 'topics', 'update', lastOf(name), `--update-labels=${OWNER.key}=${OWNER.value}`] }));
  },
};

function create(name, { region }) {
  return {
    ...step(`create topic ${name}`, [
      'pubsub', 'topics', 'create', name,
      `--message-retention-duration=${RETENTION_DAYS}d`,
      `--message-storage-policy-allowed-regions=${region}`,
      `--labels=${OWNER.key}=${OWNER.value}`,
    ]),
    wave: 'create',
  };
}

function drift(name, topic, { region }) {
  const texts = [];
  const flags = [];
  const keeps = days(topic.messageRetentionDuration);
  if (keeps !== RETENTION_DAYS) {
    texts.push(`keeps messages for ${keeps} days, not ${RETENTION_DAYS}`);
    flags.push(`--message-retention-duration=${RETENTION_DAYS}d`);
  }
  const regions = topic.messageStoragePolicy?.allowedPersistenceRegions ?? [];
  if (regions.length !== 1 || regions[0] !== region) {
    texts.push(`keeps messages in ${regions.join(', ') || 'any region'}, not in ${region} alone`);
    flags.push(`--message-storage-policy-allowed-regions=${region}`);
  }
  if (texts.length === 0) return [];
  return [drifted(`topic ${name}`, texts, [step(`change topic ${name}`, ['pubsub', 'topics', 'update', name, ...flags])])];
}

/** A topic holds messages for a month: whether they are still needed is for a person to say. */
function unheard(there, system) {
  return there.filter((topic) => isOurs(topic) && !system.topics.includes(lastOf(topic.name))).map(({ name }) => (
    left(`topic ${lastOf(name)}`, `is Boma's, and nothing here knows it any more; if nobody publishes to it: gcloud pubsub topics delete ${lastOf(name)}`)
  ));
}
