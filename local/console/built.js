// Whether console/dist is what console/ and the functions' settings come to, and the part of it that Vite doesn't make: the map of the
// functions. Only built-in modules here: packages may have to be installed first.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readAuthorities, readFunctions } from '../../manifest/functions.js';
import { flowOf } from './flow.js';

const MADE_OF = ['src', 'index.html', 'package-lock.json', 'queries.json', 'tsconfig.json', 'vite.config.js', '../contracts/currencies.json', '../local/console/flow.js'];
const STAMP = '.boma-built';

/** The built page is current. */
export function isBuilt(folder, dist) {
  const stamp = join(folder, 'node_modules', STAMP);
  return existsSync(join(folder, 'dist', 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOf(folder, dist);
}

/** After Vite: adds the map, and notes what all was made of. */
export function finishBuild(folder, dist) {
  writeFileSync(join(folder, 'dist', 'flow.json'), mapOf(dist));
  writeFileSync(join(folder, 'node_modules', STAMP), digestOf(folder, dist));
}

const mapOf = (dist) => `${JSON.stringify(flowOf(readFunctions(dist), readAuthorities(dist)))}\n`;

function digestOf(folder, dist) {
  const hash = createHash('sha256').update(mapOf(dist));
  for (const file of MADE_OF.flatMap((name) => filesBelow(join(folder, name)))) hash.update(`\0${relative(folder, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesBelow(join(path, name)));
}
