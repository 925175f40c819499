// Installs the BigQuery emulator into a virtual environment of its own below .boma/. Every version is pinned, with the digests of
// its files, in requirements.txt. Only built-in modules here.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isAlive, killGroup } from '../processes.js';
import { writeProgressLine } from '../progress-line.js';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const OLDEST_PYTHON = [3, 11];
const PREFIX = 'bqemulator-';
const SHOW_EVERY_MS = 1000;
const LINES_NAMED = 5;
const NO_NETWORK = /NewConnectionError|NameResolutionError|ConnectTimeout|ConnectionError|Max retries exceeded|Temporary failure in name resolution|Network is unreachable/;

/** One sentence if Python is missing, or can't make virtual environments; else undefined. */
export function missingPython(python = 'python3') {
  const howTo = `install Python ${OLDEST_PYTHON.join('.')} or newer with venv and pip (Debian: apt install python3-venv)`;
  let version;
  try {
    const text = execFileSync(python, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    version = text.trim().split(' ').map(Number);
  } catch {
    return `${python} is missing, which the BigQuery emulator of --warehouse runs on: ${howTo}.`;
  }
  const [major, minor] = version;
  if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) return `The BigQuery emulator of --warehouse doesn't run on Python ${version.join('.')}: ${howTo}.`;
  try {
    execFileSync(python, ['-c', 'import venv, ensurepip'], { stdio: 'ignore' });
  } catch {
    return `${python} can't make the virtual environment that the BigQuery emulator of --warehouse is installed into: ${howTo}.`;
  }
  return undefined;
}

/** Where the environment is or will be. Other versions have another folder. */
export function environmentIn(stateDir, requirements = REQUIREMENTS) {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  return join(stateDir, `${PREFIX}${digest}`);
}

export const pythonOf = (environment) => join(environment, 'bin', 'python');
export const isInstalled = (environment) => existsSync(pythonOf(environment));

/**
 * It has its name only once it is complete: of two that install at once, the second throws its own away. A `python` of another
 * name, other `requirements` and an `out` are for tests.
 */
export async function installEmulator(environment, { signal, python = 'python3', requirements = REQUIREMENTS, out = process.stdout } = {}) {
  const partial = `${environment}.partial-${process.pid}`;
  mkdirSync(dirname(environment), { recursive: true });
  try {
    await run(python, ['-m', 'venv', partial], { signal });
    await run(pythonOf(partial), [
      '-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--no-input', '--disable-pip-version-check', '--retries', '2',
      '--progress-bar', 'off', '--no-compile', '--requirement', requirements,
    ], { signal, onLine: progress(readFileSync(requirements, 'utf8').match(/==/g)?.length ?? 0, out) });
    if (!isInstalled(environment)) renameSync(partial, environment);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  removeOthers(environment);
}

/** Those of earlier versions, and what was never finished. */
function removeOthers(environment) {
  const folder = dirname(environment);
  for (const name of readdirSync(folder).filter((each) => each.startsWith(PREFIX))) {
    const path = join(folder, name);
    const owner = /\.partial-(\d+)$/.exec(name)?.[1];
    if (path !== environment && !(owner && isAlive(Number(owner)))) rmSync(path, { recursive: true, force: true });
  }
}

/** Of pip's many lines, one that says how far it is. */
function progress(packages, out) {
  let seen = 0;
  let shownMs = 0;
  return (line) => {
    const name = /^Collecting ([\w.-]+)/.exec(line)?.[1];
    if (name) seen += 1;
    const text = name ? `    ${seen} of ${packages} packages: ${name}` : line.startsWith('Installing collected') && `    installing ${packages} packages`;
    if (!text || (name && Date.now() - shownMs < SHOW_EVERY_MS)) return;
    shownMs = Date.now();
    writeProgressLine(out, text);
    if (!name && out.isTTY) out.write('\n');
  };
}

function run(command, args, { signal, onLine = () => {} }) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const lines = [];
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => { lines.push(line); onLine(line); });
    const end = () => killGroup(child.pid, 'SIGTERM');
    signal?.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('close', (status) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else if (status === 0) resolve();
      else reject(new Error(failure(lines)));
    });
  });
}

function failure(lines) {
  if (lines.some((line) => NO_NETWORK.test(line))) return "The BigQuery emulator of --warehouse can't be installed: pip reaches no package index. Connect this machine to the network, or set PIP_INDEX_URL to an index that it reaches.";
  return `The BigQuery emulator of --warehouse can't be installed; pip says last: ${lines.slice(-LINES_NAMED).join('\n')}`;
}
