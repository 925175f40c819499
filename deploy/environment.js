// The settings of one environment: deploy/environments/NAME.json. A flag wins over them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Complaint } from './complaint.js';
import { DATABASE } from './names.js';

const KEYS = {
  about: 'string',
  project: 'string',
  region: 'string',
  firestoreLocation: 'string',
  warehouseLocation: 'string',
  database: 'string',
  protectData: 'boolean',
  notificationChannels: 'list',
  firstEdition: 'string',
  publishers: 'object',
};
/** Whether messages of the first edition's topics may still be on their way. */
const FIRST_EDITION = ['drained', 'in-flight'];
/** Firestore's rule for the name of a database. */
const DATABASE_NAME = /^(?:\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;
const FOLDER = 'deploy/environments';

/** The settings of the environment that the arguments name, overridden by the arguments. */
export function readEnvironment(root, { environment, project, region, firestoreLocation }) {
  const all = readAll(root);
  const settings = all.get(environment);
  if (settings === undefined) throw new Complaint(`--environment ${environment}: there is no ${FOLDER}/${environment}.json; there are ${[...all.keys()].join(', ')}.`);
  const chosen = {
    environment,
    project: project ?? settings.project,
    region: region ?? settings.region,
    database: settings.database ?? DATABASE,
    warehouseLocation: settings.warehouseLocation,
    protectData: settings.protectData ?? true,
    notificationChannels: settings.notificationChannels ?? [],
    firstEdition: settings.firstEdition,
    publishers: settings.publishers ?? {},
  };
  if (!DATABASE_NAME.test(chosen.database)) throw new Complaint(`${FOLDER}/${environment}.json: database: "${chosen.database}" must be ${DATABASE}, or 4 to 63 lowercase letters, digits and hyphens, a letter first.`);
  const [owner] = [...all].find(([name, { project: its }]) => name !== environment && its !== undefined && its === chosen.project) ?? [];
  if (owner !== undefined) throw new Complaint(`--project ${chosen.project}: belongs to ${FOLDER}/${owner}.json: give --environment ${owner}, or another project.`);
  if (chosen.project === undefined) throw new Complaint(`no project: give --project, or write "project" into ${FOLDER}/${environment}.json.`);
  if (chosen.region === undefined) throw new Complaint(`no region: give --region, or write "region" into ${FOLDER}/${environment}.json.`);
  return { ...chosen, firestoreLocation: firestoreLocation ?? settings.firestoreLocation ?? chosen.region };
}

/** Every environment's settings by its name. */
function readAll(root) {
  const files = readdirSync(join(root, FOLDER)).filter((file) => file.endsWith('.json')).sort();
  return new Map(files.map((file) => [file.replace(/\.json$/, ''), checked(readFileSync(join(root, FOLDER, file), 'utf8'), `${FOLDER}/${file}`)]));
}

function checked(text, file) {
  const settings = parsed(text, file);
  for (const [key, value] of Object.entries(settings)) {
    if (!Object.hasOwn(KEYS, key)) throw new Complaint(`${file}: ${key} is no setting; there are ${Object.keys(KEYS).join(', ')}.`);
    if ((Array.isArray(value) ? 'list' : typeof value) !== KEYS[key]) throw new Complaint(`${file}: ${key}: must be a ${KEYS[key]}.`);
  }
  if (settings.firstEdition !== undefined && !FIRST_EDITION.includes(settings.firstEdition)) throw new Complaint(`${file}: firstEdition: must be ${FIRST_EDITION.join(' or ')}.`);
  for (const [topic, members] of Object.entries(settings.publishers ?? {})) {
    const isMember = (member) => /^[a-zA-Z]+:\S+$/.test(member);
    if (!Array.isArray(members) || !members.every(isMember)) throw new Complaint(`${file}: publishers.${topic}: must be a list of members, such as serviceAccount:shop@a-project.iam.gserviceaccount.com.`);
  }
  return settings;
}

function parsed(text, file) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Complaint(`${file}: is no JSON: ${error.message}.`, { cause: error });
  }
}
