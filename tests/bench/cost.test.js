// The estimate's arithmetic, and that docs/operations/cost.md shows what it comes to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { billedSeconds, costOf, tableOf, totalOf } from '../../bench/cost.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const json = (file) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const run = json('bench/cost/bank-1993.json');
const prices = json('bench/cost/prices.json');

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

test('the document shows the table that the numbers come to', () => {
  const document = readFileSync(join(ROOT, 'docs/operations/cost.md'), 'utf8');
  assert.ok(document.includes(tableOf(costOf(run, prices))), tableOf(costOf(run, prices)));
  const said = execFileSync(process.execPath, ['bench/cost.js', 'bench/cost/bank-1993.json', 'bench/cost/prices.json'], { cwd: ROOT, encoding: 'utf8' });
  const [, alone] = /\$([\d.]+) more/.exec(said);
  assert.ok(document.includes(`$${alone}`), alone);
});
