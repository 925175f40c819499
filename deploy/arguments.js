// The command line of deploy.sh. Pure: a mistake is thrown as one sentence that names the flag.
import { parseArgs } from 'node:util';

import { Complaint } from './complaint.js';

const COMMANDS = ['plan', 'apply', 'destroy', 'build'];
const FLAGS = {
  project: { type: 'string' },
  region: { type: 'string' },
  'firestore-location': { type: 'string' },
  environment: { type: 'string' },
  only: { type: 'string' },
  built: { type: 'boolean' },
};
const NAME = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;

/** { command, project?, region?, firestoreLocation?, environment, only?, built }. Settings that are left out may be in the environment. */
export function parseArguments(args) {
  const { tokens } = parseArgs({ args, options: FLAGS, strict: false, allowPositionals: true, tokens: true });
  const given = {};
  let command;
  for (const token of tokens) {
    if (token.kind === 'option') take(given, token);
    else if (token.kind === 'positional' && command === undefined) command = commandNamed(token.value);
    else wrong(`"${token.value ?? '--'}" has no place after ${command ?? 'deploy.sh'}: every flag begins with --.`);
  }
  if (command === 'build' && Object.keys(given).length > 0) wrong('build takes no flag: it makes dist/ for whatever project.');
  if (command === undefined) wrong(`say what to do first: ${COMMANDS.join(', ')}.`);
  return {
    command,
    project: given.project,
    region: given.region,
    firestoreLocation: given['firestore-location'],
    environment: given.environment ?? 'production',
    only: given.only,
    built: given.built ?? false,
  };
}

function commandNamed(value) {
  if (COMMANDS.includes(value)) return value;
  return wrong(`"${value}" is no command; there are ${COMMANDS.join(', ')}.`);
}

function take(given, { name, rawName, value }) {
  if (!Object.hasOwn(FLAGS, name)) wrong(`${rawName} is no flag; there are ${Object.keys(FLAGS).map((flag) => `--${flag}`).join(', ')}.`);
  if (Object.hasOwn(given, name)) wrong(`${rawName} is given twice.`);
  if (FLAGS[name].type === 'boolean') {
    if (value !== undefined) wrong(`${rawName} takes no value.`);
    given[name] = true;
    return;
  }
  if (value === undefined || value === '') wrong(`${rawName} needs a value: ${rawName} NAME.`);
  if (!NAME.test(value)) wrong(`${rawName}: "${value}" must begin with a letter, and have lowercase letters, digits and hyphens.`);
  given[name] = value;
}

function wrong(sentence) {
  throw new Complaint(sentence);
}
