// Compares a resource with what it should be. Google adds names, dates and defaults, and leaves out values that are zero, empty or
// false; neither is a difference.
import { createHash } from 'node:crypto';

const LONGEST_SAID = 80;

/** Each difference of `there` from `wanted`: ["conditions[0].conditionThreshold.duration is 60s, not 0s", ...]. */
export function waysThatDiffer(wanted, there, path = '') {
  if (isEmpty(wanted) && isEmpty(there)) return [];
  if (Array.isArray(wanted)) return ofLists(wanted, there, path);
  if (isObject(wanted)) {
    return Object.entries(wanted).flatMap(([key, value]) => waysThatDiffer(value, there?.[key], path === '' ? key : `${path}.${key}`));
  }
  // An int64 comes back as a string.
  return String(wanted) === String(there) ? [] : [`${path} ${said(there, wanted)}`];
}

function ofLists(wanted, there, path) {
  const count = Array.isArray(there) ? there.length : 0;
  if (count !== wanted.length) return [`${path} has ${count} entries, not ${wanted.length}`];
  return wanted.flatMap((item, index) => waysThatDiffer(item, there[index], `${path}[${index}]`));
}

function said(there, wanted) {
  const isShort = String(there).length + String(wanted).length < LONGEST_SAID;
  return isShort ? `is ${there ?? 'not there'}, not ${wanted}` : 'is otherwise';
}

/** A digest of a resource as this tree wants it. It shows settings that only an earlier tree had. Short enough for a label. */
export const digestOf = (wanted) => createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 16);

const isObject = (value) => typeof value === 'object' && value !== null;

function isEmpty(value) {
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === 0 || value === '' || value === false;
}
