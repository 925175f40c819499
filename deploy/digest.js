// A digest of files, of their names and bytes: the same wherever they are, and another one as soon as anything is.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `files`: names below `folder`, in an order that is the same everywhere. */
export function digestOfFiles(folder, files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(createHash('sha256').update(readFileSync(join(folder, file))).digest());
  return hash.digest('hex');
}
