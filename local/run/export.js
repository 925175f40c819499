// Writes every document to DIR/{collection}.ndjson, sorted by id. All files appear together at the end, so a half
// export is never taken for a whole one.
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../processes.js';
import { documentLine } from './export-format.js';

// Lists the files of an export, so that the next one removes them and leaves others alone.
const LIST_FILE = '.boma-export.json';
// Sums by the host's minutes, of which some were written and others not: they say when a run was, and nothing of what came of it.
const NOT_EXPORTED = ['pulse'];
const INDEXES = new URL('../../firestore.indexes.json', import.meta.url);

/** Whether an export may replace a file of that name, or remove it: one of a collection of ours, of a view, or of an earlier export. */
export function isExports(dir, name) {
  const [, written] = /^(.+)\.ndjson$/.exec(name) ?? [];
  const collections = JSON.parse(readFileSync(INDEXES, 'utf8')).fieldOverrides.map(({ collectionGroup }) => collectionGroup);
  return collections.includes(written?.split('.').at(-1)) || written?.startsWith('warehouse.') || [LIST_FILE, ...earlierFiles(dir)].includes(name);
}

/** Also where links lead from one to the other. */
export function isSameFile(one, other) {
  if (![one, other].every((path) => existsSync(path))) return false;
  const [{ dev, ino }, of] = [statSync(one), statSync(other)];
  return ino === of.ino && dev === of.dev;
}

/**
 * `inputs`: files that are never replaced, whatever collections there are. `onDocument({ collection, id, fields, updateTime })` sees each
 * document on its way. `more` yields { name, lines }: further files, also where they have no line. Resolves with { collection: count }.
 */
export async function exportDocuments(documents, dir, { inputs = [], onDocument = () => {}, more = [], signal } = {}) {
  mkdirSync(dir, { recursive: true });
  const files = new Map(); // collection -> { stream, partial, count }
  const open = (name) => {
    if (!files.has(name)) files.set(name, openFile(dir, name));
    return files.get(name);
  };
  const write = async ({ stream }, line) => { if (!stream.write(line)) await once(stream, 'drain'); };
  try {
    for await (const { path, fields, updateTime } of documents.all()) {
      signal?.throwIfAborted();
      const { collection, id } = collectionAndId(path);
      if (NOT_EXPORTED.includes(collection)) continue;
      const file = open(collection);
      file.count += 1;
      await write(file, documentLine(id, fields));
      onDocument({ collection, id, fields, updateTime });
    }
    for await (const { name, lines } of more) {
      signal?.throwIfAborted();
      const file = open(name);
      for (const line of lines) await write(file, line);
      file.count += lines.length;
    }
    await Promise.all([...files.values()].map(({ stream }) => new Promise((resolve, reject) => {
      stream.once('error', reject);
      stream.end(resolve);
    })));
    signal?.throwIfAborted();
    replaceFiles(dir, files, inputs);
  } catch (error) {
    for (const { stream, partial } of files.values()) {
      stream.destroy();
      rmSync(partial, { force: true });
    }
    throw error;
  }
  return Object.fromEntries([...files].map(([collection, { count }]) => [collection, count]));
}

/** `users/U` -> users, U; `users/U/timeline/T` -> users.timeline, with the whole path as id. */
export function collectionAndId(path) {
  const parts = path.split('/');
  if (parts.length === 2) return { collection: parts[0], id: parts[1] };
  return { collection: parts.filter((_, index) => index % 2 === 0).join('.'), id: path };
}

function openFile(dir, collection) {
  const partial = join(dir, `.${collection}.ndjson.partial-${process.pid}`);
  return { stream: createWriteStream(partial), partial, count: 0 };
}

function replaceFiles(dir, files, inputs) {
  const list = join(dir, LIST_FILE);
  const earlier = earlierFiles(dir);
  const now = [...files.keys()].map((collection) => `${collection}.ndjson`);
  const spared = [...earlier, ...now].map((name) => join(dir, name)).find((path) => inputs.some((input) => isSameFile(path, input)));
  if (spared) throw new Error(`${spared} is an events file, which the export would replace: nothing was exported.`);
  // Until all is done the list has both: a run that is killed in between leaves nothing that the next one doesn't know.
  writeList(list, [...new Set([...earlier, ...now])]);
  for (const name of earlier) if (!now.includes(name)) rmSync(join(dir, name), { force: true });
  for (const [collection, { partial }] of files) renameSync(partial, join(dir, `${collection}.ndjson`));
  for (const name of readdirSync(dir)) if (isLeftPartial(name)) rmSync(join(dir, name), { force: true });
  writeList(list, now);
}

/** A list that somebody has edited may name anything, so only what an export could have written counts. */
function earlierFiles(dir) {
  const list = join(dir, LIST_FILE);
  if (!existsSync(list)) return [];
  try {
    return JSON.parse(readFileSync(list, 'utf8')).filter((name) => typeof name === 'string' && /^[^/\\]+\.ndjson$/.test(name));
  } catch {
    return [];
  }
}

/** A process that was killed can't remove what it had begun. Another one may still be writing. */
function isLeftPartial(name) {
  const pid = /^\..+\.ndjson\.partial-(\d+)$/.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function writeList(list, names) {
  const partial = `${list}.partial-${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(names.sort())}\n`);
  renameSync(partial, list);
}
