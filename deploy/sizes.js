// `node deploy/sizes.js`: how large each function is once it is installed, and from what.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BYTES_PER_MB = 1_000_000;

/**
 * `{name, wasm, own, framework}` of each function, in bytes: its module, its other files, and functions-framework with what that needs.
 * Packages are measured in the root's node_modules, which has the same ones.
 */
export function sizesOf({ root = ROOT, dist = join(root, 'dist') } = {}) {
  const weights = new Map();
  const weightOf = (place) => {
    if (!weights.has(place)) weights.set(place, bytesIn(join(root, place), 'node_modules'));
    return weights.get(place);
  };
  const sum = (places) => places.reduce((bytes, place) => bytes + weightOf(place), 0);
  const functions = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return functions.map(({ name }) => {
    const folder = join(dist, name);
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    const framework = Object.keys(packages).filter((place) => place !== '');
    const wasm = statSync(join(folder, 'function_bg.wasm')).size;
    return { name, wasm, own: bytesIn(folder, 'node_modules') - wasm, framework: sum(framework) };
  });
}

function bytesIn(folder, except) {
  return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== except).reduce((bytes, entry) => {
    const path = join(folder, entry.name);
    return bytes + (entry.isDirectory() ? bytesIn(path, except) : statSync(path).size);
  }, 0);
}

/** A table in MB. */
export function sizesText(sizes) {
  const mb = (bytes) => (bytes / BYTES_PER_MB).toFixed(2).padStart(10);
  const head = ['function'.padEnd(16), ...['Wasm', 'own files', 'together', 'framework'].map((word) => word.padStart(10))].join('');
  const line = ({ name, wasm, own, framework }) =>
    `${name.padEnd(16)}${[wasm, own, wasm + own, framework].map(mb).join('')}`;
  return [head, ...sizes.map(line), 'in MB as installed; the framework, with what it needs, stands aside'].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(sizesText(sizesOf()));
