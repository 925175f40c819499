// An emulator's classes as its JVM has them in memory, kept in a file (class data sharing). From there an emulator is ready with half
// the work: docs/decisions/test-time.md. Where the file doesn't fit the JVM or the jar,
// the JVM itself goes on without.
import { createHash } from 'node:crypto';
import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../.boma/classes', import.meta.url));

/** Where the classes of this jar are kept, or nothing where there is no such jar or no java. Another jar, or another JVM, has another file. */
export function archiveOf(jar, { folder = FOLDER, path = process.env.PATH ?? '' } = {}) {
  const java = path.split(delimiter).map((one) => join(one, 'java')).find(existsSync);
  if (!java || !existsSync(jar)) return undefined;
  const told = [java, jar].map((file) => [realpathSync(file), statSync(file).size, statSync(file).mtimeMs]);
  const digest = createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
  return join(folder, `${basename(jar, '.jar')}-${digest}.jsa`);
}

/** How a JVM comes by the classes in this file: its flags, and how a file that ended it is forgotten. */
export function keptClasses(archive) {
  if (archive === undefined || !existsSync(archive)) return { flags: [] };
  return { flags: [`-XX:SharedArchiveFile=${archive}`], forget: () => rmSync(archive, { force: true }) };
}
