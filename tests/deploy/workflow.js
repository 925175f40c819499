// Reads a workflow of GitHub Actions and runs its jobs without a container: each `run` in the job's own copy of the tree, each `uses`
// by what the action would have left behind.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { ROOT, gcloudWithout } from './deploying.js';

/** The part of YAML that workflows here are written in; a line of another kind is refused, not passed over. */
export function readYaml(text) {
  const lines = text.split('\n').map(withoutComment).filter((line) => line.trim() !== '')
    .map((line) => ({ indent: line.search(/\S/), text: line.trim() }));
  const value = readBlock(lines, lines[0].indent);
  if (lines.length > 0) throw new Error(`"${lines[0].text}" stands nowhere`);
  return value;
}

const withoutComment = (line) => line.replace(/(?:^|\s)#.*$/, '');

function readBlock(lines, indent) {
  const isList = lines[0].text.startsWith('- ');
  const block = isList ? [] : {};
  while (lines.length > 0 && lines[0].indent === indent && lines[0].text.startsWith('- ') === isList) {
    if (isList) {
      // What stands after the hyphen is the first line of a block of its own.
      Object.assign(lines[0], { indent: indent + 2, text: lines[0].text.slice(2) });
      block.push(readBlock(lines, indent + 2));
    } else {
      readEntry(lines, indent, block);
    }
  }
  return block;
}

function readEntry(lines, indent, block) {
  const { text } = lines.shift();
  const [, key, said] = /^([\w-]+):(?: (.*))?$/.exec(text) ?? [];
  if (key === undefined || /^[|>&*{]/.test(said ?? '')) throw new Error(`"${text}" is YAML that nobody here reads`);
  if (said !== undefined) block[key] = said.startsWith('[') ? said.slice(1, -1).split(',').map((word) => word.trim()) : said;
  else block[key] = lines.length > 0 && lines[0].indent > indent ? readBlock(lines, lines[0].indent) : null;
}

/** Whoever signs in compiles nothing, and no job has gcloud before it installs it: one that calls them all the same ends. */
const COMPILERS = ['cargo', 'rustc', 'rustup', 'npm'];
const NO_GCLOUD = ['gcloud'];

/**
 * { run(job), stop }. `cloudEnv` has the endpoints of a test's cloud, `credentials` what signing in leaves in the environment. A job whose
 * name is in `inPlace` works in this tree, where all is compiled; the others in a copy in which nothing is installed. `edit` may change a
 * command before it is run.
 */
export function runner(workflow, { cloudEnv, credentials, inPlace = [], edit = (command) => command }) {
  const folder = mkdtempSync(join(tmpdir(), 'boma-workflow-'));
  const artifacts = join(folder, 'artifacts');

  /** Resolves with { status, said } of the first `run` that fails, or of the last. */
  async function run(name) {
    const root = inPlace.includes(name) ? ROOT : checkedOut(join(folder, name));
    const job = { root, programs: join(folder, 'programs', name), artifacts, env: { ...cloudEnv, ...workflow.env } };
    const signsIn = workflow.jobs[name].steps.some(({ uses }) => uses?.includes('/auth@'));
    forbid(job.programs, signsIn ? [...COMPILERS, ...NO_GCLOUD] : NO_GCLOUD);
    let result = { status: 0, said: '' };
    for (const step of workflow.jobs[name].steps) {
      if (step.uses === undefined) result = await shell(edit(step.run), job);
      else ACTIONS[basename(step.uses.split('@')[0])](step.with ?? {}, job, credentials);
      if (result.status !== 0) return result;
    }
    return result;
  }
  return { run, stop: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Stubs that come before the machine's own programs. */
function forbid(programs, names) {
  mkdirSync(programs, { recursive: true });
  for (const name of names) writeFileSync(join(programs, name), `#!/bin/bash\necho "${name}: this job hasn't got it" >&2\nexit 127\n`, { mode: 0o755 });
}

/** The tracked files as they are now. */
function checkedOut(into) {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  for (const file of files) cpSync(join(ROOT, file), join(into, file));
  return into;
}

/** What each action leaves behind, for the steps that come after it. */
const ACTIONS = {
  checkout: () => {},
  'setup-node': () => {},
  auth: (_, { env }, credentials) => Object.assign(env, credentials),
  'setup-gcloud': ({ install_components: components = '' }, job) => {
    rmSync(join(job.programs, 'gcloud'), { force: true });
    const lacking = ['alpha', 'beta'].filter((track) => !components.split(',').includes(track));
    if (lacking.length > 0) gcloudWithout(job.programs, ...lacking);
  },
  // As the action does it: without what is hidden.
  'upload-artifact': ({ name, path }, { root, artifacts }) => cpSync(join(root, path), join(artifacts, name), {
    recursive: true, filter: (file) => !basename(file).startsWith('.') && basename(file) !== 'node_modules',
  }),
  'download-artifact': ({ name, path }, { root, artifacts }) => cpSync(join(artifacts, name), join(root, path), { recursive: true }),
};

/** As GitHub runs it. */
function shell(command, { root, programs, env }) {
  const script = command.replaceAll(/\$\{\{ env\.(\w+) \}\}/g, (_, name) => env[name]);
  const child = spawn('bash', ['-e', '-c', script], {
    cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CI: 'true', ...env, PATH: `${programs}:${process.env.PATH}` },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, said })));
}
