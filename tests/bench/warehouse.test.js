// The benchmark of the warehouse, as far as it needs none of the peers' packages.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readTables } from '../../analytics/tables.js';
import { median, sharesOf, tableOf } from '../../bench/warehouse/figures.js';
import { rowOf } from '../../bench/warehouse/peers/typed-row.js';

const contender = (name, cpuMs) => ({ name, rssMb: 100.4, modes: [{ mode: 'alone', cpuMs, rowsPerSecond: 512.3 }] });

test('a median is the middle one, or between the two', () => {
  assert.deepEqual([median([3, 10, 1]), median([4, 1, 3, 2])], [3, 2.5]);
});

test('our share is of the peer that takes least', () => {
  assert.deepEqual(sharesOf([contender('ours', 0.5), contender('one', 2), contender('other', 1)]), [{ mode: 'alone', share: 0.5 }]);
});

test('the table says when, where and how', () => {
  const run = { at: '2026-11-28T08:00:00.000Z', machine: '2 x CPU', node: 'v24.1.0', rounds: 5, rows: 2000, equalRows: 38, contenders: [contender('ours', 0.5), contender('one', 1)], frameworkAlone: contender('framework', 0.1) };
  assert.equal(tableOf(run), `2026-11-28T08:00:00.000Z, 2 x CPU, Node v24.1.0: medians of 5 rounds of 2000 rows; 38 rows at the emulator were equal.

|  | CPU-ms per row, alone | rows per s, alone | RSS, MB |
| --- | --- | --- | --- |
| ours | 0.50 | 512 | 100 |
| one | 1.00 | 512 | 100 |
| framework | 0.10 | 512 | 100 |

Ours as a share of the better peer's CPU: alone 0.50.`);
});

// What the emulator compares in each run, kept here so that a peer isn't made to do less.
test('a peer\'s row is typed, and loses nothing', () => {
  const known = (columns) => ({ list: columns.map((column) => ({ ...column, fields: column.fields && known(column.fields) })), names: new Set(columns.map(({ name }) => name)) });
  const file = readTables().find(({ collection }) => collection === 'transactions');
  const value = (valueType, content) => ({ valueType, [valueType]: content });
  const amount = value('integerValue', 9_223_372_036_854_775_807n);
  const fields = {
    amount, currency: value('stringValue', 'KWD'), status: value('stringValue', 'SETTLED'), method: value('integerValue', 7n), nickname: value('stringValue', 'Žo'),
    postings: value('arrayValue', { values: [value('mapValue', { fields: { account: value('stringValue', 'available'), amount: value('integerValue', -5n) } })] }),
  };
  const form = { int: String, time: ({ seconds }) => `${seconds}`, now: () => 'now' };
  const change = { id: 'a', after: { fields, updateTime: { seconds: 1, nanos: 5_000 } } };
  assert.deepEqual(rowOf({ ...file, columns: known(file.columns) }, change, form), {
    id: 'a', version: '1000005', deleted: false, change_time: '1', ingested_at: 'now', new_status: 'SETTLED',
    amount: '9223372036854775.807', currency: 'KWD', status: 'SETTLED', postings: [{ account: 'available', amount: '-0.005' }],
    rest: '{"method":7,"nickname":"Žo"}',
  });
});
