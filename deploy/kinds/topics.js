// The topics. Messages are kept for 31 days, so that a subscription can seek back, and in one region, since Pub/Sub keeps order among
// messages that were published in one. Publishing by another region's endpoint is refused: those messages would have no order with
// the others, and nobody would notice.
import { gcloudLine } from '../command-line.js';
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

  /** Topics of wanted names without our label. */
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
      ...inOneRegion(region),
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
  const { allowedPersistenceRegions: regions = [], enforceInTransit = false } = topic.messageStoragePolicy ?? {};
  const isInOne = regions.length === 1 && regions[0] === region;
  if (!isInOne) texts.push(`keeps messages in ${regions.join(', ') || 'any region'}, not in ${region} alone`);
  else if (!enforceInTransit) texts.push('takes messages by endpoints of other regions, which are in no order with the others');
  if (!isInOne || !enforceInTransit) flags.push(...inOneRegion(region));
  if (texts.length === 0) return [];
  return [drifted(`topic ${name}`, texts, [step(`change topic ${name}`, ['pubsub', 'topics', 'update', name, ...flags])])];
}

const inOneRegion = (region) => [`--message-storage-policy-allowed-regions=${region}`, '--message-storage-policy-enforce-in-transit'];

/** Topics of ours that this tree doesn't have. Their messages may still be needed: a person decides. */
function unheard(there, system) {
  return there.filter((topic) => isOurs(topic) && !system.topics.includes(lastOf(topic.name))).map(({ name }) => (
    left(`topic ${lastOf(name)}`, `is Boma's, and nothing here knows it any more; if nobody publishes to it: ${gcloudLine(['pubsub', 'topics', 'delete', lastOf(name)], system)}`)
  ));
}
