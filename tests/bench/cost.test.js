// The estimate's arithmetic, and that docs/operations/cost.md shows what it comes to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { alertsMonth, billedSeconds, costOf, inOneRegion, rpcsOf, rpcsText, tableOf, totalOf } from '../../bench/cost.js';
import { alerts } from '../../deploy/watching/alerts/index.js';
import { changesTableOf, costOfChanges, freeChanges, queryCost } from '../../bench/warehouse-cost.js';
import { costOfPulse, pageDay, pulseTableOf } from '../../bench/pulse-cost.js';
import { NOT_POSTED } from '../../deploy/watching/metrics.js';
import { wholeSystem } from '../deploy/whole-system.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const json = (file) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const run = json('bench/cost/bank-1993.json');
const prices = json('bench/cost/prices.json');
const change = json('bench/cost/warehouse.json');
const pulse = json('bench/cost/pulse.json');

test('twice the reads cost twice, and nothing else changes', () => {
  const twice = structuredClone(run);
  twice.rpcs.BatchGetDocuments.items *= 2;
  const [before, after] = [run, twice].map((each) => costOf(each, prices));
  assert.equal(after[0].dollars, 2 * before[0].dollars);
  assert.deepEqual(after.slice(1), before.slice(1));
});

test('the cost of a million doesn\'t depend on how many were counted', () => {
  const hundredfold = structuredClone(run);
  for (const of of [hundredfold, hundredfold.pubsub, hundredfold.storage, ...Object.values(hundredfold.rpcs)]) {
    for (const name of ['events', 'deliveries', 'records', 'published', 'staysBytes', 'calls', 'items']) if (of[name]) of[name] *= 100;
  }
  assert.ok(Math.abs(totalOf(costOf(hundredfold, prices)) - totalOf(costOf(run, prices))) < 1e-9);
});

test('under load a delivery pays for its share of an instance, alone for 100 ms at least', () => {
  const { underLoad, alone } = billedSeconds({ deliveries: 1_000, concurrency: 16, latencyMs: 80, cpuMs: 2 });
  assert.deepEqual([underLoad, alone], [5, 100]);
  assert.equal(billedSeconds({ deliveries: 1_000, concurrency: 16, latencyMs: 16, cpuMs: 2 }).underLoad, 2, 'its CPU is the bound');
});

test('one region changes Firestore\'s lines, and no other', () => {
  const [several, one] = [prices, inOneRegion(prices)].map((each) => costOf(run, each));
  several.forEach(({ what, dollars }, index) => assert.equal(one[index].dollars < dollars, what.startsWith('Firestore'), what));
});

