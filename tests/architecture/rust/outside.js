// What of the standard library reaches for the world outside: files, networks, clocks, chance.

import { scopeIn } from './target.js';

const OUTSIDE = new Set(['env', 'fs', 'io', 'net', 'os', 'process', 'thread', 'time']);
// Their order is another in each process.
const OF_CHANCE = new Set(['HashMap', 'HashSet', 'hash_map', 'hash_set', 'RandomState']);

/** The paths that a file spells to it, such as `std::fs::read`. */
export function outsideOf(file) {
  const isOutside = ([first, second, ...rest]) => first === 'std' && (OUTSIDE.has(second) || rest.some((name) => OF_CHANCE.has(name)));
  return [...new Set(pathsIn(scopeIn(file)).filter(isOutside).map((path) => path.join('::')))];
}

const pathsIn = (scope) => [
  ...scope.uses.map(({ path }) => path),
  ...scope.paths,
  ...[...scope.inline.values()].flatMap(pathsIn),
];
