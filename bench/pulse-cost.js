// What the operators' sums cost in an hour, and what a page that is open a day reads of them. As in cost.js, every number is in one of two files:
//
//   node bench/pulse-cost.js bench/cost/pulse.json bench/cost/prices.json
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { tableOf } from './cost.js';

const SECONDS = 3_600;
const GIB = 2 ** 30;
const TIB = 2 ** 40;

/** The lines of cost.js' table, of one hour. */
export function costOfPulse({ changesPerSecond, writesPerHour, documentsPerHour, documentsExpiredPerHour, instances, eventBytes, memoryGib, logs }, prices) {
  const changes = changesPerSecond * SECONDS;
  const line = (what, much, unit, price) => ({ what, much, unit, price, dollars: much * price });
  return [
    line('Firestore: documents written', documentsPerHour, 'writes', prices.firestore.write),
    line('Firestore: documents that expire', documentsExpiredPerHour, 'deletes', prices.firestore.delete),
    line('Pub/Sub, by which Eventarc carries the changes: in and out', 2 * changes * eventBytes / TIB, 'TiB', prices.pubsub.tib),
    line('Cloud Run: requests', changes, 'requests', prices.run.request),
    line('Cloud Run: CPU, of instances that always have a request', instances * SECONDS, 'vCPU-s', prices.run.vcpuSecond),
    line('Cloud Run: memory, of the same', instances * SECONDS * memoryGib, 'GiB-s', prices.run.gibSecond),
    line('Logging: our line of a write, Cloud Run\'s of a request', (writesPerHour * logs.ourBytesPerWrite + changes * logs.requestBytes) / GIB, 'GiB', prices.logging.gib),
  ];
}

/** A listener is told of each document that is written, and at its opening of those that are there. */
export function pageDay({ documentsPerHour, page: { hours, openings, documentsAtOpening } }, { firestore }) {
  const reads = documentsPerHour * hours + openings * documentsAtOpening;
  return { reads, dollars: reads * firestore.read };
}

export const pulseTableOf = (pulse, prices) => tableOf(costOfPulse(pulse, prices)).replace('of a million events', `of an hour, at ${pulse.changesPerSecond} changes a second`);

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [pulseFile, pricesFile] = process.argv.slice(2);
  if (pricesFile === undefined) {
    console.error('node bench/pulse-cost.js PULSE.json PRICES.json');
    process.exit(2);
  }
  console.log(pulseTableOf(json(pulseFile), json(pricesFile)));
}
