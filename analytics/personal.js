// Which columns are personal: those whose fields the inventory of the core calls so (contracts/personal.json). A field that it
// doesn't know counts as personal, as it does there.
import { readFileSync } from 'node:fs';

const INVENTORY = JSON.parse(readFileSync(new URL('../contracts/personal.json', import.meta.url), 'utf8'));

/** A record with one personal field is personal as a whole. */
export function isPersonal(collection, column) {
  const others = INVENTORY[collection]?.others ?? [];
  return pathsOf(column).some((path) => !others.includes(path));
}

/** The document's fields that end up in a column, as the inventory names them. */
function pathsOf({ name, type, key, fields }) {
  if (type === 'JSON') return [`${name}.*`];
  if (!fields) return [name];
  const way = key ? `${name}.*` : name;
  return fields.filter((field) => field.name !== key).flatMap(pathsOf).map((path) => `${way}.${path}`);
}
