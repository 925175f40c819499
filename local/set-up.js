// Brings a fresh clone to the point where it runs, and does nothing where nothing is missing. Only built-in modules
// here: node_modules may not be there yet.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finishBuild, isBuilt } from './console/built.js';
import { findEmulators } from './emulators.js';
import { killGroup } from './processes.js';
import { environmentIn, installEmulator, isInstalled, missingPython } from './warehouse/install.js';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WASM_TARGET = 'wasm32-unknown-unknown';
const OLDEST_NODE = 20;

export class MissingTools extends Error {}

/** Where the emulator of BigQuery is, once somebody asked for a warehouse: whatever stack, it is there once. */
export const WAREHOUSE_ENVIRONMENT = environmentIn(join(ROOT, '.boma'));

/**
 * Resolves with { installed, seconds }; `installed` says whether anything had to be downloaded or was built anew. `warehouse`: also
 * what a stack with a warehouse needs. `withConsole`: also the operators' page. `testCrates`: also the functions that only tests know, in
 * the same build.
 */
export async function setUp({ say = console.log, signal, warehouse = false, withConsole = false, testCrates = false } = {}) {
  const startedMs = Date.now();
  await stepped(say, 'Tools', () => {
    const missing = [...missingTools(), ...(warehouse ? [missingPython()].filter(Boolean) : [])];
    if (missing.length > 0) throw new MissingTools(missing.join('\n'));
    return 'all there';
  });
  let installed = await setUpFunctions({ say, signal, testCrates });
  if (withConsole) installed = await setUpConsole({ say, signal }) || installed;
  await stepped(say, 'Emulators\' classes', async () => (await import('./class-training.js')).keepClasses({ signal }));
  if (warehouse) {
    await stepped(say, 'BigQuery emulator', async () => {
      if (isInstalled(WAREHOUSE_ENVIRONMENT)) return 'there';
      installed = true;
      await installEmulator(WAREHOUSE_ENVIRONMENT, { signal });
    });
  }
  return { installed, seconds: (Date.now() - startedMs) / 1000 };
}

/** npm packages, the Wasm target and the built functions: all that deploying needs. Resolves with whether anything was missing. */
export async function setUpFunctions({ say = console.log, signal, testCrates = false } = {}) {
  let installed = false;
  await stepped(say, 'npm packages', async () => {
    if (packagesAreCurrent(ROOT)) return 'all there';
    installed = true;
    await installPackages(ROOT, signal);
  });
  await stepped(say, 'Rust target for Wasm', async () => {
    if (hasWasmTarget()) return 'there';
    installed = true;
    await run('rustup', ['target', 'add', WASM_TARGET], signal);
  });
  await stepped(say, 'Functions, from Rust to Wasm', async () => {
    const before = newestModuleMs();
    await buildFunctions(signal, testCrates);
    if (newestModuleMs() === before) return 'all built';
    installed = true;
  });
  return installed;
}

/** console/dist, which shows the functions on a map: they are built first. Resolves with whether anything was missing. */
export async function setUpConsole({ say = console.log, signal } = {}) {
  const folder = join(ROOT, 'console');
  const dist = join(ROOT, 'dist');
  let installed = false;
  await stepped(say, 'Console, from TypeScript', async () => {
    const hasPackages = packagesAreCurrent(folder);
    if (hasPackages && isBuilt(folder, dist)) return 'built';
    installed = true;
    if (!hasPackages) await installPackages(folder, signal);
    await run(process.execPath, [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', 'vite.config.js'], signal, folder);
    finishBuild(folder, dist);
  });
  return installed;
}

/** Does the work and says how it went and how long it took. */
async function stepped(say, what, work) {
  const fromMs = Date.now();
  const remark = await work();
  say(`  ${what.padEnd(34, ' .')} ${remark ?? 'done'}, ${((Date.now() - fromMs) / 1000).toFixed(1)} s`);
}

/** The stack is made of what npm calls packages for development, which it leaves out where NODE_ENV or its settings speak of production. */
export const installPackages = (root, signal) => run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], signal, root);

/** dist/<function>/ of every function; does nothing where nothing has changed. */
function buildFunctions(signal, testCrates) {
  const options = testCrates ? ['--', '--test-crates'] : [];
  return run('cargo', ['run', '--quiet', '--manifest-path', join('xtask', 'Cargo.toml'), ...options], signal);
}

/** One sentence for each tool that isn't there, saying how to get it. */
export function missingTools({ nodeVersion = process.versions.node, path = process.env.PATH ?? '', emulators = findEmulators } = {}) {
  const has = (tool) => path.split(delimiter).some((folder) => existsSync(join(folder, tool)));
  const missing = [];
  if (Number(nodeVersion.split('.')[0]) < OLDEST_NODE) {
    missing.push(`Node ${OLDEST_NODE} or newer is needed, this is ${nodeVersion}: get it from https://nodejs.org.`);
  }
  if (!has('java')) missing.push('java is missing, which both emulators run on: install a JRE, version 11 or newer (Debian: apt install default-jre-headless).');
  if (!has('cargo')) missing.push('cargo is missing: install Rust with rustup from https://rustup.rs.');
  if (!has('rustup')) missing.push(`rustup is missing, which adds the target ${WASM_TARGET}: install Rust with it from https://rustup.rs.`);
  if (!has('gcloud')) {
    missing.push('gcloud is missing, which the emulators come with: install the Google Cloud CLI from https://cloud.google.com/sdk/docs/install.');
    return missing;
  }
  const { firestoreJar, pubsubJar } = emulators();
  if (!firestoreJar) missing.push('The Firestore emulator is missing: run gcloud components install cloud-firestore-emulator (Debian: apt install google-cloud-cli-firestore-emulator).');
  if (!pubsubJar) missing.push('The Pub/Sub emulator is missing: run gcloud components install pubsub-emulator (Debian: apt install google-cloud-cli-pubsub-emulator).');
  return missing;
}

/**
 * Whether node_modules agrees with the lockfile. npm notes there what it installed; comparing the two is more reliable than
 * comparing their times, which a checkout changes.
 */
export function packagesAreCurrent(root) {
  const noteFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(noteFile)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(noteFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => (
    path === '' || installed[path]?.version === version || (optional && !installed[path])
  ));
}

// The target must be there for the toolchain that rust-toolchain.toml names, hence the working directory.
function hasWasmTarget() {
  try {
    const folder = execFileSync('rustc', ['--print', 'target-libdir', '--target', WASM_TARGET], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return existsSync(folder.trim());
  } catch {
    return false;
  }
}

// The build writes a module only when it differs, so a newer one says that something was compiled.
function newestModuleMs() {
  const dist = join(ROOT, 'dist');
  if (!existsSync(dist)) return 0;
  const modules = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.wasm'));
  return Math.max(0, ...modules.map((file) => statSync(join(dist, file)).mtimeMs));
}

// In a process group of its own, so that an interruption ends the command's own children, too.
function run(command, args, signal, cwd = ROOT) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    const end = () => killGroup(child.pid, 'SIGTERM');
    signal?.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('exit', (status, killedBy) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else if (status === 0) resolve();
      else reject(new Error(`${[command, ...args].join(' ')} failed (${killedBy ?? `status ${status}`}); its own words are above.`));
    });
  });
}
