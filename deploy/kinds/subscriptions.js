// One ordered push subscription for each function and topic that it consumes, with its dead-letter policy, and a filter where several
// consumers share the topic. Eventarc's own subscriptions have no order, so it carries no messages here.
import { gcloudLine } from '../command-line.js';
import { drifted, left, missing, step } from '../differences.js';
import { OWNER, lastOf, pubsubAgent, pubsubInvoker, subscriptionOf, topicPath, urlOf } from '../names.js';
import { days, isOurs, seconds } from './values.js';

// Nested as in docs/reliability.md: a delivery ends after 45 s, the function after 50 s.
const ACK_DEADLINE_S = 60;
const BACK_OFF_S = { least: 1, most: 600 };
export const ATTEMPTS = 100;
// A message that nobody acknowledges runs out of attempts within a day. The topic keeps all messages for longer.
const RETENTION_DAYS = 7;

export const subscriptions = {
  name: 'subscriptions',
  permissions: {
    'roles/pubsub.admin': ['pubsub.subscriptions.create', 'pubsub.subscriptions.update', 'pubsub.subscriptions.delete', 'pubsub.topics.attachSubscription'],
    // A push carries the token of an account, so setting it is acting as that account.
    'roles/iam.serviceAccountUser': ['iam.serviceAccounts.actAs'],
  },
  read: (cloud, { project }) => cloud.list('pubsub.googleapis.com', `v1/projects/${project}/subscriptions`, 'subscriptions', { pageSize: 500 }),

  compare(there, system) {
    const compared = wanted(system).flatMap((one) => {
      const [known, next] = [one.name, nextOf(one.name)].map((name) => there.find((other) => lastOf(other.name) === name));
      if (known === undefined) return [missing(`subscription ${one.name}`, [create(one)]), ...leftOver(next, system)];
      if (unchangeable(one, known) !== undefined) return [replaced(one, known, next, system)];
      return [...drift(one, known), ...leftOver(next, system)];
    });
    return [...compared, ...(system.isWhole ? unwanted(there, system) : [])];
  },

  removal(there, system) {
    const names = namesOf(system);
    return there.filter((known) => isOurs(known) && names.includes(lastOf(known.name))).map(({ name }) => (
      step(`delete subscription ${lastOf(name)}`, ['pubsub', 'subscriptions', 'delete', lastOf(name)])
    ));
  },

  collisions(there, system) {
    const names = namesOf(system);
    return there.filter((known) => names.includes(lastOf(known.name)) && !isOurs(known)).map(({ name }) => ({
      what: `subscription ${lastOf(name)}`,
      adopt: ['pubsub', 'subscriptions', 'update', lastOf(name), `--update-labels=${OWNER.key}=${OWNER.value}`],
    }));
  },
};

/** The subscriptions that should be there. That of the dead-letter topic has no dead-letter policy: its messages have nowhere to go. */
export function wanted(system) {
  return system.functions.filter(({ trigger }) => trigger === 'pubsub').flatMap(({ name: consumer, topics = {} }) => (
    Object.keys(topics).map((topic) => ({
      name: subscriptionOf(consumer, topic),
      consumer,
      topic,
      url: urlOf(system, consumer),
      caller: pubsubInvoker(system),
      filter: system.filters[subscriptionOf(consumer, topic)] ?? '',
      deadLetters: topic === system.deadLetters ? null : topicPath(system, system.deadLetters),
    }))
  ));
}

/** Each setting as it is, as it should be, and the flag that sets it. */
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
      ...(one.filter === '' ? [] : [`--message-filter=${one.filter}`]),
      ...settings(one).map(({ flag }) => flag),
      `--labels=${OWNER.key}=${OWNER.value}`,
    ]),
    wave: 'create',
  };
}

// Pub/Sub replaces a push configuration, a dead-letter policy or a retry policy whole, so a change gives all of its settings.
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
 * The order, the topic and the filter of a subscription can't be changed, so it is replaced. To lose nothing, a new one is made beside it first. At
 * each moment one of the two holds every unacknowledged message, and the inbox recognizes one that arrives twice. A person deletes the
 * old one when it is empty. (A snapshot would be quicker, but an ordered subscription can't seek to that of an unordered one.)
 */
function replaced(one, known, next, system) {
  const what = `subscription ${one.name}`;
  const why = unchangeable(one, known);
  const beside = { ...one, name: nextOf(one.name) };
  if (next === undefined) return drifted(what, [why, `${beside.name} begins beside it, so that no message is lost`], [alone(create(beside)), grant(beside, system)]);
  return left(what, `${why}; ${beside.name} has all that came since it is there. When ${one.name} is empty (${backlogOf(one.name)}), delete it: ${deletion(one.name, system)}; then apply makes it anew`);
}

/** Why it can't become what it should be, if so. */
function unchangeable(one, { enableMessageOrdering, topic, filter = '' }) {
  if (!enableMessageOrdering) return "has no order, which can't be changed";
  if (lastOf(topic) !== one.topic) return `is on topic ${lastOf(topic)}, not ${one.topic}`;
  if (filter !== one.filter) return `has ${filter === '' ? 'no filter' : `the filter ${filter}`}, which can't be changed`;
  return undefined;
}

function leftOver(next, system) {
  if (next === undefined) return [];
  const name = lastOf(next.name);
  return [left(`subscription ${name}`, `took the place of another one. When it is empty (${backlogOf(name)}), delete it: ${deletion(name, system)}`)];
}

const deletion = (name, system) => gcloudLine(['pubsub', 'subscriptions', 'delete', name], system);

// The count of its unacknowledged messages, in Cloud Monitoring and on the dashboard.
const backlogOf = (name) => `pubsub.googleapis.com/subscription/num_undelivered_messages of ${name} is 0`;

const alone = ({ say, gcloud }) => ({ say, gcloud });

const grant = ({ name }, system) => step(`let Pub/Sub move dead letters of ${name}`, [
  'pubsub', 'subscriptions', 'add-iam-policy-binding', name, `--member=serviceAccount:${pubsubAgent(system)}`, '--role=roles/pubsub.subscriber',
]);

const nextOf = (name) => `${name}.next`;
const namesOf = (system) => wanted(system).flatMap(({ name }) => [name, nextOf(name)]);

/** Subscriptions of ours that no function here consumes. Their messages may still be needed: a person decides. */
function unwanted(there, system) {
  const names = namesOf(system);
  return there.filter((known) => isOurs(known) && !names.includes(lastOf(known.name))).map(({ name }) => (
    left(`subscription ${lastOf(name)}`, `is Boma's, and no function here hears it: ${deletion(lastOf(name), system)}`)
  ));
}
