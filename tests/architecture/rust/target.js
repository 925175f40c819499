// One target of a crate: the modules that its root file reaches, and what each of their files uses of the others.

import { dirname, join } from 'node:path/posix';

import { scopeOf } from './scopes.js';

// A file is read once, in however many targets and trees it is.
const scopes = new WeakMap();

/** What a file of a tree says of names. */
export function scopeIn(file) {
  if (!scopes.has(file)) scopes.set(file, scopeOf(file.text));
  return scopes.get(file);
}

export class Target {
  /** The scope that each of its files is, by path. */
  modules = new Map();
  #files;
  #uses;

  /** `files` are those of the tree, by path. */
  constructor(root, files) {
    this.#files = files;
    this.#load(root, dirname(root), null);
  }

  /** Every use of an item of one file by another: [{from, to, path}], where `path` is what is spelled. */
  uses() {
    this.#uses ??= [...this.modules.values()].flatMap(usesIn);
    return this.#uses;
  }

  #load(path, folder, parent) {
    const scope = this.#tied(scopeIn(this.#files.get(path)), path, folder, parent);
    this.modules.set(path, scope);
    return scope;
  }

  /** A scope that knows its file, the scope above it and those below, whose files are in this folder. */
  #tied(read, path, folder, parent) {
    const scope = { ...read, file: path, parent, children: new Map() };
    for (const [name, inner] of read.inline) scope.children.set(name, this.#tied(inner, path, join(folder, name), scope));
    for (const [name, { path: given }] of read.modules) {
      const places = given === null ? [`${name}.rs`, `${name}/mod.rs`].map((each) => join(folder, each)) : [join(dirname(path), given)];
      const place = places.find((each) => this.#files.has(each));
      if (place === undefined || this.modules.has(place)) continue;
      const isFolder = place.endsWith('/mod.rs') || given !== null;
      scope.children.set(name, this.#load(place, isFolder ? dirname(place) : join(folder, name), scope));
    }
    return scope;
  }
}

/**
 * What a `use` brings counts as used. A `pub use` counts only where its own file goes on to name what it brings: a file that is
 * but the door to its children doesn't depend on them. Tests see everything: `mod tests` inside a file counts for nothing.
 */
function usesIn(scope) {
  const brought = scope.uses.filter(({ name, isExported }) => !isExported || scope.words.has(name) || name === '*');
  const paths = [...brought.map(({ path, name }) => (name === '*' ? [...path, '*'] : path)), ...scope.paths];
  const found = paths.flatMap((path) => {
    const to = fileOf(scope, path);
    return to === null || to === scope.file ? [] : [{ from: scope.file, to, path: path.join('::') }];
  });
  const inline = [...scope.children].filter(([name, { file }]) => file === scope.file && name !== 'tests').map(([, child]) => child);
  return [...found, ...inline.flatMap(usesIn)];
}

/** The file that has the item at the end of a path, through all doors; null where a path leaves the crate or ends at a module. */
function fileOf(scope, path, passed = new Set()) {
  const isOpen = (use, name) => use.name === name && !passed.has(use);
  let [at, rest] = started(scope, path);
  const isKnown = rest.length < path.length || at.children.has(path[0]) || at.uses.some((use) => isOpen(use, path[0]));
  if (!isKnown) return null;
  for (; rest.length > 0; rest = rest.slice(1)) {
    const [name] = rest;
    const use = at.uses.find((each) => isOpen(each, name));
    const child = at.children.get(name);
    if (child !== undefined && (rest.length > 1 || use === undefined)) at = child;
    else if (use !== undefined && name !== '*') return fileOf(at, [...use.path, ...rest.slice(1)], passed.add(use));
    else return throughGlobs(at, rest, passed) ?? at.file;
  }
  return null;
}

/** Where a path begins, and what is left of it behind `crate`, `self` and `super`. */
function started(scope, path) {
  let [at, rest] = [scope, path];
  if (path[0] === 'crate') while (at.parent !== null) at = at.parent;
  if (path[0] === 'crate' || path[0] === 'self') rest = path.slice(1);
  for (; rest[0] === 'super'; rest = rest.slice(1)) at = at.parent ?? at;
  return [at, rest];
}

/** An item that a file doesn't spell may come to it by `use a::*`; one that a macro writes is its own. */
function throughGlobs(scope, rest, passed) {
  if (rest[0] === '*' || scope.defines.has(rest[0])) return null;
  for (const use of scope.uses.filter(({ name }) => name === '*')) {
    if (passed.has(use)) continue;
    const file = fileOf(scope, [...use.path, ...rest], passed.add(use));
    if (file !== null) return file;
  }
  return null;
}
