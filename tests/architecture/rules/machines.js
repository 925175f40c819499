// The subjects of the domain, each a folder with its facts, its machine and its documents. What ties them together are events.

import { dirname } from 'node:path/posix';

import { usesOfCrate } from '../rust/workspace.js';

const CORE = 'crates/core';
const DOMAIN = `${CORE}/src/domain/`;

const isFact = (path) => /\/facts(\.rs|\/)/.test(path);
const isMachine = (path) => path.startsWith(DOMAIN) && /\/machine(\.rs|\/)/.test(path);

/** A machine decides of what it is told: it reads no document, and knows no subject but its own. */
export function machinesApart(tree) {
  const subjectOf = subjectsIn(tree);
  return usesOfCrate(tree, CORE).filter(({ from }) => isMachine(from)).flatMap(({ from, to, path }) => {
    if (to.startsWith(`${CORE}/src/store/`)) return [`${from} uses ${path} of the store`];
    return isOfAnother(from, to, subjectOf) ? [`${from} uses ${path} of another subject, ${to}`] : [];
  });
}

/** Whoever hears an event may read its facts. Machine and documents are for their own subject. */
export function subjectsApart(tree) {
  const subjectOf = subjectsIn(tree);
  return usesOfCrate(tree, CORE)
    .filter(({ from, to }) => !isMachine(from) && !isFact(to) && isOfAnother(from, to, subjectOf))
    .map(({ from, to, path }) => `${from} uses ${path} of another subject, ${to}`);
}

/** The folder that a file's subject is: the innermost that has facts. null for what all subjects share. */
function subjectsIn({ files }) {
  const places = files.map(({ path }) => path).filter((path) => path.startsWith(DOMAIN) && isFact(path));
  const folders = places.map((path) => path.replace(/\/facts(\.rs|\/.*)$/, '')).sort((a, b) => b.length - a.length);
  return (path) => folders.find((folder) => dirname(path) === folder || path.startsWith(`${folder}/`)) ?? null;
}

function isOfAnother(from, to, subjectOf) {
  const [own, its] = [subjectOf(from), subjectOf(to)];
  return own !== null && its !== null && own !== its;
}
