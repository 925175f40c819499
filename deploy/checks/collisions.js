// A name that somebody else has taken in this project: what he keeps there must not be changed by us.
import { OWNER } from '../names.js';
import { collisionsOf, commandLine } from '../plan.js';

export function collisions({ found, system }) {
  return collisionsOf(found, system).map(({ what, adopt }) => (
    `${what} is there already, and not Boma's (it has no label ${OWNER.key}=${OWNER.value}): take another project, or make it Boma's: ${commandLine(adopt)}`
  ));
}
