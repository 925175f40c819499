// Compares what should be with what is there, and lists the steps. Pure, but for readAll.
import { KINDS } from './kinds/index.js';

export { commandLine, quoted } from './command-line.js';

/** What is there of every kind: [{kind, there}]. */
export async function readAll(cloud, system, kinds = KINDS) {
  return Promise.all(kinds.map(async (kind) => ({ kind, there: await kind.read(cloud, system) })));
}

/** [{kind, name, differences}] of the kinds that have any. */
export function differencesOf(found, system) {
  return found
    .map(({ kind, there }) => ({ kind, name: kind.name, differences: kind.compare(there, system) }))
    .filter(({ differences }) => differences.length > 0);
}

/** The kinds that have steps. */
export const busyKinds = (differing) => differing.filter(({ differences }) => differences.some(({ steps }) => steps.length > 0)).map(({ kind }) => kind);

/** The steps that end them all: [{say, command, wave, file?, mayFail?}], each command a list of words. */
export function stepsOf(differing, system) {
  return differing.flatMap(({ name, differences }) => (
    differences.flatMap(({ steps }) => steps).map((one) => whole(one, name, system))
  ));
}

/** The steps that remove everything, in the reverse order of creation. */
export function removalOf(found, system) {
  return [...found].reverse().flatMap(({ kind, there }) => kind.removal(there, system).map((one) => whole(one, kind.name, system)));
}

/** The kinds that have something to remove. */
export const leavingKinds = (found, system) => found.filter(({ kind, there }) => kind.removal(there, system).length > 0).map(({ kind }) => kind);

/** What `destroy` leaves in the project, each a sentence with the reason. */
export function keptOf(found, system) {
  return found.flatMap(({ kind, there }) => kind.kept?.(there, system) ?? []);
}

/** Names that are taken: [{what, adopt or remove, because?}], with the command that makes the resource ours or deletes it. */
export function collisionsOf(found, system) {
  const command = (words) => words && (words[0] === 'bq' ? words : ['gcloud', ...words, `--project=${system.project}`]);
  return found.flatMap(({ kind, there }) => kind.collisions?.(there, system) ?? [])
    .map(({ adopt, remove, ...taken }) => ({ ...taken, adopt: command(adopt), remove: command(remove) }));
}

function whole({ say, gcloud, program, wave, file, mayFail }, kind, { project }) {
  const command = program ?? ['gcloud', ...gcloud, `--project=${project}`, '--quiet'];
  return { say, command, wave: wave === undefined ? null : `${kind}: ${wave}`, ...(file && { file }), ...(mayFail && { mayFail }) };
}
