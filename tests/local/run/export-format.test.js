import assert from 'node:assert/strict';
import test from 'node:test';
import { documentLine, jsonOf, timestampText } from '../../../local/run/export-format.js';
import { collectionAndId } from '../../../local/run/export.js';

const integer = (digits) => ({ valueType: 'integerValue', integerValue: digits });
const string = (text) => ({ valueType: 'stringValue', stringValue: text });
const map = (fields) => ({ valueType: 'mapValue', mapValue: { fields } });

for (const [what, value, text] of [
  ['an integer beyond 2^53', integer('9007199254740993'), '9007199254740993'],
  ['the largest int64', integer('9223372036854775807'), '9223372036854775807'],
  ['the smallest int64', integer('-9223372036854775808'), '-9223372036854775808'],
  ['bytes', { valueType: 'bytesValue', bytesValue: Buffer.from([0, 255, 1]) }, '"AP8B"'],
  ['no bytes', { valueType: 'bytesValue', bytesValue: Buffer.alloc(0) }, '""'],
  ['null', { valueType: 'nullValue', nullValue: 'NULL_VALUE' }, 'null'],
  ['false', { valueType: 'booleanValue', booleanValue: false }, 'false'],
  ['a double', { valueType: 'doubleValue', doubleValue: 0.5 }, '0.5'],
  ['a double that JSON has no word for', { valueType: 'doubleValue', doubleValue: Number.NaN }, '"NaN"'],
  ['text with quotes and a line break', string('a"\n\u2028'), '"a\\"\\n\u2028"'],
  ['an empty list', { valueType: 'arrayValue', arrayValue: { values: [] } }, '[]'],
  ['a list', { valueType: 'arrayValue', arrayValue: { values: [integer('1'), string('b')] } }, '[1,"b"]'],
  ['an empty map', map({}), '{}'],
  ['a map, sorted', map({ b: integer('2'), a: map({ d: integer('4'), c: integer('3') }) }), '{"a":{"c":3,"d":4},"b":2}'],
]) {
  test(`${what} is written as ${text.slice(0, 30)}`, () => assert.equal(jsonOf(value), text));
}

test('a value of an unknown kind is an error, not a gap', () => {
  assert.throws(() => jsonOf({ valueType: 'vectorValue' }), /vectorValue/);
});

for (const [timestamp, text] of [
  [{ seconds: '0', nanos: 0 }, '1970-01-01T00:00:00.000000Z'],
  [{ seconds: '725875200', nanos: 1000 }, '1993-01-01T08:00:00.000001Z'],
  [{ seconds: '-1', nanos: 999_999_000 }, '1969-12-31T23:59:59.999999Z'],
  [{ seconds: '253402300799', nanos: 999_999_999 }, '9999-12-31T23:59:59.999999Z'],
]) {
  test(`the time ${text}`, () => assert.equal(timestampText(timestamp), text));
}

test('a line begins with the id, and equal documents are equal lines', () => {
  const line = documentLine('x"y', { b: integer('2'), a: integer('1') });
  assert.equal(line, '{"id":"x\\"y","a":1,"b":2}\n');
  assert.equal(documentLine('x"y', { a: integer('1'), b: integer('2') }), line);
  assert.equal(documentLine('empty', {}), '{"id":"empty"}\n');
});

test('a subcollection has its own file, with the whole path as id', () => {
  assert.deepEqual(collectionAndId('users/U'), { collection: 'users', id: 'U' });
  assert.deepEqual(collectionAndId('users/U/timeline/T'), { collection: 'users.timeline', id: 'users/U/timeline/T' });
});
