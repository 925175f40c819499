// An export and a report without what is different each time: the host's clock and how long things took. What is masked is
// judged first, so that nothing wrong hides behind a mask: it must be a moment of this very run, and a record must
// expire 45 days after it was processed, a mail 30 days after it was written.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const HOST_TIMES = new Set(['updatedAt', 'processedAt', 'receivedAt', 'recordedAt']);
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const DAY_MS = 24 * 3_600_000;
const RECORD_LIVES_MS = 45 * DAY_MS;
const DAYS_TO_FINISH = 30;

/** { collection: [document] } of an export directory; `run`: { beganMs, endedMs }. */
export function maskedExport(dir, run) {
  const names = readdirSync(dir).filter((name) => name.endsWith('.ndjson')).sort();
  return Object.fromEntries(names.map((name) => [
    name.slice(0, -'.ndjson'.length),
    inOrder(readFileSync(join(dir, name), 'utf8').trim().split('\n').map((line) => JSON.parse(line))).map((document) => maskedDocument(document, run)),
  ]));
}

/** As they are exported, but for letters of what has no id, which come last: their names are of their messages' ids. */
function inOrder(documents) {
  const names = documents.map(({ id }) => id);
  assert.deepEqual(names, names.toSorted());
  return [...documents.filter((document) => !isUnnamedLetter(document)), ...documents.filter(isUnnamedLetter)];
}

const isUnnamedLetter = ({ kind, body, eventId }) => kind !== undefined && body !== undefined && eventId === undefined;

export function maskedReport(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const { p50, p95, p99 } = report.latencyMs;
  assert.ok(report.seconds > 0 && p50 > 0 && p95 >= p50 && p99 >= p95, JSON.stringify(report));
  return { ...report, seconds: 'measured', latencyMs: { p50: 'measured', p95: 'measured', p99: 'measured' } };
}

function maskedDocument(document, run) {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, maskedField(name, value, document, run)]));
}

function maskedField(name, value, document, run) {
  if (name === 'id' && isUnnamedLetter(document)) {
    assert.match(value, /^[a-z-]+\.[0-9a-f]{32}$/);
    return `${document.consumer}.of its message`;
  }
  if (name === 'dueAt') return maskedDue(value, run);
  if (name === 'changes') return value.map((change) => (change.field === 'dueAt' ? { ...change, ...maskedChange(change, run) } : change));
  // What we have published ourselves happened when we did.
  const isOfOurEvent = name === 'at' && document.by?.startsWith('//boma/');
  if (HOST_TIMES.has(name) || isOfOurEvent) {
    isOfThisRun(value, run, `${document.id}: ${name}`);
    return 'host time';
  }
  if (name === 'expireAt') {
    assert.match(value, TIMESTAMP);
    if (document.processedAt === undefined) return maskedDue(value, run); // Of a mail.
    assert.equal(Date.parse(value) - Date.parse(document.processedAt), RECORD_LIVES_MS, `${document.id}: ${name}`);
    return 'host time + 45 days';
  }
  // The messages are decoded, so that a person can read what would be published again.
  if (name === 'outgoing' && value !== '') return JSON.parse(Buffer.from(value, 'base64').toString('utf8')).map((message) => maskedMessage(message, run));
  return value;
}

/** A check that has begun is due 30 days after it did, and a mail is kept as long; an approval's end is its own. */
function maskedDue(value, { beganMs, endedMs }) {
  const begunMs = Date.parse(value) - DAYS_TO_FINISH * DAY_MS;
  return TIMESTAMP.test(value) && begunMs >= beganMs && begunMs <= endedMs ? `host time + ${DAYS_TO_FINISH} days` : value;
}

function maskedChange(change, run) {
  const values = Object.entries(change).filter(([name]) => name === 'old' || name === 'new');
  return Object.fromEntries(values.map(([name, value]) => [name, maskedDue(value, run)]));
}

function maskedMessage({ data, ...message }, run) {
  const event = JSON.parse(data);
  isOfThisRun(event.time, run, `${event.id}: time`);
  return { ...message, data: { ...event, time: 'host time' } };
}

function isOfThisRun(text, { beganMs, endedMs }, what) {
  assert.match(text, TIMESTAMP, what);
  assert.ok(Date.parse(text) >= beganMs && Date.parse(text) <= endedMs, `${what} is ${text}, which is no time of this run`);
}
