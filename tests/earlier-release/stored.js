// The documents of an export, as Firestore's protocol writes them: { path: fields }. An export says what a value is, not of
// which kind it was stored; of these documents the field's name says that.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MOMENTS = new Set(['createdAt', 'convertedAt', 'timestamp', 'validUntil']);
const HOST_MOMENTS = new Set(['updatedAt', 'processedAt', 'expireAt', 'receivedAt']);
const BYTES = new Set(['body', 'outgoing']);

/** `exportedMs`: when it was made. The host's times are moved by as much as makes it one of an hour ago. */
export function storedDocuments(dir, { exportedMs, nowMs = Date.now() }) {
  const laterMs = nowMs - 3_600_000 - exportedMs;
  const files = readdirSync(dir).filter((name) => name.endsWith('.ndjson'));
  return Object.fromEntries(files.flatMap((name) => readFileSync(join(dir, name), 'utf8').trim().split('\n').map((line) => {
    const { id, ...fields } = JSON.parse(line);
    return [`${name.slice(0, -'.ndjson'.length)}/${id}`, fieldsOf(fields, laterMs)];
  })));
}

const fieldsOf = (fields, laterMs) => (
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, valueOf(value, name, laterMs)]))
);

function valueOf(value, name, laterMs) {
  if (MOMENTS.has(name)) return moment(value, 0);
  if (HOST_MOMENTS.has(name)) return moment(value, laterMs);
  if (BYTES.has(name)) return { bytesValue: Buffer.from(value, 'base64') };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (Number.isInteger(value)) return { integerValue: String(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((each) => valueOf(each, '', laterMs)) } };
  if (typeof value === 'object' && value !== null) return { mapValue: { fields: fieldsOf(value, laterMs) } };
  throw new Error(`${name}: ${value} isn't written by any release`);
}

function moment(text, laterMs) {
  const [, micros] = /\.\d{3}(\d{3})Z$/.exec(text);
  const ms = Date.parse(text) + laterMs;
  const seconds = Math.floor(ms / 1000);
  return { timestampValue: { seconds: String(seconds), nanos: (ms - seconds * 1000) * 1e6 + Number(micros) * 1000 } };
}
