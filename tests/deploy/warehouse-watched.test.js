// Whether the warehouse is watched: that changes of documents and rows are counted as they are, and what they come to.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { alerts } from '../../deploy/watching/alerts/index.js';
import { CHANGES_AND_ROWS, CHANGING, UNKNOWN_FIELDS, metrics } from '../../deploy/watching/metrics.js';
import { entryOf, extracted, logFilter } from './log-filter.js';
import { wholeSystem } from './whole-system.js';

const system = wholeSystem();
const metric = (wanted) => metrics(system).find(({ name }) => name === wanted);
const takes = (name, service, line) => logFilter(metric(name).filter)(entryOf(JSON.stringify({ severity: 'INFO', consumer: service, ...line }), service));
const thresholdOf = (wanted) => alerts(system).find(({ id }) => id === wanted).wanted.conditions[0].conditionThreshold;

test('a row that was appended is counted, and a change without one isn\'t', () => {
  assert.equal(takes(CHANGES_AND_ROWS, 'warehouse', { outcome: 'FINISHED', rows: 1 }), true);
  assert.equal(takes(CHANGES_AND_ROWS, 'warehouse', { outcome: 'FINISHED', rows: 0 }), false);
  assert.equal(takes(CHANGES_AND_ROWS, 'warehouse', { outcome: 'FINISHED' }), false);
  assert.equal(takes(CHANGES_AND_ROWS, 'warehouse', { outcome: 'FAULT' }), false);
});

test('a delivery that changed a document is counted, and no other', () => {
  for (const consumer of CHANGING) {
    assert.equal(takes(CHANGES_AND_ROWS, consumer, { outcome: 'APPLIED' }), true, consumer);
    for (const outcome of ['DUPLICATE', 'IGNORED', 'REFUSED', 'PASSED', 'FAULT']) assert.equal(takes(CHANGES_AND_ROWS, consumer, { outcome }), false, outcome);
  }
  // It writes no document of the warehouse.
  assert.equal(takes(CHANGES_AND_ROWS, 'welcome', { outcome: 'APPLIED' }), false);
  assert.deepEqual(CHANGING.filter((name) => !system.functions.some((one) => one.name === name)), []);
});

test('changes without a row open it, and the first row closes it, also where none ever came', () => {
  const { filter, denominatorFilter, thresholdValue, duration, aggregations: [{ alignmentPeriod }] } = thresholdOf('warehouse-silent');
  // A ratio of no rows to changes would be no data as long as there is no row.
  const isOpen = (changes, rows) => changes / (changes + rows) > thresholdValue;
  assert.deepEqual([isOpen(1, 0), isOpen(1, 1), isOpen(100, 90), isOpen(1_000_000, 0)], [true, false, false, true]);
  for (const consumer of CHANGING) assert.ok(filter.includes(`"${consumer}"`) && !denominatorFilter.includes(consumer), consumer);
  assert.deepEqual([alignmentPeriod, duration], ['3600s', '1200s']);
});

test('a change that waits is seen by the subscription of its trigger, of each trigger by itself', () => {
  const [, pattern] = /full_match\("(.*)"\)$/.exec(thresholdOf('warehouse-behind').filter);
  const isTaken = (name) => new RegExp(`^(?:${pattern})$`).test(name);
  for (const name of ['users', 'transactions', 'leads', 'kyc-cases', 'dead-letters']) assert.ok(isTaken(`eventarc-eur3-boma-warehouse-${name}-sub-123`), name);
  assert.deepEqual(['eventarc-europe-west1-release-123456-sub-123', 'kyc.kyc', 'eventarc-eur3-boma-others-users-sub-1'].filter(isTaken), []);
  assert.deepEqual(thresholdOf('warehouse-behind').aggregations[0].groupByFields, ['resource.label.subscription_id']);
});

test('a field without a column is counted by its name', () => {
  const line = { outcome: 'FINISHED', rows: 1, unknownFields: 'profileData.nickname' };
  assert.equal(takes(UNKNOWN_FIELDS, 'warehouse', line), true);
  assert.equal(takes(UNKNOWN_FIELDS, 'warehouse', { outcome: 'FINISHED', rows: 1 }), false);
  assert.equal(takes(UNKNOWN_FIELDS, 'theirs', line), false);
  assert.equal(extracted(metric(UNKNOWN_FIELDS).labelExtractors.unknownFields, entryOf(JSON.stringify(line), 'warehouse')), 'profileData.nickname');
  assert.deepEqual(thresholdOf('unknown-fields').aggregations[0].groupByFields, ['metric.label.unknownFields']);
});
