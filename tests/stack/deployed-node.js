// The Node that deployed functions run on, as a program for tests: npm's packages of its binary, fetched once by the lockfile of
// tests/deployed-node/. In the root's package.json it would be the `node` of every npm script (docs/decisions/deployed-node.md).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const FOLDER = join(ROOT, 'tests', 'deployed-node');
const FILES = ['package.json', 'package-lock.json'];
const TOOLS = join(ROOT, '.boma', 'tools');

/** The folder in which `node` is that Node, to stand first in a PATH. */
export function deployedNodeFolder() {
  const lock = createHash('sha256').update(readFileSync(join(FOLDER, 'package-lock.json'))).digest('hex').slice(0, 12);
  const installed = join(TOOLS, `deployed-node-${lock}`);
  if (!existsSync(installed)) install(installed);
  const packages = readdirSync(join(installed, 'node_modules')).filter((name) => name.startsWith('node-'));
  if (packages.length !== 1) throw new Error(`tests/deployed-node has no package for ${process.platform} on ${process.arch}: add npm's package node-${process.platform}-${process.arch}.`);
  return join(installed, 'node_modules', packages[0], 'bin');
}

export const deployedNode = () => join(deployedNodeFolder(), 'node');

/** Under another name first: two tests may begin at once. */
function install(installed) {
  mkdirSync(TOOLS, { recursive: true });
  const beside = mkdtempSync(join(TOOLS, 'deployed-node-'));
  for (const file of FILES) copyFileSync(join(FOLDER, file), join(beside, file));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: beside, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    renameSync(beside, installed);
  } catch {
    rmSync(beside, { recursive: true, force: true });
  }
}
