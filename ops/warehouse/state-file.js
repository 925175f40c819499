// Where an interrupted backfill is: a file beside the running stack's own, one for each project and database.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WRITE_EVERY_MS = 1_000;

/** { path, read() => { state } or { broken: why } or {}, note(state): now and then, keep(state): now, remove } */
export function stateFile(folder, { project, database }) {
  const path = join(folder, `warehouse-backfill.${project}.${database.replace(/[()]/g, '')}.json`);
  let writtenMs = -Infinity;

  function keep(state) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`);
    renameSync(`${path}.new`, path);
    writtenMs = performance.now();
  }

  return {
    path,
    read: () => (existsSync(path) ? parsed(readFileSync(path, 'utf8')) : {}),
    keep,
    note(state) {
      if (performance.now() - writtenMs >= WRITE_EVERY_MS) keep(state);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/** As far as the next run rests on it. */
function parsed(text) {
  try {
    const state = JSON.parse(text);
    const { origin, ranges, refused } = state;
    if (typeof origin.database === 'string' && typeof origin.tables === 'object' && Array.isArray(refused) && ranges.every(isRange)) return { state };
  } catch {
    // Not JSON, or of another shape: the same.
  }
  return { broken: 'not to be read' };
}

const isRange = ({ collection, read, appended, isDone }) => typeof collection === 'string' && Number.isInteger(read) && Number.isInteger(appended) && typeof isDone === 'boolean';
