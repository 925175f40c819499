// One ordered push subscription for each function and topic that it hears, and what dead letters need. Eventarc's own
// subscriptions have no order, which is why a function is called by ours.
import { drifted, left, missing, step } from '../differences.js';
import { OWNER, lastOf, pusher, subscriptionOf, subscriptionPath, topicPath, urlOf } from '../names.js';
import { days, isOurs, seconds } from './values.js';

// Nested as in docs/reliability.md: a delivery ends after 45 s, the function after 50 s.
const ACK_DEADLINE_S = 60;
const BACK_OFF_S = { least: 1, most: 600 };
const ATTEMPTS = 100;
// What nobody acknowledges runs out of attempts within a day. The topic itself keeps everything for longer.
const RETENTION_DAYS = 7;

export const subscriptions = {
  name: 'subscriptions',
  read: async (cloud, { project }) => {
    const [all, snapshots] = await Promise.all([
      cloud.list('pubsub.googleapis.com', `v1/projects/${project}/subscriptions`, 'subscriptions', { pageSize: 500 }),
      cloud.list('pubsub.googleapis.com', `v1/projects/${project}/snapshots`, 'snapshots', { pageSize: 500 }),
    ]);
    return { all, snapshots: snapshots.map(({ name }) => lastOf(name)) };
  },

  compare({ all, snapshots }, system) {
    const compared = wanted(system).flatMap((one) => {
      const known = all.find(({ name }) => lastOf(name) === one.name);
      const isKept = snapshots.includes(snapshotOf(one.name));
      if (known === undefined) return [missing(`subscription ${one.name}`, isKept ? [create(one), ...backFrom(one.name)] : [create(one)])];
      if (!known.enableMessageOrdering || lastOf(known.topic) !== one.topic) return [replaced(one, known, isKept)];
      return isKept ? [...drift(one, known), halfReplaced(one.name)] : drift(one, known);
    });
    return [...compared, ...(system.isWhole ? unwanted(all, system) : [])];
  },

  removal({ all }, system) {
    const names = wanted(system).map(({ name }) => name);
    return all.filter((known) => isOurs(known) && names.includes(lastOf(known.name))).map(({ name }) => (
      step(`delete subscription ${lastOf(name)}`, ['pubsub', 'subscriptions', 'delete', lastOf(name)])
    ));
  },

  collisions({ all }, system) {
    const names = wanted(system).map(({ name }) => name);
    return all.filter((known) => names.includes(lastOf(known.name)) && !isOurs(known)).map(({ name }) => ({
      what: `subscription ${lastOf(name)}`,
      adopt: ['pubsub', 'subscriptions', 'update', lastOf(name), `--update-labels=${OWNER.key}=${OWNER.value}`],
    }));
  },
};

/** What there should be. What dead letters become is not given up on: it would have nowhere to go. */
export function wanted(system) {
  return system.functions.filter(({ trigger }) => trigger === 'pubsub').flatMap(({ name: consumer, topics = {} }) => (
    Object.keys(topics).map((topic) => ({
      name: subscriptionOf(consumer, topic),
      consumer,
      topic,
      url: urlOf(system, consumer),
      caller: pusher(system),
      deadLetters: topic === system.deadLetters ? null : topicPath(system, system.deadLetters),
    }))
  ));
}

/** Each setting: what it is there, what it should be, and the flag that makes it so. */
function settings({ url, caller, deadLetters }, known = {}) {
  const { retryPolicy, deadLetterPolicy, pushConfig, expirationPolicy } = known;
  const pairs = [
    ['ack deadline', `${known.ackDeadlineSeconds} s`, `${ACK_DEADLINE_S} s`, `--ack-deadline=${ACK_DEADLINE_S}`],
    ['retention', `${days(known.messageRetentionDuration)} days`, `${RETENTION_DAYS} days`, `--message-retention-duration=${RETENTION_DAYS}d`],
    ['expiry', expirationPolicy?.ttl ? `after ${days(expirationPolicy.ttl)} days` : expirationPolicy ? 'never' : 'after 31 days', 'never', '--expiration-period=never'],
    ['shortest back-off', `${seconds(retryPolicy?.minimumBackoff)} s`, `${BACK_OFF_S.least} s`, `--min-retry-delay=${BACK_OFF_S.least}s`],
    ['longest back-off', `${seconds(retryPolicy?.maximumBackoff)} s`, `${BACK_OFF_S.most} s`, `--max-retry-delay=${BACK_OFF_S.most}s`],
    ['endpoint', pushConfig?.pushEndpoint ?? 'none', url, `--push-endpoint=${url}`],
    ['caller', pushConfig?.oidcToken?.serviceAccountEmail ?? 'nobody', caller, `--push-auth-service-account=${caller}`],
    ['audience', pushConfig?.oidcToken?.audience ?? 'none', url, `--push-auth-token-audience=${url}`],
  ];
  if (deadLetters !== null) {
    pairs.push(
      ['dead letters', deadLetterPolicy?.deadLetterTopic ?? 'nowhere', deadLetters, `--dead-letter-topic=${deadLetters}`],
      ['attempts', `${deadLetterPolicy?.maxDeliveryAttempts ?? 'without end'}`, `${ATTEMPTS}`, `--max-delivery-attempts=${ATTEMPTS}`],
    );
  }
  return pairs.map(([setting, is, should, flag]) => ({ setting, is, should, flag }));
}

