// Functions that hear of changes of documents, in a whole stack; and a stack without them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { Deliveries } from '../../../local/replay/deliveries.js';
import { replay } from '../../../local/replay/replay.js';
import { routerState } from '../../../local/router/client.js';
import { startStack } from '../../../local/stack.js';
import { standInFunctions } from '../../stack/stand-ins.js';
import { decoded } from './change-function.js';

const topicOf = { Paid: 'payments' };
const DOCUMENTS = 'projects/demo-test/databases/(default)/documents';

const WRITING = `
require('@google-cloud/functions-framework').http('writing', async (request, response) => {
  const url = 'http://' + process.env.FIRESTORE_EMULATOR_HOST + '/v1/${DOCUMENTS}/users?documentId=u-1';
  const written = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer owner' }, body: '{"fields":{"balance":{"integerValue":7}}}' });
  response.status(written.status === 200 ? 204 : 500).end();
});`;

// Fails twice.
const HEARING = `
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
let calls = 0;
require('@google-cloud/functions-framework').http('hearing', (request, response) => {
  calls += 1;
  response.status(calls < 3 ? 503 : 204).end();
  appendFileSync(join(__dirname, 'calls'), JSON.stringify({ status: response.statusCode, document: request.headers['ce-document'], body: request.rawBody.toString('hex') }) + '\\n');
});`;

const writing = { topics: { payments: ['Paid'] }, program: WRITING };
const hearing = { trigger: 'firestore', document: 'users/{userId}', event: 'created', program: HEARING };
const stacks = [];
after(() => stacks.forEach(({ remove }) => remove()));

function filesOf(functions) {
  const files = standInFunctions(functions, topicOf);
  stacks.push(files);
  return files;
}

function replayed(files, stack, lines, functions) {
  const events = join(files.dir, 'events.ndjson');
  writeFileSync(events, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const progress = { settled() {}, waitsFor() {} };
  return replay({ files: [events], stack, functions, topicOf, barrier: true, deliveries: new Deliveries(), progress });
}

const commandOf = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

test('a replay ends when the changes that came of it are delivered, however often they fail', async () => {
  const files = filesOf({ writing, hearing });
  const own = await startStack(files);
  try {
    await replayed(files, own.stack, [{ id: '00000000-0000-4000-8000-000000000001', type: 'Paid' }], own.functions);
    const calls = readFileSync(join(files.dist, 'hearing', 'calls'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(calls.map(({ status, document }) => [status, document]), [[503, 'users/u-1'], [503, 'users/u-1'], [204, 'users/u-1']]);
    assert.deepEqual(decoded(Buffer.from(calls[2].body, 'hex')), { value: { name: `${DOCUMENTS}/users/u-1`, fields: { balance: 7 } }, oldValue: null });
    assert.equal((await routerState(own.stack.router)).changes, 1);
  } finally {
    await own.stop();
  }
});

test('a replay doesn\'t wait for what is for the operators\' page, and a stack that ends by itself doesn\'t have it', async () => {
  const looking = { ...hearing, console: true, concurrency: 250, program: 'require(\'@google-cloud/functions-framework\').http(\'looking\', () => {});' };
  const files = filesOf({ writing, looking });
  const own = await startStack(files);
  try {
    const { events } = await replayed(files, own.stack, [{ id: '00000000-0000-4000-8000-000000000001', type: 'Paid' }], own.functions);
    const { inFlight, consumers, changes } = await routerState(own.stack.router);
    assert.deepEqual({ events, inFlight, changes, itsOwn: consumers.looking.inFlight }, { events: 1, inFlight: 0, changes: 1, itsOwn: 1 });
  } finally {
    await own.stop();
  }
  const ending = await startStack({ ...files, endsAfterReplay: true });
  await ending.stop();
  assert.deepEqual(Object.keys(ending.stack.functions), ['writing']);
});

test('where no function hears of changes, nothing is there for them', async () => {
  const files = filesOf({ writing });
  const own = await startStack(files);
  try {
    assert.deepEqual(commandOf(own.stack.pids.firestore).filter((argument) => argument.includes('functions_emulator')), []);
    await replayed(files, own.stack, [{ id: '00000000-0000-4000-8000-000000000001', type: 'Paid' }], own.functions);
    assert.deepEqual(Object.keys(await routerState(own.stack.router)), ['inFlight', 'queued', 'blocked', 'consumers']);
    assert.ok(!existsSync(join(files.dist, 'hearing')));
  } finally {
    await own.stop();
  }
});

test('a replay doesn\'t end while changes still come, even if each is delivered before anybody looks', async () => {
  const files = filesOf({});
  let looks = 0;
  const router = http.createServer((request, response) => {
    if (request.url !== '/state') return response.flushHeaders();
    looks += 1;
    return response.end(JSON.stringify({ inFlight: 0, queued: 0, blocked: 0, changes: Math.min(looks, 20) }));
  });
  await new Promise((resolve) => router.listen(0, '127.0.0.1', resolve));
  try {
    const stack = { project: files.project, router: `127.0.0.1:${router.address().port}`, firestore: '127.0.0.1:1', pubsub: '127.0.0.1:1' };
    await replayed(files, stack, [], []);
    assert.ok(looks > 20, `${looks}`);
  } finally {
    router.closeAllConnections();
    router.close();
  }
});
