// What a million events cost at list price, from what a run was counted to do. Every number that goes in is in one of two files,
// so that anybody can put in his own:
//
//   node bench/cost.js bench/cost/bank-1993.json bench/cost/prices.json
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MILLION = 1e6;
const GIB = 2 ** 30;
const TIB = 2 ** 40;
const DAYS_PER_MONTH = 30;

/** [{ what, much, unit, price, dollars }]; `much` is of a million events from outside, with all that follows from them. */
export function costOf(run, prices) {
  const perEvent = (count) => count / run.events;
  const { deliveries, concurrency, latencyMs, cpuMs, memoryGib, rpcs, pubsub, storage, logs } = run;
  const billed = billedSeconds({ deliveries: perEvent(deliveries), concurrency, latencyMs, cpuMs });
  const line = (what, each, unit, price) => ({ what, much: each * MILLION, unit, price, dollars: each * MILLION * price });
  return [
    line('Firestore: documents read', perEvent(rpcs.BatchGetDocuments.items), 'reads', prices.firestore.read),
    line('Firestore: documents written', perEvent(rpcs.Commit.items), 'writes', prices.firestore.write),
    line('Firestore: records that expire', perEvent(run.records), 'deletes', prices.firestore.delete),
    line('Firestore: records, kept for 45 days', perEvent(run.records) * storage.recordBytes / GIB * (storage.recordDays / DAYS_PER_MONTH), 'GiB-months', prices.firestore.gibMonth),
    line('Firestore: what stays, each month', perEvent(storage.staysBytes) / GIB, 'GiB-months', prices.firestore.gibMonth),
    line('Pub/Sub: published and delivered', (perEvent(pubsub.published) + perEvent(deliveries)) * Math.max(pubsub.messageBytes, pubsub.leastBytes) / TIB, 'TiB', prices.pubsub.tib),
    line('Pub/Sub: kept on the topics for 31 days', perEvent(pubsub.published) * pubsub.messageBytes / GIB * (31 / DAYS_PER_MONTH), 'GiB-months', prices.pubsub.keptGibMonth),
    line('Cloud Run: requests', perEvent(deliveries), 'requests', prices.run.request),
    line('Cloud Run: CPU, under load', billed.underLoad, 'vCPU-s', prices.run.vcpuSecond),
    line('Cloud Run: memory, under load', billed.underLoad * memoryGib, 'GiB-s', prices.run.gibSecond),
    line('Logging: our line and Cloud Run\'s', perEvent(deliveries) * (logs.ourBytes + logs.requestBytes) / GIB, 'GiB', prices.logging.gib),
  ];
}

/**
 * An instance is paid for while it has any request. Under load it always has as many as it may, and then either its CPU or its
 * places are full; each alone, a delivery pays for its whole length, and for 100 ms at least.
 */
export function billedSeconds({ deliveries, concurrency, latencyMs, cpuMs }) {
  return {
    underLoad: deliveries * Math.max(cpuMs, latencyMs / concurrency) / 1_000,
    alone: deliveries * Math.max(latencyMs, 100) / 1_000,
  };
}

/** What CPU and memory cost beyond that, where no two deliveries meet in one instance. */
export function extraAlone(run, prices) {
  const { underLoad, alone } = billedSeconds({ ...run, deliveries: run.deliveries / run.events });
  return (alone - underLoad) * MILLION * (prices.run.vcpuSecond + run.memoryGib * prices.run.gibSecond);
}

/** The same with Firestore in one region. */
export const inOneRegion = (prices) => ({ ...prices, firestore: prices.firestoreInOneRegion });

/** [{ method, much }]: how many calls a million events make. Google doesn't charge for them; they are what the latency consists of. */
export const rpcsOf = (run) => Object.entries(run.rpcs).map(([method, { calls }]) => ({ method, much: calls / run.events * MILLION }));

/** A month of alerts: each condition names one metric, and each of its time series is a point at each evaluation. */
export const alertsMonth = ({ conditions, series }, { alerting }) => (
  conditions * alerting.referenceMonth + series * alerting.evaluationsMonth / MILLION * alerting.millionPoints
);

export const totalOf = (lines) => lines.reduce((sum, { dollars }) => sum + dollars, 0);

/** As a table of Markdown. */
export function tableOf(lines) {
  const rows = lines.map(({ what, much, unit, price, dollars }) => `| ${what} | ${rounded(much)} ${unit} | ${plain(price)} | ${dollars.toFixed(2)} |`);
  return ['| what | of a million events | $ each | $ |', '|---|---:|---:|---:|', ...rows, `| **together** | | | **${totalOf(lines).toFixed(2)}** |`].join('\n');
}

/** "1,090,000 Commit and 69,700 Publish, 1,160,000 together". */
export function rpcsText(rpcs) {
  const all = rpcs.map(({ method, much }) => `${rounded(much)} ${method}`);
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}, ${rounded(rpcs.reduce((sum, { much }) => sum + much, 0))} together`;
}

/** 6e-7 is hard to read. */
const plain = (price) => price.toFixed(7).replace(/\.?0+$/, '');
const rounded = (value) => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [runFile, pricesFile] = process.argv.slice(2);
  if (pricesFile === undefined) {
    console.error('node bench/cost.js RUN.json PRICES.json');
    process.exit(2);
  }
  const [run, prices] = [json(runFile), json(pricesFile)];
  console.log(tableOf(costOf(run, prices)));
  console.log(`\nEach delivery alone in its instance: $${extraAlone(run, prices).toFixed(2)} more.`);
  console.log(`Firestore in ${prices.firestoreInOneRegion.location} alone: $${totalOf(costOf(run, inOneRegion(prices))).toFixed(2)} together.`);
  console.log(`RPCs: ${rpcsText(rpcsOf(run))}.`);
}
