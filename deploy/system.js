// Reads the system that should be there: this tree's functions in one project. The settings of a function are from its own
// Cargo.toml, by way of the build's dist/<function>/function.json.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { readAuthorities, readFunctions } from '../manifest/functions.js';
import { DEAD_LETTERS_TOPIC } from '../manifest/names.js';
import { Complaint } from './complaint.js';
import { consoleOf } from './console.js';
import { digestOfFiles } from './digest.js';
import { readIndexes } from './firestore-indexes.js';
import { warehouseOf } from './warehouse.js';
import { readAlertPages } from './watching/alerts/pages.js';

/** By what browsers and phones may read the database. */
export const RULES_FILE = 'firestore.rules';

/**
 * { project, projectNumber, region, ..., functions: [function.json with its source's digest], topics: [name], authorities, filters,
 * factsAboutMoney, indexes, rules, alertPages, warehouse, console: null where it isn't built }. With `only`, that one function and the topics that it uses.
 */
export function readSystem(root, environment, { projectNumber, only }) {
  const dist = join(root, 'dist');
  const { functions: all, topics: allTopics } = readFunctions(dist);
  const functions = all
    .filter(({ name }) => only === undefined || name === only)
    .map((settings) => ({ ...settings, source: `dist/${settings.name}`, digest: digestOf(join(dist, settings.name)) }));
  if (functions.length === 0) {
    throw new Complaint(`--only ${only}: there is no such function; there are ${all.map(({ name }) => name).join(', ')}.`);
  }
  const topics = only === undefined ? allTopics : [...new Set([DEAD_LETTERS_TOPIC, ...functions.flatMap(topicsOf)])];
  const { topics: authorities, filters, factsAboutMoney } = readAuthorities(dist);
  checkPublishers(environment, authorities);
  return {
    ...environment, projectNumber, isWhole: only === undefined, functions, topics: topics.sort(), authorities, filters, factsAboutMoney,
    deadLetters: DEAD_LETTERS_TOPIC, indexes: readIndexes(root), rules: readFileSync(join(root, RULES_FILE), 'utf8'), alertPages: readAlertPages(root),
    warehouse: warehouseOf(environment), console: consoleOf(root, { ...environment, functions }),
  };
}

/** Nobody outside may be let publish what functions of ours say. */
function checkPublishers({ environment, publishers }, authorities) {
  const topic = Object.keys(publishers).find((name) => (authorities[name]?.openTo ?? null) === null);
  if (topic === undefined) return;
  const open = Object.keys(authorities).filter((name) => authorities[name].openTo !== null);
  const why = authorities[topic] === undefined ? 'there is no such topic' : 'functions of ours alone publish there';
  throw new Complaint(`deploy/environments/${environment}.json: publishers.${topic}: ${why}; others may publish to ${open.join(', ')}.`);
}

const topicsOf = ({ topics = {}, permissions = [] }) => [
  ...Object.keys(topics),
  ...permissions.map(({ topic }) => topic).filter((topic) => topic !== undefined),
];

/** A digest of the folder that would be deployed, of its files' names and bytes. Short enough for a label. */
export function digestOf(folder) {
  return digestOfFiles(folder, readdirSync(folder).filter((name) => name !== 'node_modules').sort()).slice(0, 40);
}
