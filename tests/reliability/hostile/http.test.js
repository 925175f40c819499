// What a stranger or a broken proxy could post to a function's own address. What arrives is filed and acknowledged like any
// hostile message; only where HTTP itself is broken is there another answer; and nothing of it is printed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import test, { after, before } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PERSON, czk, paid, registered, uuid } from '../../stack/events.js';
import { message, startRealStack } from '../../stack/real-stack.js';
import { assertNoSecrets } from '../no-secrets.js';
import { letter, letterPath } from './letters.js';

const CUSTOMER = uuid('c', 1);
const ANSWERED_WITHIN_MS = 30_000;
const RECENT_MS = 600_000;
const MIB = 1024 * 1024;
const SECRET = `${PERSON.fullName} ${PERSON.email}`;

let stack;
let number = 0;
const minors = []; // Of all payments that should have arrived.

before(async () => {
  stack = await startRealStack();
  const pairs = await stack.publish('user-onboarding', [message(registered({ number: 999, subject: CUSTOMER }))]);
  assert.deepEqual(await stack.unacknowledged(pairs, ANSWERED_WITHIN_MS), []);
});
after(() => stack?.stop());

function payment() {
  number += 1;
  const minor = 7_500_000_073 + number * 100;
  minors.push(minor);
  return paid({ number, subject: CUSTOMER, minor });
}

/** A push body as Pub/Sub would post it, with something changed in it or in its message. */
function pushOf(event, { message: changed, ...more } = {}) {
  const { data, orderingKey, attributes } = message(event);
  return {
    message: { data: data.toString('base64'), attributes, messageId: '1', publishTime: new Date().toISOString(), orderingKey, ...changed },
    subscription: 'projects/demo-test/subscriptions/payments.payments', deliveryAttempt: 1, ...more,
  };
}

const pushed = (change) => JSON.stringify(pushOf(payment(), change));

async function posted(body, headers = { 'content-type': 'application/json' }) {
  const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
  const response = await fetch(stack.urls.payments, { method: 'POST', headers, body: Buffer.from(body), signal });
  return { status: response.status, outcome: response.headers.get('boma-outcome'), text: await response.text() };
}

const ACKED = (outcome) => ({ status: 204, outcome, text: '' });

/** A row is a body, or what makes one. The letter is that of the whole body, or of the message's data where that was readable. */
const FILED = {
  'an empty body': ['', 'body: empty'],
  'white space': [' \r\n ', 'body: not JSON at line 2 column 1'],
  'text': [`Dear ${SECRET}`, 'body: not JSON at line 1 column 1'],
  'JSON with a piece missing': [`{"message": {"note": "${SECRET}`, 'body: not JSON at line 1 column 86'],
  'null': ['null', 'body: not an object'],
  'a list': [JSON.stringify([SECRET]), 'body: not an object'],
  'a number': ['12.5', 'body: not an object'],
  'a string': [JSON.stringify(SECRET), 'body: not an object'],
  'Latin-1': [Buffer.from(`{"name": "René, ${PERSON.email}"}`, 'latin1'), 'body: not JSON at line 1 column 14'],
  'UTF-16': [Buffer.from(`{"name": "${SECRET}"}`, 'utf16le'), 'body: not JSON at line 1 column 2'],
  'a zip file': [gzipSync(SECRET), 'body: not JSON at line 1 column 1'],
  '2 MiB of text': [SECRET.padEnd(2 * MIB, ' more'), 'body: larger than 524288 bytes'],
  '2 MiB of an object': [JSON.stringify({ note: SECRET.padEnd(2 * MIB, ' more') }), 'body: larger than 524288 bytes'],
  '100,000 levels': ['['.repeat(100_000), 'body: not JSON at line 1 column 128'],
  'an object without a message': [JSON.stringify({ note: SECRET }), 'message: missing'],
  'a message that is a list': [JSON.stringify({ message: [SECRET] }), 'message: not an object'],
  'a message that is null': ['{"message":null}', 'message: not an object'],
  'data that is a number': [JSON.stringify({ message: { data: 7, note: SECRET } }), 'message.data: not a string'],
  'data that is an object': [JSON.stringify({ message: { data: { note: SECRET } } }), 'message.data: not a string'],
  'data that is not base64': [JSON.stringify({ message: { data: `{"note": "${SECRET}"}` } }), 'message.data: not base64'],
  'data in the base64 of URLs': [JSON.stringify({ message: { data: '_-_-' } }), 'message.data: not base64'],
  'attributes that are a list': [JSON.stringify({ message: { data: '', attributes: [SECRET] } }), 'message.attributes: not a map of strings'],
  'attributes that are a string': [JSON.stringify({ message: { data: '', attributes: SECRET } }), 'message.attributes: not a map of strings'],
  'an attribute that is a number': [JSON.stringify({ message: { data: '', attributes: { type: 7, note: SECRET } } }), 'message.attributes: not a map of strings'],
};

