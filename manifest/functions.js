// The settings of the built functions: dist/<function>/function.json, which the build makes of each function's Cargo.toml,
// dist/topics.json, the topic of each event type, and dist/authorities.json, who may publish where and which types are facts about
// money. local/, ops/ and deploy/ all read them here.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEAD_LETTERS_TOPIC } from './names.js';

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

/** { topics: {topic: {publishers: [function], openTo: 'sources', 'operators' or null}}, filters: {subscription: filter}, factsAboutMoney: [type] } */
export const readAuthorities = (dist) => JSON.parse(readFileSync(join(dist, 'authorities.json'), 'utf8'));

/** The name under which the shim registers a function: Cloud Functions takes no hyphen in an entry point. */
export const entryPointOf = (name) => name.replaceAll('-', '_');
