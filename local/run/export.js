// Writes every document to DIR/{collection}.ndjson, sorted by id. All files appear together at the end, so a half
// export is never taken for a whole one.
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentLine } from './export-format.js';

// Lists the files of an export, so that the next one removes them and leaves others alone.
const LIST_FILE = '.boma-export.json';

/** `onDocument({ collection, id, fields })` sees each document on its way. Resolves with { collection: count }. */
export async function exportDocuments(documents, dir, { onDocument = () => {}, signal } = {}) {
  mkdirSync(dir, { recursive: true });
  const files = new Map(); // collection -> { stream, partial, count }
  try {
    for await (const { path, fields } of documents.all()) {
      signal?.throwIfAborted();
      const { collection, id } = collectionAndId(path);
      if (!files.has(collection)) files.set(collection, openFile(dir, collection));
      const file = files.get(collection);
      file.count += 1;
      if (!file.stream.write(documentLine(id, fields))) await once(file.stream, 'drain');
      onDocument({ collection, id, fields });
    }
    await Promise.all([...files.values()].map(({ stream }) => new Promise((resolve, reject) => {
      stream.once('error', reject);
      stream.end(resolve);
    })));
    signal?.throwIfAborted();
    replaceFiles(dir, files);
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

function replaceFiles(dir, files) {
  const list = join(dir, LIST_FILE);
  const earlier = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  const now = [...files.keys()].map((collection) => `${collection}.ndjson`);
  for (const name of earlier) if (!now.includes(name)) rmSync(join(dir, name), { force: true });
  for (const [collection, { partial }] of files) renameSync(partial, join(dir, `${collection}.ndjson`));
  writeFileSync(list, `${JSON.stringify(now.sort())}\n`);
}