async function judgeLetter(body, reason) {
  const { receivedAt, ...filed } = (await stack.documents()).get(letterPath('payments', body)) ?? {};
  assert.deepEqual(filed, letter({ consumer: 'payments', kind: 'MALFORMED', reason, body, seen: {} }));
  assert.ok(Math.abs(Date.now() - Date.parse(receivedAt)) < RECENT_MS, `received at ${receivedAt}`);
}

for (const [name, [text, reason]] of Object.entries(FILED)) {
  test(`${name} is filed and acknowledged`, async () => {
    const body = Buffer.from(text);
    assert.deepEqual(await posted(body), ACKED('MALFORMED'));
    await judgeLetter(body, reason);
  });
}

test('a message of 1.5 MiB is filed as it was posted, and cut', async () => {
  const data = Buffer.from(SECRET.padEnd(1.5 * MIB, ' more'));
  const body = Buffer.from(JSON.stringify({ message: { data: data.toString('base64') } }));
  assert.deepEqual(await posted(body), ACKED('MALFORMED'));
  await judgeLetter(body, 'body: larger than 524288 bytes');
});

test('the same body again is acknowledged and leaves its letter as it is', async () => {
  const body = Buffer.from(`twice, ${SECRET}`);
  await posted(body);
  const before = (await stack.documents()).get(letterPath('payments', body));
  assert.deepEqual(await posted(body), ACKED('MALFORMED'));
  assert.deepEqual((await stack.documents()).get(letterPath('payments', body)), before);
});

const APPLIED = {
  'a deliveryAttempt that is a string': () => pushed({ deliveryAttempt: '7' }),
  'a deliveryAttempt of 10^20': () => pushed({ deliveryAttempt: 1e20 }),
  'no deliveryAttempt and no subscription': () => pushed({ deliveryAttempt: undefined, subscription: undefined }),
  'a subscription of another name': () => pushed({ subscription: 'projects/demo-test/subscriptions/somebody-else' }),
  'a subscription that is a number': () => pushed({ subscription: 7 }),
  'no attributes': () => pushed({ message: { attributes: undefined } }),
  'a time of publication that is none': () => pushed({ message: { publishTime: 'yesterday' } }),
  'more than Pub/Sub sends': () => pushed({ message: { message_id: '1', more: [] }, more: { __proto__: null } }),
  'its data without padding': () => {
    const push = pushOf(payment());
    return JSON.stringify({ ...push, message: { ...push.message, data: push.message.data.replaceAll('=', '') } });
  },
};
for (const [name, body] of Object.entries(APPLIED)) {
  test(`a good event with ${name} is applied`, async () => {
    assert.deepEqual(await posted(body()), ACKED('APPLIED'));
  });
}

