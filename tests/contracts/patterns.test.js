// The schemas' patterns in other dialects than JavaScript's, whose validators compile them as they stand. Python is there to be asked.
// Of the others a test reads which signs they agree on: Go has no \u and Java no \u{}.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const CONTRACTS = new URL('../../contracts/', import.meta.url);
const json = (path) => JSON.parse(readFileSync(new URL(path, CONTRACTS), 'utf8'));

const files = readdirSync(new URL('schemas/', CONTRACTS));
const patterns = [...new Set(files.flatMap((name) => patternsIn(json(`schemas/${name}`))))];
// A character on each side of the bounds of classes, in each place of an address or a name.
const bounds = [0, 0x1F, 0x20, 0x7E, 0x7F, 0x9F, 0xA0, 0xA1, 0xAD, 0x180F, 0x1810, 0x202E, 0x202F, 0x2066, 0xD7FF, 0xE000, 0xFFFB, 0xFFFC, 0x1BC9F, 0x1BCA0, 0x1BCA3, 0x1BCA4, 0xDFFFF, 0xE0000, 0xE0FFF, 0xE1000, 0x10FFFF];
const texts = [
  ...json('tests/values.json').filter((value) => typeof value === 'string'),
  ...bounds.map((code) => String.fromCodePoint(code)).flatMap((c) => [c, `${c}${c}`, `a${c}@b.cz`, `"a${c}b"@b.cz`, `a@b${c}.cz`, `a@b.${c}`, `Ada${c}L`]),
  `${'😀'.repeat(64)}@b.cz`, `${'😀'.repeat(65)}@b.cz`, `a@${'ř'.repeat(63)}.cz`, `a@${'ř'.repeat(64)}.cz`,
].filter((text) => !text.endsWith('\n')); // Python's $ is also before a last newline.

const PYTHON = `
import json, re, sys
given = json.load(sys.stdin)
answers = []
for pattern in given['patterns']:
    try:
        compiled = re.compile(pattern)
        answers.append([bool(compiled.search(text)) for text in given['texts']])
    except re.error as error:
        answers.append(str(error))
json.dump(answers, sys.stdout)
`;

function patternsIn(schema) {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'examples') return [];
    return key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value);
  });
}

test('each pattern takes in Python what it takes in JavaScript', () => {
  const answers = JSON.parse(execFileSync('python3', ['-W', 'error', '-c', PYTHON], { encoding: 'utf8', input: JSON.stringify({ patterns, texts }), env: { ...process.env, PYTHONIOENCODING: 'utf-8' } }));
  let [taken, refused] = [0, 0];
  patterns.forEach((pattern, index) => {
    assert.ok(Array.isArray(answers[index]), `${pattern.slice(0, 40)}: ${answers[index]}`);
    const compiled = new RegExp(pattern, 'u');
    texts.forEach((text, of) => {
      assert.equal(answers[index][of], compiled.test(text), `${JSON.stringify(text)} by ${pattern.slice(0, 40)}`);
      if (answers[index][of]) taken += 1;
      else refused += 1;
    });
  });
  assert.ok(patterns.length >= 15 && taken > 200 && refused > 1000, `${patterns.length} patterns, ${taken} taken, ${refused} refused`);
});

test('no pattern has an escape or a group that only some dialects know', () => {
  for (const pattern of patterns) {
    const escapes = pattern.match(/\\(?:x[0-9A-F]{2}|.)/gsu) ?? [];
    for (const escape of escapes) assert.match(escape, /^\\(?:x[0-7][0-9A-F]|[sS]|[^0-9A-Za-z])$/, pattern.slice(0, 60));
    assert.doesNotMatch(pattern, /\(\?(?!:)/, pattern.slice(0, 60));
  }
});

test('the files of the schemas are ASCII: nothing in them is invisible, or turns the direction of its line', () => {
  for (const name of files) assert.match(readFileSync(new URL(`schemas/${name}`, CONTRACTS), 'utf8'), /^[\n -~]*$/, name);
});
