// queries.json has the queries that the page makes, and no other: each may cost an index.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../console/', import.meta.url);
const listed = JSON.parse(readFileSync(new URL('queries.json', ROOT), 'utf8'));
const sources = readdirSync(new URL('src/', ROOT), { recursive: true }).filter((name) => name.endsWith('.ts')).map((name) => ({ name, text: readFileSync(new URL(`src/${name}`, ROOT), 'utf8') }));

test('each listed query is made, and each made is listed', () => {
  const made = sources.flatMap(({ text }) => [...text.matchAll(/(?:\.query\(|named\([\w.]+, |counted\()'([^']+)'/g)].map(([, name]) => name));
  assert.deepEqual([...new Set(made)].sort(), listed.map(({ name }) => name).sort());
});

test('each is bounded by 50 documents', () => {
  for (const { name, limit } of listed) assert.ok(limit >= 1 && limit <= 50, name);
});

test('one file makes queries, and one opens listeners', () => {
  const using = (pattern) => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
  assert.deepEqual(using(/\bwhere\(|\borderBy\(/), ['queries.ts']);
  assert.deepEqual(using(/\bonSnapshot\(/), ['listeners.ts']);
});

test('nothing is written from the page, and no text is taken for markup', () => {
  for (const { name, text } of sources) assert.doesNotMatch(text, /\b(?:setDoc|addDoc|updateDoc|deleteDoc|writeBatch|runTransaction|innerHTML|unsafeHTML|unsafeSVG|insertAdjacentHTML|eval)\b/, name);
});
