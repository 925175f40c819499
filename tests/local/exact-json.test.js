import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { parseExactly } from '../../local/exact-json.js';
import { compareBalances } from '../../local/run/balances.js';
import { exportDocuments } from '../../local/run/export.js';
import { documentsOf } from '../../local/run/recount-files.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-exact-'));
after(() => rmSync(dir, { recursive: true }));

for (const [text, value] of [
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['[-9223372036854775808,9223372036854775807,-1]', [-9223372036854775808n, 9223372036854775807n, -1]],
  ['{"a":"9007199254740993","b\\"9007199254740993":9007199254740993}', { a: '9007199254740993', 'b"9007199254740993': 9007199254740993n }],
  ['{"a":"\\\\","b":9007199254740993}', { a: '\\', b: 9007199254740993n }],
  ['[0.1234567890123456789,1e22,1.5E+300,1234567890123456.5]', [0.12345678901234568, 1e22, 1.5e300, 1234567890123456.5]],
]) {
  test(`${text} loses nothing`, () => assert.deepEqual(parseExactly(text), value));
}

test('what is no JSON is none here', () => assert.throws(() => parseExactly('{9007199254740993}'), SyntaxError));

test('a balance beyond 2^53 goes through an export into the comparison as it is', async () => {
  const integer = (digits) => ({ valueType: 'integerValue', integerValue: digits });
  const map = (fields) => ({ valueType: 'mapValue', mapValue: { fields } });
  const documents = { async* all() { yield { path: 'users/U', fields: { balances: map({ CZK: map({ available: integer('9223372036854775806'), pending: integer('1') }) }) } }; } };
  await exportDocuments(documents, dir);
  const { rows } = await compareBalances(documentsOf(dir, 'users'), new Map());
  assert.equal(rows[0].minor, 9223372036854775807n);
});
