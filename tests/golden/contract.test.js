// The golden files themselves, judged by the contracts with nothing of the project's code: BLESS=1 can't bless what is wrong.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'node:test';

const read = (name) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8').trim().split('\n');
const exported = (collection) => read(`export/${collection}.ndjson`).map((line) => JSON.parse(line));
const records = exported('processed_events');
const letters = exported('dead_letters');
const transactions = exported('transactions');
const timeline = exported('users.timeline');
const followUps = records.flatMap(({ outgoing }) => outgoing || []).map(({ data }) => data);

/** Every event of the input by its id; of two with one id the first. */
const events = new Map();
for (const line of read('input.ndjson')) {
  const event = parsed(line);
  if (event && !events.has(event.id)) events.set(event.id, event);
}
for (const event of followUps) events.set(event.id, event);

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // The line that is not JSON.
  }
}

// RFC 8785, as far as these events need it: they have no fractions.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

function uuidV5(namespace, name) {
  const hash = createHash('sha1').update(Buffer.from(namespace.replaceAll('-', ''), 'hex')).update(name).digest().subarray(0, 16);
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

test('a record has its key, and the digest of what was decided on', () => {
  assert.ok(records.length > 0);
  for (const { id, consumer, eventId, digest, type, subject } of records) {
    const event = events.get(eventId);
    assert.equal(id, `${consumer}.${eventId}`);
    assert.deepEqual({ type, subject }, { type: event.type, subject: event.subject });
    const text = canonical({ type, subject, data: event.data });
    assert.equal(digest, `1:${createHash('sha256').update(text).digest('hex')}`, id);
  }
});

test('a follow-up has the id, the cause and the context that the contract gives it', () => {
  assert.ok(followUps.length > 0);
  for (const { consumer, eventId, outgoing, outgoingIds } of records) {
    assert.deepEqual(outgoingIds, (outgoing || []).map(({ data }) => data.id));
    (outgoing || []).forEach(({ key, attributes, data }, index) => {
      const cause = events.get(eventId);
      assert.equal(data.id, uuidV5(eventId, `${consumer}/${index}`));
      assert.equal(data.source, `//boma/${consumer}`);
      assert.equal(data.causationid, eventId);
      assert.equal(data.correlationid, cause.correlationid ?? eventId);
      assert.equal(data.traceparent, cause.traceparent);
      assert.equal(key, data.subject);
      const trace = cause.traceparent && { googclient_traceparent: cause.traceparent };
      assert.deepEqual(attributes, { 'content-type': 'application/cloudevents+json', type: data.type, ...trace });
    });
  }
});

test("a letter's key is the hash of its body, and each refusal has one", () => {
  for (const { id, consumer, body, eventId } of letters) {
    if (eventId === undefined) continue; // Its name is of its message, too.
    const hash = createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex');
    assert.equal(id, `${consumer}.${hash.slice(0, 32)}`);
  }
  const pairs = (all) => all.map(({ consumer, eventId, reason }) => `${consumer}.${eventId}: ${reason}`).sort();
  assert.deepEqual(pairs(letters.filter(({ kind }) => kind === 'REFUSED')), pairs(records.filter(({ outcome }) => outcome === 'REFUSED')));
});

test('every posting is balanced, and the balances are the sums of the postings', () => {
  const sums = new Map();
  for (const { userId, currency, postings } of transactions) {
    assert.equal(postings.reduce((sum, { amount }) => sum + amount, 0), 0);
    for (const { account, amount } of postings) {
      if (account.startsWith('external:')) continue;
      const key = `${userId} ${currency} ${account}`;
      sums.set(key, (sums.get(key) ?? 0) + amount);
    }
  }
  for (const { id, balances } of exported('users')) {
    for (const [currency, accounts] of Object.entries(balances)) {
      for (const [account, amount] of Object.entries(accounts)) {
        assert.equal(amount, sums.get(`${id} ${currency} ${account}`) ?? 0, `${id} ${currency} ${account}`);
        sums.delete(`${id} ${currency} ${account}`);
      }
    }
  }
  assert.deepEqual([...sums], [], 'postings that are in no balance');
});

test('every outcome and every kind that input alone can bring about is there', () => {
  assert.deepEqual([...new Set(records.map(({ outcome }) => outcome))].sort(), ['APPLIED', 'IGNORED', 'REFUSED']);
  assert.deepEqual([...new Set(letters.map(({ kind }) => kind))].sort(), ['CONFLICT', 'MALFORMED', 'REFUSED']);
  const report = JSON.parse(read('report.json').join('\n'));
  for (const count of ['applied', 'ignored', 'refused', 'duplicates', 'conflicts', 'malformed']) assert.ok(report[count] > 0, count);
  assert.deepEqual(new Set(followUps.map(({ type }) => type)), new Set(['UserActive', 'UserRestricted', 'LeadConverted', 'NotificationRequested', 'KycRequested']));
});

test('what was applied to a customer is told in the timeline, and nothing else is', () => {
  const isOfCustomer = ({ type }) => !type.startsWith('Lead');
  const applied = records.filter(({ outcome }) => outcome === 'APPLIED').filter(isOfCustomer);
  const due = applied.map(({ subject, id }) => `users/${subject}/timeline/${id}`).sort();
  assert.deepEqual(timeline.map(({ id }) => id), due);
  for (const { id, type, by, at } of timeline) {
    const event = events.get(id.slice(id.lastIndexOf('.') + 1));
    assert.equal(type, event.type, id);
    assert.equal(by, event.data.operator ?? event.source, id);
    // Our own events happened at the host's time, which is masked.
    const time = event.source.startsWith('//boma/') ? 'host time' : new Date(event.time).toISOString().replace('Z', '000Z');
    assert.equal(at, time, id);
  }
});

test('the timeline tells no name and no mail address', () => {
  const personal = [...events.values()].flatMap(({ data }) => [data?.email, data?.fullName]).filter(Boolean);
  assert.ok(personal.length > 0);
  const text = JSON.stringify(timeline);
  assert.deepEqual(personal.filter((each) => text.includes(each)), []);
});
