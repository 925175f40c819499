// An events file, line by line, without ever holding more than a piece of it. Lines stay bytes: what is published is
// exactly what stands in the file.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]); // Programs on Windows write it at the beginning.
const GZIP_MAGIC = [0x1f, 0x8b];
const LONGEST_LINE_BYTES = 9_000_000; // Pub/Sub takes requests of up to 10 MB.
const LONGEST_KEY_BYTES = 1024; // Pub/Sub's limit for an ordering key.
const LINES_NAMED = 5; // Of a file that has no event.

export class BrokenFile extends Error {}

/** Yields { number, bytes } for each line that isn't blank. A line that is far too long has no bytes. */
export async function* readLines(file) {
  let number = 0;
  let pieces = [];
  let length = 0;
  const line = () => {
    number += 1;
    const whole = length > LONGEST_LINE_BYTES ? undefined : withoutMark(Buffer.concat(pieces), number);
    pieces = [];
    length = 0;
    return { number, bytes: whole };
  };
  const keep = (piece) => {
    length += piece.length;
    if (length <= LONGEST_LINE_BYTES) pieces.push(piece);
    else pieces = [];
  };
  try {
    for await (const chunk of await bytesOf(file)) {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
        keep(chunk.subarray(from, to));
        from = to + 1;
        const found = line();
        if (!isBlank(found.bytes)) yield found;
      }
      keep(chunk.subarray(from));
    }
  } catch (error) {
    throw new BrokenFile(`${file} can't be read beyond line ${number}: ${error.message}.`);
  }
  const last = line();
  if (!isBlank(last.bytes)) yield last;
}

async function bytesOf(file) {
  const handle = await open(file);
  const start = Buffer.alloc(2);
  await handle.read(start, 0, 2, 0);
  await handle.close();
  const raw = createReadStream(file, { highWaterMark: 256 * 1024 });
  if (!GZIP_MAGIC.every((byte, index) => start[index] === byte)) return raw;
  const unzipped = createGunzip();
  raw.once('error', (error) => unzipped.destroy(error));
  return raw.pipe(unzipped);
}

const withoutMark = (bytes, number) => (number === 1 && bytes.indexOf(BYTE_ORDER_MARK) === 0 ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes);

const isBlank = (bytes) => bytes !== undefined && bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/**
 * What must be known of a line to publish it: { id, type, topic, key, customers }, or { unreadable: why } if it can go
 * to no topic. The consumers judge the rest. `customers` are all whose earlier events this one builds on.
 */
export function parseEvent(bytes, topicOf) {
  if (bytes === undefined) return { unreadable: `longer than ${LONGEST_LINE_BYTES / 1e6} MB` };
  let event;
  try {
    event = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { unreadable: 'not JSON' };
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return { unreadable: 'not an object' };
  if (typeof event.type !== 'string' || !Object.hasOwn(topicOf, event.type)) return { unreadable: 'of a type that no topic carries' };
  const key = isKey(event.subject) ? event.subject : undefined;
  const leadId = event.data?.leadId; // A registration builds on its lead.
  return {
    id: typeof event.id === 'string' ? event.id : undefined,
    type: event.type,
    topic: topicOf[event.type],
    key,
    customers: [...new Set([key, typeof leadId === 'string' ? leadId : undefined])].filter((each) => each !== undefined),
  };
}

/**
 * Resolves with the number of lines. A file of which no line can be published is an error: a replay of nothing would look like
 * one in which all went well. Reading a file twice costs little beside replaying it, and finds a broken one before any event.
 */
export async function examineFiles(files, topicOf) {
  let total = 0;
  for (const file of files) total += await examined(file, topicOf);
  return total;
}

async function examined(file, topicOf) {
  let count = 0;
  let isOneGood = false;
  let opens = false;
  let last;
  const bad = [];
  for await (const { number, bytes } of readLines(file)) {
    count += 1;
    opens ||= count === 1 && isPartOfArray(bytes, /^\s*\[/);
    last = bytes;
    if (isOneGood && !opens) continue;
    const { unreadable } = parseEvent(bytes, topicOf);
    if (!unreadable) isOneGood = true;
    else if (bad.length < LINES_NAMED) bad.push(`line ${number}: ${unreadable}`);
  }
  // Printed over several lines, an array has a line for its last event, which could be published, and for no other.
  const isArray = opens && isPartOfArray(last, /\]\s*$/);
  if (isOneGood && !isArray) return count;
  if (count === 0) throw new BrokenFile(`${file} has no line that is an event: it is empty.`);
  const lines = `${bad.join('; ')}${count > bad.length ? '; and so on' : ''}`;
  if (isArray) throw new BrokenFile(`${file} is a JSON array, but has to have an event on each line: jq -c '.[]' makes that of it (${lines}).`);
  throw new BrokenFile(`${file} has no line that is an event: ${lines}.`);
}

/** Whether the line begins, or ends, an array. One that is JSON by itself is a line like any other, if a bad one. */
function isPartOfArray(bytes, pattern) {
  if (bytes === undefined) return false;
  const text = bytes.toString('utf8');
  if (!pattern.test(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

const isKey = (subject) => typeof subject === 'string' && subject.length > 0 && Buffer.byteLength(subject) <= LONGEST_KEY_BYTES;
