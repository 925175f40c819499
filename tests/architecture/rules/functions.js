// What a function is made of.

import { outsideOf } from '../rust/outside.js';
import { ownerOf } from './crates.js';

// With the core, what writes data down. Of our crates, and of those that one of ours owns, `direction` and `one-owner` speak.
const OF_OTHERS = ['serde_json'];

/** A function is data and decisions; its host is put around it by the build. */
export function coreAlone({ files, packages }) {
  const ours = new Set(packages.map(({ name }) => name));
  const isFunction = ({ folder }) => folder.startsWith('functions/');
  const crates = packages.filter(isFunction).flatMap(({ folder, dependencies: { normal = [], build = [] } }) =>
    [...normal, ...build]
      .filter((name) => !ours.has(name) && ownerOf(name) === undefined && !OF_OTHERS.includes(name))
      .map((name) => `${folder} depends on ${name}`),
  );
  const sources = files.filter(({ path }) => /^functions\/[^/]+\/src\/.*\.rs$/.test(path));
  return [...crates, ...sources.flatMap((file) => outsideOf(file).map((path) => `${file.path} uses ${path}`))];
}
