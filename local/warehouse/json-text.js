// JSON whose numbers are written digit by digit. A node is a text (of a value that is complete), a list of nodes, or a Map of
// nodes by name.
import { parseExactly } from '../exact-json.js';

/** Names are sorted, as in the export of the documents. */
export function textOf(node) {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return `[${node.map(textOf).join(',')}]`;
  return `{${entriesText(node)}}`;
}

export const entriesText = (nodes) => [...nodes.keys()].sort().map((name) => `${JSON.stringify(name)}:${textOf(nodes.get(name))}`).join(',');

export const nodeOf = (text) => nodeOfValue(parseExactly(text));

function nodeOfValue(value) {
  if (Array.isArray(value)) return value.map(nodeOfValue);
  if (value !== null && typeof value === 'object') return new Map(Object.entries(value).map(([name, each]) => [name, nodeOfValue(each)]));
  if (typeof value === 'bigint') return String(value);
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

/** Both at once: where both have a map, its entries; else what `over` has. */
export function merged(under, over) {
  if (!(under instanceof Map && over instanceof Map)) return over;
  const both = new Map(under);
  for (const [name, node] of over) both.set(name, both.has(name) ? merged(both.get(name), node) : node);
  return both;
}

/** A NUMERIC without zeros at its end: 1.500000000 -> 1.5. The emulator has 0E-9 for 0. */
export function plainDecimal(numeric) {
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:E(-\d+))?$/.exec(numeric);
  const decimals = fraction.length - Number(exponent ?? 0);
  const digits = (whole + fraction).padStart(decimals + 1, '0');
  const kept = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${sign}${digits.slice(0, digits.length - decimals)}${kept && `.${kept}`}`;
}