function create(one) {
  return {
    ...step(`create subscription ${one.name}`, [
      'pubsub', 'subscriptions', 'create', one.name, `--topic=${one.topic}`, '--enable-message-ordering',
      ...settings(one).map(({ flag }) => flag),
      `--labels=${OWNER.key}=${OWNER.value}`,
    ]),
    wave: 'create',
  };
}

// Pub/Sub takes a push configuration and a dead-letter policy whole: whoever changes one setting of it says the others, too.
const TOGETHER = [['endpoint', 'caller', 'audience'], ['dead letters', 'attempts'], ['shortest back-off', 'longest back-off']];

function drift(one, known) {
  const all = settings(one, known);
  const otherwise = all.filter(({ is, should }) => is !== should);
  if (otherwise.length === 0) return [];
  const names = new Set(otherwise.flatMap(({ setting }) => TOGETHER.find((group) => group.includes(setting)) ?? [setting]));
  const flags = all.filter(({ setting }) => names.has(setting)).map(({ flag }) => flag);
  const change = step(`change subscription ${one.name}`, ['pubsub', 'subscriptions', 'update', one.name, ...flags]);
  return [drifted(`subscription ${one.name}`, otherwise.map(({ setting, is, should }) => `${setting} is ${is}, not ${should}`), [change])];
}

/**
 * Order can't be changed once a subscription is there, nor can its topic. So that nothing is lost while it is replaced, a
 * snapshot keeps what it hasn't acknowledged and all that comes; the new one is set back to it. What was under way then
 * arrives a second time, which the inbox knows. Stopped at any point, the next run finds the snapshot and goes on.
 */
function replaced(one, known, isKept) {
  const keep = step(`keep the messages of ${one.name}`, ['pubsub', 'snapshots', 'create', snapshotOf(one.name), `--subscription=${one.name}`]);
  const remove = step(`delete subscription ${one.name}, whose messages are kept`, ['pubsub', 'subscriptions', 'delete', one.name]);
  const text = known.enableMessageOrdering
    ? `is on topic ${lastOf(known.topic)}, not ${one.topic}`
    : 'has no order, which can\'t be changed: it is replaced, and a snapshot keeps its messages meanwhile';
  return drifted(`subscription ${one.name}`, [text], [...(isKept ? [] : [keep]), remove, alone(create(one)), ...backFrom(one.name)]);
}

const alone = ({ say, gcloud }) => ({ say, gcloud });

const backFrom = (name) => [
  step(`set ${name} back to what was kept`, ['pubsub', 'subscriptions', 'seek', name, `--snapshot=${snapshotOf(name)}`]),
  step(`delete the snapshot of ${name}`, ['pubsub', 'snapshots', 'delete', snapshotOf(name)]),
];

const halfReplaced = (name) => drifted(`subscription ${name}`, ['was replaced, and not yet set back to the messages that were kept'], backFrom(name));

const snapshotOf = (name) => `boma-kept-${name}`;

/** Its messages may be of worth to somebody: a person says. */
function unwanted(all, system) {
  const names = wanted(system).map(({ name }) => name);
  return all.filter((known) => isOurs(known) && !names.includes(lastOf(known.name))).map(({ name }) => (
    left(`subscription ${lastOf(name)}`, `is Boma's, and no function here hears it: gcloud pubsub subscriptions delete ${lastOf(name)}`)
  ));
}

/** The full name, as rights are bound to it. */
export const pathOf = (system, { name }) => subscriptionPath(system, name);
