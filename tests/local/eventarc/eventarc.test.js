// Changes of documents from a real Firestore emulator to functions, as Eventarc brings them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { findEmulators, heldPort, startFirestore } from '../../../local/emulators.js';
import { changeEvent } from '../../../local/eventarc/change-event.js';
import { startEventarc } from '../../../local/eventarc/eventarc.js';
import { messagesHeld } from '../../../local/router/client.js';
import { until } from '../../stack/until.js';
import { SOON, changeFunction, decoded, encoded } from './change-function.js';

const PROJECT = 'demo-test';
const DATABASE = `projects/${PROJECT}/databases/(default)`;
const TYPE = 'google.cloud.firestore.document.v1';
const RETRY = { firstMs: 200, longestMs: 400, giveUpAfterMs: 1500 };

const logs = mkdtempSync(join(tmpdir(), 'boma-eventarc-'));
const functions = {};
const notices = [];
let host;
let emulator;
let eventarc;
let refusing;
let answerBusy;

before(async () => {
  const { port, release } = await heldPort();
  ({ host } = await startFirestore({ jar: findEmulators().firestoreJar, logFile: join(logs, 'firestore.log'), triggersTo: port, onSpawn: (child) => { emulator = child; } }));
  refusing = await heldPort();
  for (const event of ['created', 'updated', 'deleted', 'written']) functions[event] = await changeFunction();
  functions.failing = await changeFunction({ answer: (number) => [500, 429, 302, 204][number - 1] });
  functions.busy = await changeFunction({ answer: () => new Promise((resolve) => { answerBusy = [...answerBusy ?? [], () => resolve(204)]; }) });
  functions.several = await changeFunction();
  functions.hopeless = await changeFunction({ answer: () => 503 });
  functions.refused = { url: `http://127.0.0.1:${refusing.port}/` };
  await refusing.release();

  const trigger = (name, document, event = 'written') => ({ name, id: name, url: functions[name].url, concurrency: 2, document, event });
  // No sooner: a server of this test could be given the port.
  await release();
  eventarc = await startEventarc({
    project: PROJECT, firestore: host, port, retry: RETRY, onDelivery: (notice) => notices.push(notice),
    triggers: [
      ...['created', 'updated', 'deleted', 'written'].map((event) => trigger(event, 'users/{userId}', event)),
      ...['these', 'those'].map((collection) => ({ ...trigger('several', `${collection}/{id}`), id: `several.${collection}` })),
      ...['failing', 'busy', 'hopeless', 'refused'].map((name) => trigger(name, `${name}/{id}`)),
    ],
  });
});
after(async () => {
  eventarc?.close();
  for (const { close } of eventarc?.routes ?? []) close();
  for (const { close } of Object.values(functions)) close?.();
  await emulator?.stop();
  rmSync(logs, { recursive: true, force: true });
});

async function call(method, path, body) {
  const response = await fetch(`http://${host}/v1/${DATABASE}/documents/${path}`, { method, headers: { authorization: 'Bearer owner' }, body: body && JSON.stringify(body) });
  assert.equal(response.status, 200, await response.text());
}
const write = (path, balance) => call('PATCH', path, { fields: { balance: { integerValue: balance } } });
const remove = (path) => call('DELETE', path);

const settled = () => until('nothing is in flight, queued or blocked', () => eventarc.routes.every(({ queue }) => messagesHeld(queue.state()) === 0), SOON);

test('each function hears of its kind of change, in the form of Eventarc', async () => {
  await write('users/u-1', 7);
  await functions.written.received(1); // Else the next one might overtake it.
  await write('users/u-1', 8);
  await functions.written.received(2);
  await remove('users/u-1');

  const document = (balance) => ({ name: `${DATABASE}/documents/users/u-1`, fields: { balance } });
  const created = { value: document(7), oldValue: null };
  const updated = { value: document(8), oldValue: document(7) };
  const deleted = { value: null, oldValue: document(8) };
  const written = await functions.written.received(3);
  assert.deepEqual(written.map(({ body }) => decoded(body)), [created, updated, deleted]);

  for (const [event, wanted] of Object.entries({ created, updated, deleted })) {
    const [{ method, url, headers, body }] = await functions[event].received(1);
    assert.deepEqual(decoded(body), wanted);
    const { 'ce-id': id, 'ce-time': time, ...rest } = headers;
    assert.deepEqual({ method, url, headers: rest }, {
      method: 'POST',
      url: '/',
      headers: {
        host: new URL(functions[event].url).host,
        connection: 'keep-alive',
        'content-type': 'application/protobuf',
        'content-length': String(body.length),
        'ce-specversion': '1.0',
        'ce-type': `${TYPE}.${event}`,
        'ce-source': `//firestore.googleapis.com/${DATABASE}`,
        'ce-subject': 'documents/users/u-1',
        'ce-document': 'users/u-1',
        'ce-project': PROJECT,
        'ce-database': '(default)',
        'ce-namespace': '(default)',
        'ce-location': 'us-central1',
        'ce-dataschema': 'https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto',
      },
    });
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000, time);
  }
  assert.equal(new Set(written.map(({ headers }) => headers['ce-id'])).size, 3);
});

