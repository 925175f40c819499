// What a million changes cost on their way into the warehouse, and there. As in cost.js, every number is in one of two files:
//
//   node bench/warehouse-cost.js bench/cost/warehouse.json bench/cost/prices.json
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { billedSeconds, tableOf } from './cost.js';

const MILLION = 1e6;
const GIB = 2 ** 30;
const TIB = 2 ** 40;

/** The lines of cost.js' table. What is free each month isn't taken off. */
export function costOfChanges({ eventBytes, rowBytes, logs, memoryGib, ...delivery }, prices) {
  const { underLoad } = billedSeconds({ deliveries: 1, ...delivery });
  const line = (what, each, unit, price) => ({ what, much: each * MILLION, unit, price, dollars: each * MILLION * price });
  return [
    line('Eventarc: events of Firestore', 1, 'events', prices.eventarc.millionEvents / MILLION),
    line('Pub/Sub, by which Eventarc carries them: in and out', 2 * eventBytes / TIB, 'TiB', prices.pubsub.tib),
    line('Cloud Run: requests', 1, 'requests', prices.run.request),
    line('Cloud Run: CPU, under load', underLoad, 'vCPU-s', prices.run.vcpuSecond),
    line('Cloud Run: memory, under load', underLoad * memoryGib, 'GiB-s', prices.run.gibSecond),
    line('BigQuery: appended by the Storage Write API', rowBytes / GIB, 'GiB', prices.bigquery.gibAppended),
    line('BigQuery: the history, each month', rowBytes / GIB, 'GiB-months', prices.bigquery.gibMonth),
    line('Logging: our line and Cloud Run\'s', (logs.ourBytes + logs.requestBytes) / GIB, 'GiB', prices.logging.gib),
  ];
}

/** As many changes a month are appended for nothing. */
export const freeChanges = ({ rowBytes }, { bigquery }) => bigquery.freeTibAppended * TIB / rowBytes;

/** What one question costs that looks at the whole history of so many changes, in some of its columns. */
export const queryCost = ({ rowBytes }, { bigquery }, { changes, share }) => changes * rowBytes * share / TIB * bigquery.tibQueried;

export const changesTableOf = (change, prices) => tableOf(costOfChanges(change, prices)).replace('of a million events', 'of a million changes');

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [changeFile, pricesFile] = process.argv.slice(2);
  if (pricesFile === undefined) {
    console.error('node bench/warehouse-cost.js CHANGE.json PRICES.json');
    process.exit(2);
  }
  console.log(changesTableOf(json(changeFile), json(pricesFile)));
}
