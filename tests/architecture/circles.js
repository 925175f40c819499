// Circles in a graph of files.

/** For each knot of files that reach one another, its shortest circle: [[path]]. */
export function circlesOf(edges) {
  const next = new Map();
  for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const circles = [];
  const told = new Set();
  for (const from of [...next.keys()].sort()) {
    if (told.has(from)) continue;
    const circle = shortest(from, next);
    if (circle === null || circle.some((path) => told.has(path))) continue;
    circle.forEach((path) => told.add(path));
    circles.push(circle);
  }
  return circles;
}

/** The shortest way from a file back to it, or null. */
function shortest(from, next) {
  const cameFrom = new Map();
  for (const queue = [from]; queue.length > 0;) {
    const at = queue.shift();
    for (const to of next.get(at) ?? []) {
      if (to === from) return wayTo(at, cameFrom);
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      queue.push(to);
    }
  }
  return null;
}

function wayTo(end, cameFrom) {
  const way = [end];
  while (cameFrom.has(way[0])) way.unshift(cameFrom.get(way[0]));
  return way;
}