test('there is no event of a write that changes nothing, nor of a deletion of nothing', async () => {
  const before = functions.written.requests.length;
  await write('users/u-2', 7);
  await write('users/u-2', 7);
  await remove('users/nobody');
  await write('users/u-2', 8); // The emulator sends in order: with this one, the others have come.
  await functions.written.received(before + 2);
  await settled();
  const since = functions.written.requests.slice(before).map(({ body }) => decoded(body));
  assert.deepEqual(since.map(({ value }) => value?.fields.balance).toSorted(), [7, 8]);
});

test('the path of a document that isn\'t ASCII is the UTF-8 that production sends', async () => {
  const before = functions.created.requests.length;
  await write(encodeURI('users/Zoë 1'), 7);
  const { headers, body } = (await functions.created.received(before + 1)).at(-1);
  assert.equal(Buffer.from(headers['ce-document'], 'latin1').toString(), 'users/Zoë 1');
  assert.equal(decoded(body).value.name, `${DATABASE}/documents/users/Zoë 1`);
});

test('an answer that isn\'t 2xx is followed by another attempt at the same event, later each time', async () => {
  await write('failing/f-1', 7);
  const requests = await functions.failing.received(4);
  await settled();
  assert.equal(requests.length, 4);
  assert.equal(new Set(requests.map(({ headers, body }) => headers['ce-id'] + body.toString('hex'))).size, 1);
  const pauses = requests.slice(1).map(({ atMs }, index) => atMs - requests[index].atMs);
  [200, 400, 400].forEach((leastMs, index) => assert.ok(pauses[index] >= leastMs - 5, `${pauses}`));
  const told = notices.filter(({ consumer }) => consumer === 'failing').map(({ attempt, status, acked, exhausted }) => [attempt, status, acked, exhausted]);
  assert.deepEqual(told, [[1, 500, false, false], [2, 429, false, false], [3, 302, false, false], [4, 204, true, false]]);
});

test('a function that isn\'t there is tried again until it is', async () => {
  await write('refused/r-1', 7);
  await until('a second attempt', () => notices.some(({ consumer, attempt }) => consumer === 'refused' && attempt === 2), SOON);
  const late = await changeFunction({ port: refusing.port });
  try {
    const [{ body }] = await late.received(1);
    assert.equal(decoded(body).value.fields.balance, 7);
    await settled();
    const told = notices.filter(({ consumer }) => consumer === 'refused').map(({ status }) => status);
    assert.deepEqual([told.slice(0, 2), told.at(-1)], [[0, 0], 204]);
  } finally {
    late.close();
  }
});

test('a function hears by each of its triggers, and has one queue for all', async () => {
  await write('these/x', 7);
  await write('those/x', 8);
  await write('others/x', 9);
  const requests = await functions.several.received(2);
  await settled();
  assert.deepEqual(requests.map(({ headers }) => headers['ce-document']).sort(), ['these/x', 'those/x']);
  assert.equal(eventarc.routes.filter(({ name }) => name === 'several').length, 1);
});

test('a change that fails for too long is given up', async () => {
  await write('hopeless/h-1', 7);
  await until('a change is given up', () => notices.some(({ exhausted }) => exhausted), SOON);
  await settled();
  const told = notices.filter(({ consumer }) => consumer === 'hopeless');
  assert.ok(told.every(({ acked }) => !acked));
  assert.deepEqual(told.map(({ exhausted }) => exhausted), [...told.slice(1).map(() => false), true]);
  assert.ok(told.at(-1).latencyMs >= RETRY.giveUpAfterMs);
});

test('several go at once, up to the function\'s concurrency, and the emulator waits for none of them', async () => {
  for (const id of ['b-1', 'b-2', 'b-3']) await write(`busy/${id}`, 7);
  const heard = functions.written.requests.length;
  await write('users/u-3', 7);
  await functions.written.received(heard + 1);
  assert.deepEqual(eventarc.routes.find(({ name }) => name === 'busy').queue.state(), { inFlight: 2, queued: 1, blocked: 0 });
  assert.equal((await functions.busy.received(2)).length, 2);
  answerBusy[0]();
  await functions.busy.received(3);
  answerBusy.forEach((answer) => answer());
  await settled();
});

test('a body that comes as the bytes it claims to be is left as it is', () => {
  const bytes = encoded(`${DATABASE}/documents/users/u-1`, 7);
  const headers = { 'ce-id': 'e-1', 'ce-source': `//firestore.googleapis.com/${DATABASE}` };
  assert.deepEqual(changeEvent(headers, bytes).body, bytes);
  assert.deepEqual(changeEvent(headers, Buffer.from(bytes.toString('base64'))), changeEvent(headers, bytes));
});
