// Feeds the recount: reads the input files and the exported files once more.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseExactly } from '../exact-json.js';
import { readLines, parseEvent } from '../replay/events-file.js';
import { bodyHash, followUpsOf } from '../replay/follow-ups.js';
import { recount } from './recount.js';

const BEGINNING_BYTES = 256 * 1024;

/** What recount() says, and `subjects`: whom the files' events are about. */
export async function recountFiles({ files, exportDir, topicOf, consumersOf }) {
  const sent = [];
  const subjects = new Set();
  for (const file of files) {
    for await (const { bytes } of readLines(file)) {
      const { unreadable, id, type, key } = parseEvent(bytes, topicOf);
      if (unreadable) continue;
      sent.push({ id, type, hash: beginningHash(bytes) });
      subjects.add(key);
    }
  }
  const records = new Map();
  for await (const { id, outcome, outgoing } of documentsOf(exportDir, 'processed_events')) {
    const bytesValue = Buffer.from(outgoing ?? '', 'base64');
    records.set(id, { outcome, followUps: followUpsOf({ outgoing: { bytesValue } }) });
  }
  const letters = new Map();
  for await (const { id, consumer, eventId, kind, reason, receivedAt, status, awaits, ...letter } of documentsOf(exportDir, 'dead_letters')) {
    const key = `${consumer}.${beginningHash(dataOf(letter))}`;
    const before = letters.get(key) ?? { count: 0, open: [] };
    const isOpen = status === 'OPEN';
    const open = isOpen ? [...before.open, { id, consumer, eventId, kind, reason: reason ?? '', receivedAt }] : before.open;
    letters.set(key, { count: before.count + 1, open, ...(isOpen && kind === 'AWAITED' && { awaits }) });
  }
  await markDue([...letters.values()].filter(({ awaits }) => awaits !== undefined), exportDir);
  return { ...recount({ sent, records, letters, consumersOf }), subjects };
}

/** By this lines and letters find each other: a letter's own name may tell it by more than its body, and of a long one has the beginning. */
const beginningHash = (bytes) => bodyHash(bytes.subarray(0, BEGINNING_BYTES));

/** The data of the message that was filed. Of a push body that was cut it is what stands in the text that came. */
function dataOf({ body, truncated }) {
  const bytes = Buffer.from(body, 'base64');
  const data = truncated ? /"data":"([A-Za-z0-9+/]*)/.exec(bytes.toString('latin1'))?.[1] : undefined;
  return data === undefined ? bytes : Buffer.from(data, 'base64');
}

/** Sets `isDue` of the letters whose document is exported. */
async function markDue(waiting, exportDir) {
  for (const collection of new Set(waiting.map(({ awaits }) => awaits.split('/')[0]))) {
    const ids = new Set();
    for await (const { id } of documentsOf(exportDir, collection)) ids.add(`${collection}/${id}`);
    for (const letter of waiting) letter.isDue ||= ids.has(letter.awaits);
  }
}

/** The exported documents of a collection; none if there is no such file. */
export async function* documentsOf(exportDir, collection) {
  const file = join(exportDir, `${collection}.ndjson`);
  if (!existsSync(file)) return;
  for await (const { bytes } of readLines(file)) yield parseExactly(bytes.toString('utf8'));
}
