import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A new folder inside the project, where what is put into it finds node_modules. */
export function stateFolder(prefix = 'test-') {
  mkdirSync(join(ROOT, '.boma'), { recursive: true });
  return mkdtempSync(join(ROOT, '.boma', prefix));
}