for (const [name, headers] of Object.entries({
  'no content-type': {},
  'a content-type that is none': { 'content-type': 'json' },
  'the content-type of a form': { 'content-type': 'application/x-www-form-urlencoded' },
  'the content-type of a CloudEvent': { 'content-type': 'application/cloudevents+json' },
  'a charset that there is not': { 'content-type': 'application/json; charset=klingon' },
})) {
  test(`with ${name} a good event is applied and a bad one is filed`, async () => {
    assert.deepEqual(await posted(pushed(), headers), ACKED('APPLIED'));
    const bad = Buffer.from(`Dear ${SECRET}, ${name}`);
    assert.deepEqual(await posted(bad, headers), ACKED('MALFORMED'));
    await judgeLetter(bad, 'body: not JSON at line 1 column 1');
  });
}

test('what comes compressed is refused, and leaves nothing', async () => {
  const before = (await stack.documents()).size;
  for (const [encoding, body] of [['gzip', SECRET], ['gzip', gzipSync(SECRET)], ['br', SECRET], ['klingon', SECRET], ['gzip, br', SECRET]]) {
    const answer = await posted(body, { 'content-type': 'application/json', 'content-encoding': encoding });
    assert.deepEqual(answer, { status: 415, outcome: null, text: '' }, encoding);
  }
  assert.equal((await stack.documents()).size, before);
});

test('what is no POST is refused', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const response = await fetch(stack.urls.payments, { method, body: method === 'GET' ? undefined : SECRET });
    assert.deepEqual([response.status, await response.text()], [405, ''], method);
  }
});

/** Writes to a socket by hand; resolves with the first line of the answer, '' where there is none. */
async function spoken(text, { leaves = false } = {}) {
  const { hostname, port } = new URL(stack.urls.payments);
  const socket = net.connect({ host: hostname, port: Number(port) });
  let answer = '';
  socket.setEncoding('utf8').on('data', (piece) => { answer += piece; }).on('error', () => {});
  socket.write(text);
  if (leaves) setTimeout(() => socket.destroy(), 200);
  await once(socket, 'close', { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
  return answer.split('\r\n')[0];
}

const HEAD = 'POST / HTTP/1.1\r\nhost: f\r\nconnection: close\r\ncontent-type: application/json\r\n';

test('broken HTTP is answered with 400', async () => {
  assert.equal(await spoken(`${SECRET}\r\n\r\n`), 'HTTP/1.1 400 Bad Request');
  assert.equal(await spoken(`${HEAD}content-length: minus one\r\n\r\n${SECRET}`), 'HTTP/1.1 400 Bad Request');
  assert.equal(await spoken(`${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n${SECRET}`), 'HTTP/1.1 400 Bad Request');
});

test('a sender who leaves in the middle of a body leaves nothing behind', async () => {
  const before = (await stack.documents()).size;
  assert.equal(await spoken(`${HEAD}content-length: 1000\r\n\r\n${SECRET}`, { leaves: true }), '');
  assert.equal(await spoken(`${HEAD}transfer-encoding: chunked\r\n\r\n10\r\n${SECRET.slice(0, 8)}`, { leaves: true }), '');
  assert.equal((await stack.documents()).size, before);
});

test('a body in chunks is a body', async () => {
  assert.equal(await spoken(`${HEAD}transfer-encoding: chunked\r\n\r\n4\r\nnull\r\n0\r\n\r\n`), 'HTTP/1.1 204 No Content');
});

test('after all that every good event was applied once', async () => {
  const available = minors.reduce((sum, minor) => sum + minor, 0);
  assert.deepEqual((await stack.documents()).get(`users/${CUSTOMER}`).balances, { CZK: { available, pending: 0, reserved: 0 } });
});

test('nothing of what was sent stands in the logs', () => {
  const secrets = [...Object.values(PERSON), ...minors.flatMap((minor) => [czk(minor), String(minor)]), '"specversion":"1.0"'];
  assertNoSecrets({ logs: stack.logs, secrets });
});
