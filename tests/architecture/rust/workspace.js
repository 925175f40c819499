// The targets of every crate of a tree.

import { Target } from './target.js';

const ROOT = /^(?:src\/(?:lib|main)|src\/bin\/[^/]+(?:\/main)?|build|(?:tests|benches|examples)\/[^/]+(?:\/main)?)\.rs$/;

const known = new WeakMap();

/** [{folder, target}]: a folder with a Cargo.toml, or one that cargo named; its own workspace or ours. */
export function targetsOf(tree) {
  if (!known.has(tree)) known.set(tree, findTargets(tree));
  return known.get(tree);
}

function findTargets({ files, packages }) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const manifests = [...byPath.keys()].filter((path) => /(^|\/)Cargo\.toml$/.test(path));
  const folders = new Set([...manifests.map((path) => path.replace(/\/?Cargo\.toml$/, '')), ...packages.map(({ folder }) => folder)]);
  return [...folders].flatMap((folder) => rootsOf(folder, byPath).map((root) => ({ folder, target: new Target(root, byPath) })));
}

/** By cargo's conventions, and those that its Cargo.toml names. */
function rootsOf(folder, byPath) {
  const below = folder === '' ? '' : `${folder}/`;
  const manifest = byPath.get(`${below}Cargo.toml`)?.text ?? '';
  const named = [...manifest.matchAll(/^path\s*=\s*"([^"]+\.rs)"/gm)].map(([, path]) => below + path);
  const usual = [...byPath.keys()].filter((path) => path.startsWith(below) && ROOT.test(path.slice(below.length)));
  return [...new Set([...usual, ...named])].filter((path) => byPath.has(path));
}

/** Every use of one file by another in the crate of this folder. */
export const usesOfCrate = (tree, wanted) =>
  targetsOf(tree).filter(({ folder }) => folder === wanted).flatMap(({ target }) => target.uses());
