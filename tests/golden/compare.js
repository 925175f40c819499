// Compares two exports, byte for byte but for the times of the host: of a release and the next, when behaviour shall stay as it is.
//
//   node tests/golden/compare.js DIR DIR

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const HOST_TIMES = new Set(['updatedAt', 'processedAt', 'receivedAt', 'recordedAt', 'expireAt', 'dueAt']);

const directories = process.argv.slice(2);
if (directories.length !== 2) throw new Error('usage: node tests/golden/compare.js DIR DIR');
const [before, after] = directories.map(readExport);
const names = [...new Set([...before.keys(), ...after.keys()])].sort();
const different = names.filter((name) => before.get(name) !== after.get(name));
for (const name of different) console.log(`${name}: ${firstDifference(before.get(name), after.get(name))}`);
console.log(`${names.length - different.length} of ${names.length} collections are the same`);
process.exitCode = different.length === 0 ? 0 : 1;

function readExport(directory) {
  const files = readdirSync(directory).filter((name) => name.endsWith('.ndjson'));
  return new Map(files.map((name) => [name, readFileSync(join(directory, name), 'utf8').split('\n').map(masked).join('\n')]));
}

function masked(line) {
  if (line === '') return line;
  const document = JSON.parse(line);
  const isOfOurEvent = document.by?.startsWith('//boma/');
  return JSON.stringify(document, (name, value) => {
    // Thirty days after the host's time; the end of an approval is none, and is left out all the same.
    if (value?.field === 'dueAt') return { ...value, old: 'host time', new: 'host time' };
    if (HOST_TIMES.has(name) || (name === 'at' && isOfOurEvent)) return 'host time';
    if (name === 'outgoing' && value !== '') return Buffer.from(value, 'base64').toString('utf8').replaceAll(/(\\"time\\":\\")[^"\\]*/g, '$1host time');
    return value;
  });
}

function firstDifference(one = '', other = '') {
  const [left, right] = [one.split('\n'), other.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return `${left.length - 1} and ${right.length - 1} documents\n  ${left[at]}\n  ${right[at]}`;
}
