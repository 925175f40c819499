// Feeds the recount: reads the input files and the exported files once more.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLines, parseEvent } from '../replay/events-file.js';
import { bodyHash, followUpsOf } from '../replay/follow-ups.js';
import { recount } from './recount.js';

export async function recountFiles({ files, exportDir, topicOf, consumersOf }) {
  const sent = [];
  for (const file of files) {
    for await (const { bytes } of readLines(file)) {
      const { unreadable, id, type } = parseEvent(bytes, topicOf);
      if (!unreadable) sent.push({ id, type, hash: bodyHash(bytes) });
    }
  }
  const records = new Map();
  for await (const { id, outcome, outgoing } of documentsOf(exportDir, 'processed_events')) {
    const bytesValue = Buffer.from(outgoing ?? '', 'base64');
    records.set(id, { outcome, followUps: followUpsOf({ outgoing: { bytesValue } }) });
  }
  const letters = new Map();
  for await (const { id, eventId } of documentsOf(exportDir, 'dead_letters')) letters.set(id, { eventId });
  return recount({ sent, records, letters, consumersOf });
}

/** The exported documents of a collection; none if there is no such file. */
export async function* documentsOf(exportDir, collection) {
  const file = join(exportDir, `${collection}.ndjson`);
  if (!existsSync(file)) return;
  for await (const { bytes } of readLines(file)) yield JSON.parse(bytes.toString('utf8'));
}
