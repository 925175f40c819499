// Which function consumes what, from the functions' settings.
import { subscriptionName } from './names.js';

const USUAL_CONCURRENCY = 16;

/** The consumers that the local router delivers to: functions that Pub/Sub triggers. Functions with other triggers have no subscription. */
export function routerConsumers(functions, project) {
  return functions.filter(({ trigger }) => trigger === 'pubsub').map(({ name, concurrency, topics = {} }) => ({
    name,
    concurrency: localConcurrency(concurrency),
    subscriptions: Object.keys(topics).map((topic) => subscriptionName(project, name, topic)),
  }));
}

/** The names of the functions that Pub/Sub triggers. */
export const consumersIn = (functions) => functions.filter(({ trigger }) => trigger === 'pubsub').map(({ name }) => name);

/** Whether a function writes into tables of BigQuery: a local stack has it only if it has a BigQuery. */
export const usesWarehouse = ({ permissions = [] }) => permissions.some(({ tables = [] }) => tables.length > 0);

/** Whether what a function writes is for the operators' page alone: a local stack without one does without it. */
export const isForConsole = ({ console: isFor = false }) => isFor;

/**
 * The triggers that Eventarc would have: one for each document pattern of each function that document changes trigger. `name` is the
 * function's; the triggers of one function have an `id` each. For the operators' page changes may wait, as many as in the cloud, and a
 * replay doesn't wait for them.
 */
export function changeTriggersOf(functions) {
  return functions.filter(({ trigger }) => trigger === 'firestore').flatMap((one) => {
    const { name, concurrency, document, documents = [document], event } = one;
    const ofConsole = isForConsole(one);
    return documents.map((pattern) => ({
      name, id: documents.length > 1 ? `${name}.${pattern.split('/')[0]}` : name, concurrency: ofConsole ? concurrency : localConcurrency(concurrency),
      document: pattern, event, ...(ofConsole && { mayWait: true }),
    }));
  });
}

const localConcurrency = (concurrency) => Math.min(concurrency ?? USUAL_CONCURRENCY, USUAL_CONCURRENCY);

/** { consumersOf: event type -> names of its consumers, publishing: Set of the functions that may publish follow-ups }. */
export function routingOf(functions) {
  const byType = new Map();
  for (const { name, topics = {} } of functions) {
    for (const type of Object.values(topics).flat()) byType.set(type, [...(byType.get(type) ?? []), name]);
  }
  return {
    consumersOf: (type) => byType.get(type) ?? [],
    publishing: new Set(functions.filter(({ publishes = {} }) => Object.keys(publishes).length > 0).map(({ name }) => name)),
  };
}
