// JSON in which no integer is rounded. JSON.parse makes a double of each, which is exact only up to 2^53; an amount may be beyond.
import { randomUUID } from 'node:crypto';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARK = `${randomUUID()}:`; // What no text begins with.

/** As JSON.parse, but an integer that a number can't hold exactly is a BigInt. */
export function parseExactly(text) {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const marked = text.replace(TOKEN, (token) => (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${MARK}${token}"` : token));
  return JSON.parse(marked, (_, value) => (typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value));
}
