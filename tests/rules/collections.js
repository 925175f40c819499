// The collections that there are: of the code, of the inventory of personal fields, of firestore.rules, and of the table beside this. Named as
// the export names them: users, users.timeline.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file) => readFileSync(join(ROOT, file), 'utf8');

/** { operations, collections: { name: { role: [operation] } } } */
export const TABLE = JSON.parse(read('tests/rules/table.json'));
export const RULES = read('firestore.rules');

/** Every path that the code can make stands in one file, written as a text with placeholders. */
export function collectionsOfCode(text = read('crates/core/src/store/path.rs')) {
  const paths = [...text.matchAll(/"((?:[a-z_]+\/(?:\{[^"/]*\}|[a-z]+)[^"/]*\/?)+)"/g)].map(([, path]) => path);
  return unique(paths.map((path) => path.split('/').filter((_, index) => index % 2 === 0).join('.')));
}

/** Those of the inventory in which a field is personal. */
export function personalCollections(text = read('crates/core/src/store/personal.rs')) {
  const [, inventory] = text.split('pub const INVENTORY');
  return inventory.split(/Collection \{\s*name: "/).slice(1).filter((entry) => !/personal: &\[\s*\]/.test(entry)).map((entry) => entry.split('"')[0]);
}

/** The collections whose documents a rule is about, the nested ones with those above. */
export function collectionsOfRules(text = RULES) {
  const above = [];
  const found = [];
  for (const [token, collection] of text.replaceAll(/\/\/.*/g, '').matchAll(/match \/databases\/\{database\}\/documents \{|match \/([a-z_]+)\/\{\w+\} \{|match \S+ \{|\{|\}/g)) {
    if (token === '}') {
      above.pop();
    } else {
      above.push(collection);
      if (collection !== undefined) found.push(above.filter(Boolean).join('.'));
      else if (token.startsWith('match') && !token.includes('/documents')) found.push(token);
    }
  }
  return found;
}

const unique = (values) => [...new Set(values)];
