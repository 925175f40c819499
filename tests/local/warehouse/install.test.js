// Installing the BigQuery emulator, where something is missing. What it is when it works, every other test of a warehouse shows.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { environmentIn, installEmulator, isInstalled, missingPython } from '../../../local/warehouse/install.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-install-'));
after(() => rmSync(dir, { recursive: true }));
const REQUIREMENTS = fileURLToPath(new URL('../../../local/warehouse/requirements.txt', import.meta.url));

/** A program in place of Python. */
function program(name, script) {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A Python whose `-m venv FOLDER` puts a pip there that does what the script says. */
const withPip = (name, script) => program(name, `mkdir -p "$3/bin"; printf '#!/bin/sh\\n%s\\n' '${script}' > "$3/bin/python"; chmod +x "$3/bin/python"`);

function silent() {
  const lines = [];
  return { lines, write: (line) => lines.push(line) };
}

test('Python that is missing, too old or without venv is one sentence with the way to get it', () => {
  assert.equal(missingPython(), undefined);
  const old = program('old', 'echo 3 10');
  const bare = program('bare', 'case "$2" in *venv*) exit 1;; *) echo 3 12;; esac');
  for (const [python, said] of [[join(dir, 'none'), /is missing/], [old, /Python 3\.10/], [bare, /can't make the virtual environment/]]) {
    const sentence = missingPython(python);
    assert.match(sentence, said);
    assert.match(sentence, /install Python 3\.11 or newer with venv and pip \(Debian: apt install python3-venv\)\.$/);
    assert.ok(!sentence.includes('\n'));
  }
});

test('without a network it says so in one sentence, and leaves nothing half installed', async () => {
  const stateDir = join(dir, 'offline');
  const python = withPip('offline-python', 'echo "WARNING: Retrying after connection broken by NewConnectionError(x)" >&2; echo "ERROR: No matching distribution found for alembic==1" >&2; exit 1');
  await assert.rejects(installEmulator(environmentIn(stateDir), { python, out: silent() }), (error) => {
    assert.equal(error.message, "The BigQuery emulator of --warehouse can't be installed: pip reaches no package index. Connect this machine to the network, or set PIP_INDEX_URL to an index that it reaches.");
    return true;
  });
  assert.deepEqual(readdirSync(stateDir), []);
});

test('a file that is not the pinned one is refused in words of pip, and leaves nothing', async () => {
  const stateDir = join(dir, 'changed');
  const python = withPip('changed-python', 'echo "Collecting a"; echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1');
  await assert.rejects(installEmulator(environmentIn(stateDir), { python, out: silent() }), /can't be installed; pip says last: .*DO NOT MATCH THE HASHES/s);
  assert.deepEqual(readdirSync(stateDir), []);
});

test('it has its place once it is complete, shows how far it is, and those of other versions go', async () => {
  const stateDir = join(dir, 'fine');
  for (const name of ['bqemulator-of-before', 'bqemulator-x.partial-4194999', 'logs', `bqemulator-y.partial-${process.ppid}`]) mkdirSync(join(stateDir, name), { recursive: true });
  const environment = environmentIn(stateDir);
  const out = silent();
  assert.equal(isInstalled(environment), false);
  await installEmulator(environment, { python: withPip('fine-python', 'echo "Collecting alembic==1 (from -r x)"; echo "Installing collected packages: alembic"'), out });
  assert.equal(isInstalled(environment), true);
  assert.match(out.lines.join(''), /1 of \d+ packages: alembic\n +installing \d+ packages\n/);
  assert.deepEqual(readdirSync(stateDir).filter((name) => !name.includes(process.ppid)).sort(), [environment.split('/').at(-1), 'logs']);
  assert.ok(existsSync(join(stateDir, `bqemulator-y.partial-${process.ppid}`)), 'another one may still be at it');
});

test('every package is pinned, with digests, and other pins have another place', () => {
  const text = readFileSync(REQUIREMENTS, 'utf8');
  const packages = text.split(/\n(?=[a-z])/i).filter((block) => !block.startsWith('#'));
  assert.ok(packages.length > 50);
  for (const block of packages) assert.match(block, /^[\w.-]+(?:\[[\w,]+\])?==[\w.]+ \\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\\n|\s*))+/, block.slice(0, 80));
  const others = join(dir, 'other-requirements.txt');
  writeFileSync(others, `${text}\n`);
  assert.notEqual(environmentIn(dir, others), environmentIn(dir));
});
