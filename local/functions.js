// What the built functions say of themselves: dist/<function>/function.json, made from the function's own Cargo.toml.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEAD_LETTERS_TOPIC } from './router/dead-letter.js';
import { subscriptionName } from './pubsub-names.js';

const USUAL_CONCURRENCY = 16;

/** { functions: [function.json, ...] by name, topicOf: {type: topic}, topics: every topic there must be }. */
export function readFunctions(dist) {
  const functions = readdirSync(dist, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(dist, entry.name, 'function.json')))
    .map((entry) => JSON.parse(readFileSync(join(dist, entry.name, 'function.json'), 'utf8')))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const topicOf = JSON.parse(readFileSync(join(dist, 'topics.json'), 'utf8'));
  const topics = new Set([...Object.values(topicOf), DEAD_LETTERS_TOPIC]);
  for (const { topics: heard = {}, publishes = {} } of functions) {
    for (const topic of [...Object.keys(heard), ...Object.keys(publishes)]) topics.add(topic);
  }
  return { functions, topicOf, topics: [...topics] };
}

/** The consumers that the router carries to. Only Pub/Sub functions are; others have triggers of their own. */
export function consumersOf(functions, project) {
  return functions.filter(({ trigger }) => trigger === 'pubsub').map(({ name, concurrency, topics = {} }) => ({
    name,
    concurrency: atOnce(concurrency),
    subscriptions: Object.keys(topics).map((topic) => subscriptionName(project, name, topic)),
  }));
}

/** The triggers that Eventarc would have, one for each function that hears of changes of documents, under the function's name. */
export function changeTriggersOf(functions) {
  return functions.filter(({ trigger }) => trigger === 'firestore').map(({ name, concurrency, document, event }) => ({
    name, concurrency: atOnce(concurrency), document, event,
  }));
}

const atOnce = (concurrency) => Math.min(concurrency ?? USUAL_CONCURRENCY, USUAL_CONCURRENCY);

/** What a function is called in its own code, by the shim: Cloud Functions takes no hyphen there. */
export const entryPointOf = (name) => name.replaceAll('-', '_');
