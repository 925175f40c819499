// Where an interrupted backfill is: a file beside the running stack's own, one for each project and database.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WRITE_EVERY_MS = 1_000;

/** { path, read() => state or undefined, note(state): now and then, keep(state): now, remove } */
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
    read: () => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined),
    keep,
    note(state) {
      if (performance.now() - writtenMs >= WRITE_EVERY_MS) keep(state);
    },
    remove: () => rmSync(path, { force: true }),
  };
}
