// Finds wanted names that are taken by a resource which isn't Boma's, and which must not be changed.
import { OWNER } from '../names.js';
import { collisionsOf, commandLine } from '../plan.js';

export function collisions({ found, system }) {
  return collisionsOf(found, system).map(({ what, adopt, remove, because = `it has no label ${OWNER.key}=${OWNER.value}` }) => {
    const way = adopt === undefined ? `delete it, if nobody needs it: ${commandLine(remove)}` : `make it Boma's: ${commandLine(adopt)}`;
    return `${what} is there already, and not Boma's (${because}): take another project, or ${way}`;
  });
}
