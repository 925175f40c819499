// Who may depend on whom among the crates. Each rule takes a tree and answers with its complaints, one sentence each.

import { outsideOf } from '../rust/outside.js';

const isFunction = ({ folder }) => folder.startsWith('functions/');
const isForOperators = ({ folder }) => folder.startsWith('ops/');
const everyKind = ({ dependencies: { normal = [], dev = [], build = [] } }) => [...normal, ...dev, ...build];

// What a crate of ours may use of ours. Functions, and what operators run, speak to the core alone; their hosts are put around them.
const MAY_USE = {
  'crates/core': [],
  'crates/google': ['boma-core'],
  'crates/abi': ['boma-core', 'boma-google'],
};
const FUNCTION_MAY_USE = ['boma-core'];

// It lists the functions, for tests and tools.
const LIST = 'crates/functions';

/** functions -> core, and abi -> google -> core. Dev-dependencies may point the other way: tests see everything. */
export function direction({ packages }) {
  const ours = new Set(packages.map(({ name }) => name));
  const functions = new Set(packages.filter(isFunction).map(({ name }) => name));
  const allowedTo = (crate) => {
    if (crate.folder === LIST) return ['boma-core', ...functions];
    return isFunction(crate) || isForOperators(crate) ? FUNCTION_MAY_USE : MAY_USE[crate.folder];
  };
  return packages.flatMap((crate) => {
    const allowed = allowedTo(crate);
    if (allowed === undefined) return crate.folder.startsWith('crates/') ? [`${crate.folder} has no place in the order of the crates`] : [];
    const { normal = [], build = [] } = crate.dependencies;
    const wrong = [...normal, ...build].filter((name) => ours.has(name) && !allowed.includes(name));
    // That functions stay apart is a rule of its own.
    return wrong.filter((name) => !(isFunction(crate) && functions.has(name))).map((name) => `${crate.folder} depends on ${name}`);
  });
}

/** A function can be deployed, changed and removed alone. */
export function functionsApart({ packages }) {
  const functions = new Set(packages.filter(isFunction).map(({ name }) => name));
  return packages.filter(isFunction).flatMap((crate) =>
    everyKind(crate).filter((name) => functions.has(name)).map((name) => `${crate.folder} depends on the function ${name}`),
  );
}

// No transport, no boundary, no randomness, no clock, no file: all of these are inputs.
const IMPURE = [
  'prost', 'prost-types', 'tonic', 'wasm-bindgen', 'js-sys', 'web-sys', 'getrandom', 'rand', 'fastrand',
  'chrono', 'jiff', 'web-time', 'instant', 'quanta', 'coarsetime', 'tokio', 'async-std', 'reqwest', 'hyper',
];
// A crate that formats times is welcome as long as nobody asks it for one.
const CLOCK_FEATURES = { time: ['local-offset', 'wasm-bindgen', 'rand'], uuid: ['v1', 'v4', 'v6', 'v7', 'rng', 'js'] };

const ASKS_THE_CLOCK = /\b(SystemTime|Instant|now_utc|now_local)\b/;

/** The core, with all that it depends on, is pure. */
export function pureCore({ files, resolved }) {
  const sources = files.filter(({ path }) => path.startsWith('crates/core/src/') && path.endsWith('.rs'));
  const complaints = sources.flatMap((file) => {
    const found = ASKS_THE_CLOCK.exec(file.text.replaceAll(/\/\/.*$/gm, ''));
    const clock = found === null ? [] : [`${file.path} asks the clock: ${found[0]}`];
    return [...clock, ...outsideOf(file).map((path) => `${file.path} uses ${path}`)];
  });
  for (const [name, path] of reachable(resolved, 'boma-core')) {
    if (IMPURE.includes(name)) complaints.push(`crates/core depends on ${name}, through ${path.join(' -> ')}`);
    const features = resolved[name]?.features ?? [];
    const wrong = (CLOCK_FEATURES[name] ?? []).filter((feature) => features.includes(feature));
    if (wrong.length > 0) complaints.push(`crates/core has ${name} with ${wrong.join(', ')}, which asks for the time or for randomness`);
  }
  return complaints;
}

/** Every crate below this one, each with the path to it. */
function reachable(resolved, from) {
  const found = new Map([[from, [from]]]);
  for (const [name, path] of found) {
    for (const next of resolved[name]?.dependencies ?? []) {
      if (!found.has(next)) found.set(next, [...path, next]);
    }
  }
  found.delete(from);
  return found;
}

const OWNERS = [
  { owner: 'crates/abi', crates: ['wasm-bindgen', 'js-sys', 'web-sys', 'serde-wasm-bindgen', 'getrandom'] },
  { owner: 'crates/google', crates: ['prost', 'prost-types', 'tonic'] },
];

/** The crate of ours that this one is for, or undefined. */
export function ownerOf(name) {
  if (name.startsWith('googleapis-tonic-')) return 'crates/google';
  return OWNERS.find(({ crates }) => crates.includes(name))?.owner;
}

/** Only abi knows JavaScript, and only google knows protobuf. */
export function oneOwner({ packages }) {
  // Tests may look from outside.
  return packages.filter(({ folder }) => /^(crates|functions|ops)\//.test(folder)).flatMap((crate) =>
    [...new Set(everyKind(crate))]
      .filter((name) => ownerOf(name) !== undefined && ownerOf(name) !== crate.folder)
      .map((name) => `${crate.folder} depends on ${name}, which is for ${ownerOf(name)} alone`),
  );
}
