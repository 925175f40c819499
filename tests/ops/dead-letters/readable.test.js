// What strangers wrote, as an operator's terminal gets to see it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { printable, readableBody } from '../../../ops/dead-letters/readable.js';
import { letterLine, refusedLines } from '../../../ops/dead-letters/tables.js';

const lines = (text) => readableBody(Buffer.from(text));

test('JSON is indented and nothing else about it changes: not a key that is there twice, not a number that is too long', () => {
  assert.deepEqual(lines('{"a":1,"a":12345678901234567890.10,"b":[],"c":{},"d":[1,{"e":"x, {y}"}],"__proto__":null}'), [
    '{',
    '  "a": 1,',
    '  "a": 12345678901234567890.10,',
    '  "b": [],',
    '  "c": {},',
    '  "d": [',
    '    1,',
    '    {',
    '      "e": "x, {y}"',
    '    }',
    '  ],',
    '  "__proto__": null',
    '}',
  ]);
});

test('a string keeps its escapes, its quotes and its spaces', () => {
  assert.deepEqual(lines('{ "a" : "say \\"hi\\" \\\\ , \\u00e9" }'), ['{', '  "a": "say \\"hi\\" \\\\ , \\u00e9"', '}']);
});

test('what is not JSON stays as it stands, line by line', () => {
  assert.deepEqual(lines('{"a":1,}\nžluťoučký'), ['{"a":1,}', 'žluťoučký']);
  assert.deepEqual(lines(''), ['']);
});

test('bytes that are no text are shown in hex', () => {
  assert.deepEqual(readableBody(Buffer.from([0xff, 0x41, 0x00])), [`000000  ff 41 00${' '.repeat(40)} .A.`]);
  assert.equal(readableBody(Buffer.alloc(17, 0xff)).length, 2);
});

test('nothing reaches the terminal that could steer it', () => {
  const steering = 'a\u001b[2Jb\u009bc\u202ed\u200be\ufefff\rg\u0000';
  const harmless = 'a\\u001b[2Jb\\u009bc\\u202ed\\u200be\\ufefff\\u000dg\\u0000';
  assert.equal(printable(steering), harmless);
  assert.deepEqual(lines(steering), [harmless]);
  assert.ok(lines('{"a":"\u202e\u009b"}').every((line) => !/[\u202e\u009b]/.test(line)));
  const letter = { id: 'kyc.1', status: 'OPEN', kind: 'CRASHED', replays: 0, reason: `panicked at\n${steering}` };
  assert.equal(letterLine(letter).split('\n').length, 1);
  const said = letterLine(letter) + refusedLines([{ letter, why: steering }]).join('');
  for (const character of ['\u001b', '\u009b', '\u202e']) assert.ok(!said.includes(character));
});
