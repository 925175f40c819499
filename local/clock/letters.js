// The open letters that wait for a document, and those whose document is there.
import { slices } from '../slices.js';

const READ_AT_ONCE = 200;
const OPEN = { kind: 'AWAITED', status: 'OPEN' };

/** Whether a letter waits, by its fields in the protocol's own form. */
export const isWaiting = (letter) => letter?.kind?.stringValue === OPEN.kind && letter.status?.stringValue === OPEN.status;

/** `documents`: see firestore.js. { open: how many wait, due: as `dueLetters` }. */
export async function waitingLetters(documents) {
  const letters = await documents.equal('dead_letters', OPEN, ['awaits']);
  const due = await dueLetters(documents, letters);
  return { open: letters.size, due };
}

/** Of `letters`, a Map from path to fields, those whose document is there: a Map from path to the document's. */
export async function dueLetters(documents, letters) {
  const awaited = [...new Set([...letters.values()].map(({ awaits }) => awaits?.stringValue).filter(isPath))];
  const there = new Set();
  for (const some of slices(awaited, READ_AT_ONCE)) {
    for (const path of (await documents.read(some, ['updatedAt'])).keys()) there.add(path);
  }
  return new Map([...letters].map(([path, { awaits }]) => [path, awaits?.stringValue]).filter(([, path]) => there.has(path)));
}

// Anything else would make the whole request invalid.
const isPath = (path) => path !== undefined && /^[a-z_]+\/[\w.-]+$/.test(path);
