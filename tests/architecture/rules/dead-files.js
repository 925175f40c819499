// Each source file is reached from where something begins. A file that nothing reaches says what isn't so any more.

import { dirname, join } from 'node:path/posix';

import { importsBetween, isJavaScript } from '../javascript.js';
import { targetsOf } from '../rust/workspace.js';

// Programs that the outside begins with: ESLint, functions-framework, which the package.json of a built function sends there, and a browser.
const BEGINNINGS = ['eslint.config.js', 'shim/index.js', 'console/src/main.ts'];
const IS_TEST = /^tests\/.*\.(?:test|long)\.js$/;
// Scripts, and Rust, which may name a file of JavaScript for wasm-bindgen.
const NAMES_PROGRAMS = /(?:^package\.json|\.sh|\.ya?ml|\.rs)$/;
// A document that tells somebody to run one.
const TOLD = /\bnode ([\w./-]+\.(?:js|cjs|mjs))/g;

export const deadFiles = (tree) => [...deadRust(tree), ...deadJavaScript(tree)];

function deadRust(tree) {
  const reached = new Set(targetsOf(tree).flatMap(({ target }) => [...target.modules.keys()]));
  const sources = tree.files.filter(({ path }) => path.endsWith('.rs') && !reached.has(path));
  return sources.map(({ path }) => `${path} is a module that nothing declares`);
}

function deadJavaScript({ files }) {
  const programs = files.filter(isJavaScript);
  const scripts = files.filter(({ path }) => NAMES_PROGRAMS.test(path));
  const told = files.filter(({ path }) => path.endsWith('.md')).flatMap(({ text }) => [...text.matchAll(TOLD)].map(([, name]) => name));
  const next = new Map(programs.map(({ path }) => [path, []]));
  for (const { from, to } of importsBetween(files)) next.get(from).push(to);
  for (const { path, text } of programs) next.get(path).push(...named(path, text, programs));

  const begins = programs.filter(({ path }) => BEGINNINGS.includes(path) || IS_TEST.test(path)).map(({ path }) => path);
  const reached = new Set([...begins, ...told, ...scripts.flatMap(({ path, text }) => named(path, text, programs))]);
  for (const path of reached) next.get(path)?.forEach((to) => reached.add(to));
  return programs.filter(({ path }) => !reached.has(path)).map(({ path }) => `${path} is imported, run and listed by nothing`);
}

/**
 * The programs that a text names: `'wire-process.js'` beside it, `'local/start.js'` from the root, or by an ending that no other
 * has. Words of `join('local', 'start.js')` are one name.
 */
function named(from, text, programs) {
  const code = text.replaceAll(/^\s*(?:\/\/|\/?\*|#).*$/gm, '');
  const joined = code.replaceAll(/'\s*,\s*'/g, '/');
  const names = [...`${code}\n${joined}`.matchAll(/[\w./-]+\.(?:js|cjs|mjs)\b/g)].map(([name]) => name);
  return [...new Set(names)].flatMap((name) => {
    const isAt = (place) => programs.some(({ path }) => path === place);
    const places = [join(dirname(from), name), join(name)].filter(isAt);
    if (places.length > 0) return places;
    const ending = programs.filter(({ path }) => path.endsWith(`/${name.replace(/^[./]+/, '')}`));
    return ending.length === 1 ? [ending[0].path] : [];
  });
}
