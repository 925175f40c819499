// What backfill and reconcile would read, append and cost: each collection is counted, and a sample of it read.
import { presentSql } from '../../analytics/latest.js';
import { DATASET } from '../../analytics/resources.js';
import { readTables } from '../../analytics/tables.js';
import { dollarsOfAppended, dollarsOfQuery, dollarsOfReads, dollarsOfStorageMonth, readsOfCount } from './prices.js';
import { rangesOf } from './ranges.js';

const SAMPLES = 4;
const SAMPLE_DOCUMENTS = 75;

/**
 * All as of one moment: { readAt, collections: [{ collection, table, documents, sampled, rowBytes, bytes, reads, queryBytes, dollars }], total, own: { reads, dollars } }.
 * `dollars`: { reads, append, storageMonth, query, backfill, reconcile }, the last two of one run each.
 */
export async function estimated({ count, page, client, project, consumers }) {
  const collections = [];
  const own = { reads: 0, dollars: 0 };
  let readAt;
  for (const table of readTables()) {
    const counted = await count(table.collection, readAt);
    const { documents } = counted;
    readAt ??= counted.readAt;
    const sample = await sampleOf(table.collection, { documents, readAt, page, consumers });
    own.reads += readsOfCount(documents) + sample.reads;
    collections.push(await figures({ table, readAt, documents, sample, client, project }));
  }
  own.dollars = dollarsOfReads(own.reads);
  return { readAt, collections, total: totalOf(collections), own };
}

/** Some documents from a few places. Ids are random, so these are any of them. */
async function sampleOf(collection, { documents, readAt, page, consumers }) {
  const sample = { documents: 0, bytes: 0, reads: 0 };
  if (documents === 0) return sample;
  const ranges = rangesOf(collection, { documents, consumers });
  const step = Math.ceil(ranges.length / SAMPLES);
  for (const { after, upTo } of ranges.filter((_, index) => index % step === 0)) {
    const limit = ranges.length === 1 ? SAMPLES * SAMPLE_DOCUMENTS : SAMPLE_DOCUMENTS;
    const { read, bytes, reads } = await page({ collection, after, upTo, readAt, limit, append: 'none' });
    sample.documents += read;
    sample.bytes += bytes;
    sample.reads += reads;
  }
  return sample;
}

async function figures({ table, readAt, documents, sample, client, project }) {
  const rowBytes = sample.documents === 0 ? 0 : Math.round(sample.bytes / sample.documents);
  const bytes = rowBytes * documents;
  const reads = Math.max(1, documents);
  // The emulator counts none: then it is as if each document had one row.
  const queryBytes = (await client.processedBytes(presentSql(table, { project, dataset: DATASET, until: readAt }))) || bytes;
  const dollars = { reads: dollarsOfReads(reads), append: dollarsOfAppended(bytes), storageMonth: dollarsOfStorageMonth(bytes), query: dollarsOfQuery(queryBytes) };
  return {
    collection: table.collection, table, documents, sampled: sample.documents, rowBytes, bytes, reads, queryBytes,
    dollars: { ...dollars, backfill: dollars.reads + dollars.append, reconcile: dollars.reads + dollars.query },
  };
}

function totalOf(collections) {
  const sum = (of) => collections.reduce((whole, each) => whole + of(each), 0);
  const names = ['reads', 'append', 'storageMonth', 'query', 'backfill', 'reconcile'];
  return {
    documents: sum((each) => each.documents), sampled: sum((each) => each.sampled), bytes: sum((each) => each.bytes),
    reads: sum((each) => each.reads), queryBytes: sum((each) => each.queryBytes),
    dollars: Object.fromEntries(names.map((name) => [name, sum(({ dollars }) => dollars[name])])),
  };
}
