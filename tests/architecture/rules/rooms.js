// The rooms of the core: each uses those before it. A use is where an item is named, through whatever door its name came.

import { usesOfCrate } from '../rust/workspace.js';

const CORE = 'crates/core';
const MAY_USE = {
  kernel: [],
  store: ['kernel'],
  warehouse: ['kernel', 'store'],
  event: ['kernel', 'store'],
  domain: ['kernel', 'store', 'event'],
  protocol: ['kernel', 'store', 'warehouse', 'event'],
  jobs: ['kernel', 'store', 'warehouse', 'event', 'domain', 'protocol'],
};
// The list of the rooms, and the names that functions need.
const OF_NO_ROOM = ['lib.rs', 'prelude.rs'];

const placeOf = (path) => path.slice(`${CORE}/src/`.length);
const roomOf = (path) => placeOf(path).replace(/\.rs$/, '').split('/')[0];

export function rooms(tree) {
  const sources = tree.files.filter(({ path }) => path.startsWith(`${CORE}/src/`) && path.endsWith('.rs'));
  const strays = sources.filter(({ path }) => !OF_NO_ROOM.includes(placeOf(path)) && !(roomOf(path) in MAY_USE));
  const wrong = usesOfCrate(tree, CORE).filter(({ from, to }) => !mayUse(from, to));
  return [
    ...strays.map(({ path }) => `${path} is in no room`),
    ...wrong.map(({ from, to, path }) => `${from} uses ${path}, which is in ${to}`),
  ];
}

function mayUse(from, to) {
  const allowed = MAY_USE[roomOf(from)];
  return allowed === undefined || roomOf(to) === roomOf(from) || allowed.includes(roomOf(to));
}
