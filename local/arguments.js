// The command line of `npm start`. Pure. An error is one sentence that names the flag.
import { parseArgs } from 'node:util';
import { checkProject, wrong } from './wrong-arguments.js';

const FLAGS = {
  'no-sample': { type: 'boolean' },
  once: { type: 'boolean' },
  events: { type: 'string', multiple: true },
  report: { type: 'string' },
  export: { type: 'string' },
  'no-barrier': { type: 'boolean' },
  project: { type: 'string' },
  faults: { type: 'string' },
  seed: { type: 'string' },
  warehouse: { type: 'boolean' },
  help: { type: 'boolean' },
};

export const USAGE = `npm start                        sets everything up, runs the stack, replays the sample, stays up until Ctrl-C
npm start -- [flags]
  --no-sample      replay nothing
  --once           end after the replay; use the running stack if there is one, and leave it running
  --events FILE    replay this file (NDJSON, or the same gzipped) instead of the sample; may be given again
  --report FILE    write what came of it as JSON
  --export DIR     write every document, one file of NDJSON per collection
  --no-barrier     don't wait for a customer's earlier events before one on another topic
  --project ID     the Google Cloud project's name in the emulators (demo-boma)
  --faults SPEC    let things go wrong: all, all:0.5 (half as often), or a list such as
                   duplicate=0.05,delay=0.1:50-500ms,reorder=0.2,commit.lost=0.02,kill-functions=10s
                   (local/faults/spec.js has every name)
  --seed S         decides which of them go wrong; without it one is drawn, and printed
  --warehouse      a BigQuery emulator with every change of the documents, and views of it; --export writes those, too`;

export const DEFAULT_PROJECT = 'demo-boma';

/** npm takes every flag that stands before `--` for one of its own, and leaves us at most its value. */
export function checkTakenByNpm(env) {
  if (env.npm_lifecycle_event !== 'start') return;
  // A `--no-x` is an `x` that is off.
  const taken = Object.keys(FLAGS).filter((name) => env[`npm_config_${name.replace(/^no-/, '')}`] !== undefined).map((name) => `--${name}`);
  if (taken.length > 0) wrong(`npm took ${taken.join(', ')} for flags of its own: give ours behind --, as in npm start -- ${taken.map(withPlaceholder).join(' ')}.`);
}

export function parseArguments(args) {
  const { tokens } = parseArgs({ args, options: FLAGS, strict: false, allowPositionals: true, tokens: true });
  const given = { events: [] };
  for (const token of tokens) {
    if (token.kind === 'positional') wrong(`"${token.value}" is not a flag; an events file is given with --events ${token.value}.`);
    if (token.kind === 'option-terminator') wrong('-- may stand only once, between npm start and the flags.');
    take(given, token);
  }
  if (given['no-sample'] && given.events.length > 0) wrong('--no-sample and --events contradict each other: leave --no-sample out.');
  if (given['no-sample'] && given.once) wrong('--no-sample leaves --once nothing to do: leave one of them out.');
  if (given['no-sample'] && (given.report || given.export)) wrong(`--no-sample leaves --${given.report ? 'report' : 'export'} nothing to write: leave one of them out.`);
  if (given.seed !== undefined && given.faults === undefined) wrong('--seed decides what goes wrong: give --faults, too.');
  return {
    sample: !given['no-sample'] && given.events.length === 0,
    once: given.once ?? false,
    events: given.events,
    report: given.report,
    exportDir: given.export,
    barrier: !given['no-barrier'],
    project: given.project,
    faults: given.faults,
    seed: given.seed,
    warehouse: given.warehouse ?? false,
    help: given.help ?? false,
  };
}

function take(given, { name, rawName, value }) {
  const flag = Object.hasOwn(FLAGS, name) && rawName.startsWith('--') ? FLAGS[name] : undefined;
  if (!flag) wrong(`${rawName} is not a flag of npm start; --help lists them.`);
  if (flag.type === 'boolean') {
    if (value !== undefined) wrong(`${rawName} takes no value, but was given "${value}".`);
    given[name] = true;
    return;
  }
  if (!value || value.startsWith('-')) wrong(`${rawName} needs a value: ${rawName} ${placeholder(name)}.`);
  if (name === 'project') checkProject(value);
  if (name === 'seed' && !/^[\w.-]{1,64}$/.test(value)) wrong(`--seed "${value}" is not a seed: 1 to 64 letters, digits, points, hyphens and underscores.`);
  if (flag.multiple) given[name].push(value);
  else if (given[name] !== undefined) wrong(`${rawName} may be given only once.`);
  else given[name] = value;
}

const withPlaceholder = (flag) => (FLAGS[flag.slice(2)].type === 'boolean' ? flag : `${flag} ${placeholder(flag.slice(2))}`);
const placeholder = (name) => ({ export: 'DIR', project: 'ID', faults: 'SPEC', seed: 'S' })[name] ?? 'FILE';
