// The subjects of the domain, each a folder with its facts, its machine and its documents. What ties them together are events.

import { usesOfCrate } from '../rust/workspace.js';

const CORE = 'crates/core';
const DOMAIN = `${CORE}/src/domain/`;

const isFact = (path) => /\/facts(\.rs|\/)/.test(path);
const isMachine = (path) => path.startsWith(DOMAIN) && /\/machine(\.rs|\/)/.test(path);

const NOT_FOR_MACHINES = ['store', 'event'].map((room) => `${CORE}/src/${room}/`);

/** A machine decides of what it is told: it knows no document, no envelope and no machine but its own. */
export function machinesApart(tree) {
  const isOther = ofAnotherSubject(tree);
  return usesOfCrate(tree, CORE)
    .filter(({ from }) => isMachine(from))
    .filter(({ from, to }) => NOT_FOR_MACHINES.some((room) => to.startsWith(room)) || (isMachine(to) && isOther(from, to)))
    .map(({ from, to, path }) => `${from} uses ${path}, which is in ${to}`);
}

/** Facts are a subject's words for others: those that hear its events, and those that have it do something. The rest is its own. */
export function subjectsApart(tree) {
  const isOther = ofAnotherSubject(tree);
  return usesOfCrate(tree, CORE)
    .filter(({ from, to }) => !isFact(to) && !(isMachine(from) && isMachine(to)) && isOther(from, to))
    .map(({ from, to, path }) => `${from} uses ${path} of another subject, which is in ${to}`);
}

/** Whether two files belong to two subjects. A subject is the innermost folder that has facts; what is above is for all. */
function ofAnotherSubject({ files }) {
  const places = files.map(({ path }) => path).filter((path) => path.startsWith(DOMAIN) && isFact(path));
  const folders = places.map((path) => path.replace(/facts(\.rs|\/.*)$/, '')).sort((a, b) => b.length - a.length);
  const subjectOf = (path) => folders.find((folder) => path.startsWith(folder)) ?? null;
  return (one, another) => {
    const [its, others] = [subjectOf(one), subjectOf(another)];
    return its !== null && others !== null && its !== others;
  };
}
