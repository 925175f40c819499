// A function's folder is all that a build in the cloud gets: it installs by its own lockfile, starts as Google's buildpack
// starts it, on the Node that it is deployed on and on this one, and weighs what it may.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { sizesOf, sizesText } from '../../deploy/sizes.js';
import { entryPointOf, readFunctions } from '../../manifest/functions.js';
import { freePorts } from '../../local/emulators.js';
import { CALLER, bearer } from '../shim/caller-token.js';
import { deployedNodeFolder } from '../stack/deployed-node.js';
import { until } from '../stack/until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');
const NAME = 'profile';
const MOST_BYTES = 1_000_000;
const STARTS_WITHIN_MS = 60_000;

const json = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const functions = readdirSync(DIST, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

let elsewhere;
let copy;

before(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'boma-installed-'));
  copy = join(elsewhere, NAME);
  cpSync(join(DIST, NAME), copy, { recursive: true });
  execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
});

after(() => rmSync(elsewhere, { recursive: true, force: true }));

test('a function\'s lockfile says of each package what the root\'s says, and names no registry', () => {
  const root = json(ROOT, 'package-lock.json').packages;
  for (const name of functions) {
    const { packages, ...lock } = json(DIST, name, 'package-lock.json');
    const { '': itself, ...others } = packages;
    const manifest = json(DIST, name, 'package.json');
    assert.deepEqual([lock.name, lock.lockfileVersion], [manifest.name, 3]);
    assert.deepEqual(itself.dependencies, manifest.dependencies);
    assert.ok(Object.keys(others).length > 100, name);
    for (const [place, entry] of Object.entries(others)) {
      assert.deepEqual(entry, root[place], `${name}: ${place}`);
      assert.equal(entry.resolved, undefined);
    }
  }
});

test('what npm installs by it is what is in it, and nothing for development', () => {
  const { '': itself, ...wanted } = json(copy, 'package-lock.json').packages;
  const installed = json(copy, 'node_modules', '.package-lock.json').packages;
  assert.equal(itself.devDependencies, undefined);
  assert.deepEqual(Object.keys(installed).sort(), Object.keys(wanted).sort());
});

const NODES = [['the Node that it is deployed on', deployedNodeFolder], ['this machine\'s Node', () => dirname(process.execPath)]];
for (const [what, folderOf] of NODES) test(`on ${what}, installed far from here it starts as the buildpack starts it, and its Wasm decides`, async () => {
  const [port] = await freePorts(1);
  // Nothing of this shell, and nothing that it could reach: the project is named, and what it is sent needs no document.
  const env = { PATH: `${folderOf()}:${process.env.PATH}`, K_SERVICE: NAME, GOOGLE_CLOUD_PROJECT: 'p', ...CALLER };
  const child = spawn(join('node_modules', '.bin', 'functions-framework'), [`--target=${NAME}`, `--port=${port}`], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  try {
    await untilListening(port, child, () => said);
    const post = async (headers) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: pushBody('not-for-us') });
      return [response.status, response.headers.get('boma-outcome')];
    };
    assert.deepEqual(await post({}), [401, 'FORBIDDEN'], said);
    assert.deepEqual(await post({ authorization: bearer() }), [204, 'PASSED'], said);
  } finally {
    child.kill();
  }
});

test('its package.json starts the function that it is', () => {
  for (const name of functions) {
    const { main, scripts } = json(DIST, name, 'package.json');
    assert.deepEqual([main, scripts], ['index.js', { start: `functions-framework --target=${entryPointOf(name)}` }]);
  }
});

/** What a function answers to GET /: a trigger wants POST, and an HTTP function has paths of its own. */
const answerTo = (name) => (readFunctions(DIST).functions.find((known) => known.name === name).trigger === 'http' ? 404 : 405);

// The programs of the project's own node_modules are found from below it.
for (const [[what, folderOf], name] of NODES.flatMap((node) => functions.map((name) => [node, name]))) {
  test(`npm start in the folder of ${name} serves it on ${what}`, async () => {
    const [port] = await freePorts(1);
    const env = { PATH: `${folderOf()}:${process.env.PATH}`, HOME: process.env.HOME, GOOGLE_CLOUD_PROJECT: 'p', FIRESTORE_EMULATOR_HOST: '127.0.0.1:1', PUBSUB_EMULATOR_HOST: '127.0.0.1:1' };
    const child = spawn('npm', ['start', '--', `--port=${port}`], { cwd: join(DIST, name), env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
    try {
      await untilListening(port, child, () => said);
      assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, answerTo(name), said);
    } finally {
      process.kill(-child.pid, 'SIGKILL');
    }
  });
}

test('a function weighs less than 1 MB, the framework aside', () => {
  const sizes = sizesOf();
  assert.deepEqual(sizes.map(({ name }) => name), functions);
  const tooLarge = sizes.filter(({ wasm, own }) => wasm + own >= MOST_BYTES);
  assert.deepEqual(tooLarge, [], sizesText(sizes));
});

test('the sizes that are told are those of the folder that was installed', () => {
  const { wasm, own, framework } = sizesOf().find(({ name }) => name === NAME);
  // Beside the packages npm leaves links to their programs and a note of its own.
  const packages = Object.keys(json(copy, 'package-lock.json').packages).filter((place) => place !== '');
  const bytes = filesIn(copy).filter(({ path }) => isOf(path, packages)).reduce((sum, each) => sum + each.bytes, 0);
  assert.equal(wasm + own + framework, bytes);
});

/** The body of a case's event, as Pub/Sub posts it. */
function pushBody(name) {
  const { when: { event } } = json(ROOT, 'tests', 'cases', NAME, `${name}.json`);
  const message = { data: Buffer.from(JSON.stringify(event)).toString('base64'), messageId: '1', publishTime: new Date().toISOString() };
  return JSON.stringify({ message, subscription: `projects/p/subscriptions/${NAME}.user-lifecycle` });
}

const untilListening = (port, child, said) => until(said, async () => {
  assert.equal(child.exitCode, null, said());
  return accepts(port);
}, { withinMs: STARTS_WITHIN_MS });

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => join(parentPath, name)).map((path) => ({ path, bytes: readFileSync(path).length }));
}

const isOf = (path, packages) => !path.includes(join(copy, 'node_modules')) || packages.some((place) => path.startsWith(join(copy, place, '/')));
