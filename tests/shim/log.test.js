import assert from 'node:assert/strict';
import { test } from 'node:test';

import { line } from '../../shim/log.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const measured = { durationMs: 12, project: 'p' };

test('a line is in the form of Cloud Logging', () => {
  const log = { consumer: 'c', eventId: 'e', type: 'T', attempt: 2, traceparent };
  assert.deepEqual(JSON.parse(line({ outcome: 'APPLIED', severity: 'INFO', log }, measured)), {
    severity: 'INFO',
    message: 'APPLIED T e',
    outcome: 'APPLIED',
    consumer: 'c',
    eventId: 'e',
    type: 'T',
    attempt: 2,
    durationMs: 12,
    'logging.googleapis.com/trace': 'projects/p/traces/0af7651916cd43dd8448eb211c80319c',
    'logging.googleapis.com/spanId': 'b7ad6b7169203331',
    'logging.googleapis.com/trace_sampled': true,
  });
});

test('the reason stands in the message, and no line breaks the line', () => {
  const text = line({ outcome: 'MALFORMED', severity: 'WARNING', log: { consumer: 'c', reason: 'a\nb' } }, measured);
  assert.ok(!text.includes('\n'));
  assert.equal(JSON.parse(text).message, 'MALFORMED: a\nb');
});

test('a traceparent that is none is left out', () => {
  for (const bad of ['', 'x', '00-short-b7ad6b7169203331-01', undefined]) {
    const fields = JSON.parse(line({ outcome: 'APPLIED', severity: 'INFO', log: { traceparent: bad } }, measured));
    assert.deepEqual(Object.keys(fields).sort(), ['durationMs', 'message', 'outcome', 'severity']);
  }
});

test('a field of the Wasm takes no place of the host', () => {
  const log = { severity: 'DEBUG', outcome: 'X', durationMs: 0, message: 'x' };
  const fields = JSON.parse(line({ outcome: 'APPLIED', severity: 'INFO', log }, measured));
  assert.deepEqual(fields, { severity: 'INFO', message: 'APPLIED', outcome: 'APPLIED', durationMs: 12 });
});
