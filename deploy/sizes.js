// `node deploy/sizes.js`: how large each function is once it is installed, and from what.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TRANSPORT = 'node_modules/@grpc/grpc-js';
const BYTES_PER_MB = 1_000_000;

/**
 * `{name, wasm, own, transport, framework}` of each function, in bytes: its module, its other files, grpc-js with its dependencies,
 * and functions-framework with the dependencies that it alone has. Packages are measured in the root's node_modules, which has the
 * same ones.
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
    const transport = neededBy(TRANSPORT, packages);
    const framework = Object.keys(packages).filter((place) => place !== '' && !transport.includes(place));
    const wasm = statSync(join(folder, 'function_bg.wasm')).size;
    return { name, wasm, own: bytesIn(folder, 'node_modules') - wasm, transport: sum(transport), framework: sum(framework) };
  });
}

/** The places of a package and of its dependencies in a lockfile, resolved as Node does it. */
function neededBy(first, packages) {
  const found = new Set([first]);
  for (const place of found) {
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = packages[place];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const seen = foldersAbove(place).map((folder) => `${folder}node_modules/${name}`).find((candidate) => candidate in packages);
      if (seen !== undefined) found.add(seen);
    }
  }
  return [...found];
}

/** `node_modules/a/node_modules/b` -> itself, `node_modules/a/` and the root, each with the slash that comes after. */
function foldersAbove(place) {
  const parts = place.split('/node_modules/');
  return [...parts.map((_, at) => `${parts.slice(0, parts.length - at).join('/node_modules/')}/`), ''];
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
  const head = ['function'.padEnd(16), ...['Wasm', 'own files', 'grpc-js', 'together', 'framework'].map((word) => word.padStart(10))].join('');
  const line = ({ name, wasm, own, transport, framework }) =>
    `${name.padEnd(16)}${[wasm, own, transport, wasm + own + transport, framework].map(mb).join('')}`;
  return [head, ...sizes.map(line), 'in MB as installed; the framework, with what it alone needs, stands aside'].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(sizesText(sizesOf()));
