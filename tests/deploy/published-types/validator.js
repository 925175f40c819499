// Google's published types, asked about requests: PyPI's clients in a virtual environment that is made once.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../deploying.js';

const FOLDER = join(ROOT, 'tests/deploy/published-types');
const REQUIREMENTS = join(FOLDER, 'requirements.txt');

const TOOLS = join(ROOT, '.boma/tools');
const NEEDED = 'python3, 3.9 or newer, with venv and pip is needed (Debian: apt install python3-venv)';
/** An upload's bytes are no message. */
const NO_API = ['uploads'];

/** { complaints, methods: the types of the requests, checked: how many } of a cloud's requests. */
export function validated(requests) {
  const lines = requests.filter(({ api }) => !NO_API.includes(api)).map(({ api, method, path, query, body }) => JSON.stringify({ api, method, path, query, body }));
  const { status, stdout, stderr } = spawnSync(environment(), [join(FOLDER, 'validate.py')], { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Its Python. A half-made environment has another name. */
function environment() {
  const made = join(TOOLS, `published-types-${createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12)}`);
  if (!existsSync(join(made, 'whole'))) {
    rmSync(made, { recursive: true, force: true });
    mkdirSync(TOOLS, { recursive: true });
    run('python3', ['-m', 'venv', made]);
    run(join(made, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS]);
    mkdirSync(join(made, 'whole'));
  }
  return join(made, 'bin/python');
}

function run(program, args) {
  try {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    throw new Error(`Google's types can't be fetched: ${NEEDED}. ${error.stderr ?? error.message}`, { cause: error });
  }
}