test('every price says which page it is from, and how it came here', () => {
  for (const [name, price] of Object.entries(prices).filter(([, each]) => typeof each === 'object')) {
    assert.match(price.page, /^https:\/\//, name);
    assert.ok(price.from, name);
  }
});

test('what alerts will cost is a condition\'s price and a point\'s', () => {
  assert.equal(alertsMonth({ conditions: 2, series: 0 }, { alerting: { referenceMonth: 3, evaluationsMonth: 10, millionPoints: 7 } }), 6);
  assert.equal(alertsMonth({ conditions: 0, series: 4 }, { alerting: { referenceMonth: 3, evaluationsMonth: 500_000, millionPoints: 7 } }), 14);
});

const document = readFileSync(join(ROOT, 'docs/operations/cost.md'), 'utf8');

test('the memory that is counted is what the functions are deployed with', () => {
  for (const { name, memory } of wholeSystem().functions) assert.equal(memory, `${run.memoryGib * 1024}Mi`, name);
});

test('the document says how many calls a million events make, what one region costs, and of when the prices are', () => {
  assert.ok(document.replaceAll('\n', ' ').includes(rpcsText(rpcsOf(run))), rpcsText(rpcsOf(run)));
  const { location } = prices.firestoreInOneRegion;
  const total = totalOf(costOf(run, inOneRegion(prices))).toFixed(2);
  assert.ok(document.includes(`in ${location} it is $${total}`), total);
  assert.ok(document.includes(prices.asOf));
});

/** The most that a condition can return: one for each function or subscription that it groups by, or for each way in which a fact isn't posted. */
function seriesOf({ conditionThreshold: { filter, aggregations: [{ groupByFields }] } }, { functions, factsAboutMoney }) {
  if (groupByFields.includes('metric.label.type')) return factsAboutMoney.length * NOT_POSTED.length;
  const [, names] = /(?:service_name|subscription_id) = (?:one_of\()?("[^)]*")/.exec(filter) ?? [];
  // Of fields that have no column there are none, mostly.
  const [, triggers] = /full_match\("eventarc-\.\*-\(([^)]*)\)/.exec(filter) ?? [];
  if (triggers !== undefined) return triggers.split('|').length;
  if (groupByFields.length === 0 || groupByFields.includes('metric.label.unknownFields')) return 1;
  return names === undefined ? functions.length : names.split(', ').length;
}

test('the document says what this tree\'s alerts will cost, and what is free of the rest', () => {
  const system = wholeSystem();
  const conditions = alerts(system).flatMap(({ wanted }) => wanted.conditions);
  const series = conditions.reduce((sum, condition) => sum + seriesOf(condition, system), 0);
  const month = alertsMonth({ conditions: conditions.length, series }, prices).toFixed(2);
  const { alerting, artifactRegistry, build } = prices;
  for (const said of [
    `not before ${alerting.notBefore}`, `at most $${month} a month: ${conditions.length} conditions at $${alerting.referenceMonth}`, `${series} time series`,
    `$${alerting.millionPoints.toFixed(2)} a million`, `$${artifactRegistry.gbMonth.toFixed(2)} a GB and month beyond ${artifactRegistry.freeGb} GB`,
    `${build.freeMinutesMonth.toLocaleString('en-US')} build-minutes`,
  ]) assert.ok(document.includes(said), said);
});

test('rows of twice the size cost twice in BigQuery, and nothing else', () => {
  const [before, after] = [change, { ...change, rowBytes: 2 * change.rowBytes }].map((each) => costOfChanges(each, prices));
  before.forEach(({ what, dollars }, index) => assert.equal(after[index].dollars, what.startsWith('BigQuery') ? 2 * dollars : dollars, what));
});

test('the document shows what a million changes cost, how many are free, and what a question costs', () => {
  for (const said of [
    changesTableOf(change, prices), `${(freeChanges(change, prices) / 1e9).toFixed(1)} billion changes`, `$${prices.bigquery.tibQueried} for each TiB`,
    `$${queryCost(change, prices, { changes: 1e7, share: 1 }).toFixed(2)}`,
  ]) assert.ok(document.includes(said), said);
  const said = execFileSync(process.execPath, ['bench/warehouse-cost.js', 'bench/cost/warehouse.json', 'bench/cost/prices.json'], { cwd: ROOT, encoding: 'utf8' });
  assert.equal(said.trim(), changesTableOf(change, prices));
});

test('twice the changes cost nothing more in Firestore, and no more of an instance', () => {
  const [before, after] = [pulse, { ...pulse, changesPerSecond: 2 * pulse.changesPerSecond }].map((each) => costOfPulse(each, prices));
  assert.deepEqual(after.map(({ what, dollars }, index) => [what, dollars > before[index].dollars]).filter(([, more]) => !more).map(([what]) => what.split(/[:,]/)[1].trim()), [
    'documents written', 'documents that expire', 'CPU', 'memory',
  ]);
});

test('the document shows what the operators\' sums cost, a million changes and a page\'s day, of which there is a tenth of a dollar at most', () => {
  const dollars = totalOf(costOfPulse(pulse, prices));
  const day = pageDay(pulse, prices);
  for (const said of [
    pulseTableOf(pulse, prices), `$${(dollars * 1e6 / (pulse.changesPerSecond * 3_600)).toFixed(2)} a million changes`,
    `${day.reads.toLocaleString('en-US')} reads: $${day.dollars.toFixed(2)}`,
  ]) assert.ok(document.includes(said), said);
  assert.ok(day.dollars <= 0.1);
  const said = execFileSync(process.execPath, ['bench/pulse-cost.js', 'bench/cost/pulse.json', 'bench/cost/prices.json'], { cwd: ROOT, encoding: 'utf8' });
  assert.equal(said.trim(), pulseTableOf(pulse, prices));
});

test('the document shows the table that the numbers come to', () => {
  assert.ok(document.includes(tableOf(costOf(run, prices))), tableOf(costOf(run, prices)));
  const said = execFileSync(process.execPath, ['bench/cost.js', 'bench/cost/bank-1993.json', 'bench/cost/prices.json'], { cwd: ROOT, encoding: 'utf8' });
  const [, alone] = /\$([\d.]+) more/.exec(said);
  assert.ok(document.includes(`$${alone}`), alone);
});
