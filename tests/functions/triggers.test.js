// A function of each trigger but Pub/Sub's, through Wasm and Node on a stack: a request, the changes of documents that come of it,
// by the emulator's own triggers and as Eventarc sends them, and a job.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { firestoreDocuments } from '../../local/firestore.js';
import { startStack } from '../../local/stack.js';
import { stateFolder } from '../stack/state-folder.js';
import { until } from '../stack/until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROJECT = 'demo-test';

const dir = stateFolder();
const stateDir = join(dir, 'state');
let own;
let documents;

before(async () => {
  const dist = join(dir, 'dist');
  for (const name of ['tally', 'mirror', 'greeter']) cpSync(join(ROOT, 'dist-test', name), join(dist, name), { recursive: true });
  writeFileSync(join(dist, 'topics.json'), '{}');
  own = await startStack({ project: PROJECT, dist, stateDir });
  documents = firestoreDocuments({ project: PROJECT, host: own.stack.firestore });
});

after(async () => {
  await documents?.close();
  await own?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function answered(name, method, path, { headers = {}, body } = {}) {
  const response = await fetch(new URL(path, own.stack.functions[name]), { method, headers, body });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), body: text === '' ? undefined : JSON.parse(text) };
}

const introduced = (id, name) => answered('greeter', 'POST', '/probes', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, name }) });
const greeted = (id) => answered('greeter', 'GET', `/probes/${id}?quietly`);

/** By hand, as an operator would in the console. */
async function written(method, id, fields) {
  const url = `http://${own.stack.firestore}/v1/projects/${PROJECT}/databases/(default)/documents/probes/${id}`;
  const response = await fetch(url, { method, headers: { authorization: 'Bearer owner' }, body: fields && JSON.stringify({ fields }) });
  assert.equal(response.status, 200, await response.text());
}

/** What `mirror` noted of this probe, in the order in which it was last written. */
async function mirrored(id) {
  const notes = [];
  for await (const { path, fields } of documents.all()) {
    if (path.startsWith('mirrors/') && fields.path.stringValue === `probes/${id}`) notes.push(fields);
  }
  const atMs = ({ updatedAt: { timestampValue: { seconds, nanos } } }) => Number(seconds) * 1_000 + nanos / 1_000_000;
  return notes.sort((a, b) => atMs(a) - atMs(b)).map(({ happened, attempts, done }) => [happened.stringValue, Number(attempts.integerValue), done.booleanValue]);
}

function untilEqual(wanted, look) {
  let found;
  const differs = () => `${JSON.stringify(found)} is ${JSON.stringify(wanted)}`;
  return until(differs, async () => {
    found = await look();
    return isDeepStrictEqual(found, wanted);
  });
}

/** Every line that the functions have logged so far. */
const lines = () => readFileSync(join(stateDir, 'logs', 'functions.log'), 'utf8').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

test('the stack names the URL of each function, whatever calls it', () => {
  const { functions } = JSON.parse(readFileSync(join(stateDir, 'stack.json'), 'utf8'));
  assert.deepEqual(Object.keys(functions), ['greeter', 'mirror', 'tally']);
  for (const url of Object.values(functions)) assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
});

test('a request stores once what is sent twice, and reads it back', async () => {
  assert.deepEqual(await greeted('h-1'), { status: 404, type: 'application/problem+json', body: { title: 'Not Found', status: 404 } });
  assert.deepEqual(await introduced('h-1', 'Hana'), { status: 201, type: 'application/json; charset=utf-8', body: { id: 'h-1' } });
  assert.equal((await introduced('h-1', 'Hana')).status, 200);
  assert.deepEqual((await introduced('h-1', 'Jan')).body, { title: 'Conflict', status: 409, detail: 'id: it has another name' });
  assert.deepEqual(await greeted('h-1'), { status: 200, type: 'application/json; charset=utf-8', body: { greeting: 'Hello, Hana!' } });
});

test('a document that is created, updated and deleted is told three times', async () => {
  await introduced('c-1', 'Cyril');
  await untilEqual([['created', 1, true]], () => mirrored('c-1'));
  await written('PATCH', 'c-1', { name: { stringValue: 'Cyrila' } });
  await untilEqual([['created', 1, true], ['updated', 1, true]], () => mirrored('c-1'));
  await written('DELETE', 'c-1');
  await untilEqual([['created', 1, true], ['updated', 1, true], ['deleted', 1, true]], () => mirrored('c-1'));
});

test('a change that fails comes again until it is done, and its effect is there once', async () => {
  await written('PATCH', 'f-1', { failures: { integerValue: 2 } });
  await untilEqual([['created', 3, true]], () => mirrored('f-1'));
  const told = lines().filter(({ consumer, reason }) => consumer === 'mirror' && reason === 'the probe wants it to fail');
  assert.deepEqual(told.map(({ outcome, severity }) => [outcome, severity]), [['FAULT', 'ERROR'], ['FAULT', 'ERROR']]);
  assert.equal(new Set(told.map(({ eventId }) => eventId)).size, 1);
});

test('a change that breaks the instance comes again', async () => {
  await written('PATCH', 'b-1', { breaks: { booleanValue: true } });
  await untilEqual([['created', 2, true]], () => mirrored('b-1'));
  const told = lines().filter(({ reason }) => reason?.endsWith('the probe wants it to break'));
  assert.deepEqual(told.map(({ consumer, outcome }) => [consumer, outcome]), [['mirror', 'FAULT']]);
});

test('a document that can\'t be read is an error in the log, and doesn\'t come again', async () => {
  await written('PATCH', 'u-1', { failures: { stringValue: 'two' } });
  const told = () => lines().filter(({ outcome }) => outcome === 'MALFORMED').map(({ severity, reason }) => [severity, reason]);
  await untilEqual([['ERROR', 'stored failures: a string, not an integer']], told);
  await wait(2_000);
  assert.deepEqual([told().length, await mirrored('u-1')], [1, []]);
});

test('what is no change of a document is refused, with a line in the log', async () => {
  const { status } = await answered('mirror', 'POST', '/', { headers: { 'content-type': 'application/protobuf', 'ce-id': 'e-1' }, body: '{}' });
  assert.equal(status, 400);
  const told = () => lines().filter(({ outcome, reason }) => outcome === 'MALFORMED' && reason.startsWith('body')).map(({ consumer, severity, reason }) => [consumer, severity, reason]);
  await untilEqual([['mirror', 'ERROR', 'body: not google.events.cloud.firestore.v1.DocumentEventData']], told);
  assert.equal((await answered('mirror', 'GET', '/')).status, 405);
});

test('a job counts, page by page, and answers what it counted', async () => {
  const { status, body: { found } } = await answered('tally', 'POST', '/');
  assert.equal(status, 200);
  for (const id of ['t-1', 't-2', 't-3']) await introduced(id, 'Tally');
  const { body } = await answered('tally', 'POST', '/');
  assert.deepEqual(body, { pages: Math.floor((found + 3) / 2) + 1, found: found + 3, stoppedAt: null, faults: [] });
  const stopped = (await answered('tally', 'POST', '/', { body: '{"pages":1}' })).body;
  assert.deepEqual([stopped.pages, stopped.found, stopped.stoppedAt.task], [1, 2, 'tally']);
  assert.deepEqual((await answered('tally', 'POST', '/', { body: '{"page":1}' })).body, { error: 'page: unknown' });
});
