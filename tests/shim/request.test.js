// The built function `greeter`, an HTTP function: what its sender is told, and what is never read. What it stores is tested in a
// stack, in tests/functions/triggers.test.js.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';

import { CALLER, bearer } from './caller-token.js';
import { startFunction } from './function-child.js';
import { builtModule } from './probe.js';

const { invoke } = builtModule('greeter', 'invoke.js');
const NOBODY_LISTENS = '127.0.0.1:1';

let open;
let closed;

before(async () => {
  const settings = { FIRESTORE_EMULATOR_HOST: NOBODY_LISTENS, GOOGLE_CLOUD_PROJECT: 'p' };
  [open, closed] = await Promise.all([startFunction(settings, 'greeter'), startFunction({ ...settings, ...CALLER }, 'greeter')]);
});

after(() => [open, closed].forEach((each) => each?.stop()));

/** The headers that no host adds by itself. */
const OF_THE_WASM = ['accept', 'accept-encoding', 'allow', 'boma-outcome', 'content-type', 'etag', 'www-authenticate'];

/** The response to a request whose headers are given as they go over the wire: names and values by turns. */
async function sent(greeter, method, path, { headers = [], body = '' } = {}) {
  const from = greeter.logged().length;
  const response = await new Promise((resolve, reject) => {
    const all = ['host', 'greeter', 'content-length', String(Buffer.byteLength(body)), ...headers];
    request(new URL(path, greeter.url), { method, headers: all }, resolve).on('error', reject).end(body);
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const answered = Object.fromEntries(OF_THE_WASM.filter((name) => name in response.headers).map((name) => [name, response.headers[name]]));
  if (answered['boma-outcome'] !== undefined) await greeter.untilLogged(from);
  const lines = greeter.logged().slice(from).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
  return { status: response.statusCode, headers: answered, body: text === '' ? undefined : JSON.parse(text), lines };
}

const JSON_BODY = ['content-type', 'application/json'];
const PROBLEM = 'application/problem+json';
const post = (greeter, body, headers = JSON_BODY) => sent(greeter, 'POST', '/probes', { headers, body });

/** A problem without a line in the log: the head alone was enough. */
function rejected(answer, status, title, headers = {}) {
  assert.deepEqual(answer, {
    status, headers: { 'content-type': PROBLEM, ...headers }, body: { title, status }, lines: [],
  });
}

test('a path that there is not is 404, whatever the method', async () => {
  for (const path of ['/', '/probes/', '/probes/a/b', '/users/u-1', '/probes/%2e', '/Probes/a']) {
    rejected(await sent(open, 'GET', path), 404, 'Not Found');
    rejected(await sent(open, 'POST', path, { headers: JSON_BODY, body: '{}' }), 404, 'Not Found');
  }
});

test('a method that a path doesn\'t have is 405, and the answer says which it has', async () => {
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'POST']) rejected(await sent(open, method, '/probes/a'), 405, 'Method Not Allowed', { allow: 'GET' });
  rejected(await sent(open, 'GET', '/probes?id=a'), 405, 'Method Not Allowed', { allow: 'POST' });
});

test('a body that isn\'t JSON, or is compressed, is 415, and the answer says what is taken', async () => {
  for (const headers of [[], ['content-type', 'text/plain'], ['content-type', 'application/json', 'content-type', 'text/plain']]) {
    rejected(await post(open, '{}', headers), 415, 'Unsupported Media Type', { accept: 'application/json' });
  }
  rejected(await post(open, 'not gzip', [...JSON_BODY, 'content-encoding', 'gzip']), 415, 'Unsupported Media Type', { 'accept-encoding': 'identity' });
  rejected(await post(open, '{}', [...JSON_BODY, 'content-encoding', 'identity', 'content-encoding', 'br']), 415, 'Unsupported Media Type', { 'accept-encoding': 'identity' });
});

test('a HEAD has no body', async () => {
  const { status, body, headers } = await sent(open, 'HEAD', '/probes/a');
  assert.deepEqual([status, body, headers.allow], [405, undefined, 'GET']);
});

test('a body that can\'t be read is 400 with the path and the rule, and a line in the log', async () => {
  const { status, headers, body, lines } = await post(open, '{"id":"a"}', ['Content-Type', 'Application/JSON; charset=utf-8']);
  assert.deepEqual([status, headers['content-type'], headers['boma-outcome']], [400, PROBLEM, 'REJECTED']);
  assert.deepEqual(body, { title: 'Bad Request', status: 400, detail: 'name: missing' });
  assert.deepEqual(lines.map(({ severity, consumer, message }) => [severity, consumer, message]), [['INFO', 'greeter', 'REJECTED: name: missing']]);
  assert.equal((await post(open, '')).status, 400);
});

test('how Firestore fails stands in the log; the sender is told to come again', async () => {
  const { status, headers, body, lines } = await sent(open, 'GET', '/probes/a?again', { headers: ['if-none-match', '*'] });
  assert.deepEqual([status, headers['boma-outcome'], body], [503, 'FAULT', { title: 'Service Unavailable', status: 503 }]);
  const [{ severity, reason, detail }] = lines;
  assert.deepEqual([severity, reason], ['ERROR', 'read: UNAVAILABLE']);
  assert.match(detail, /nothing listens there/);
});

test('a trap is 500 without a word of it, a line with all of it, and the next request is answered', async () => {
  const { status, headers, body, lines } = await post(open, '{"id":"a","name":"boom"}');
  assert.deepEqual([status, headers['content-type'], body], [500, PROBLEM, { title: 'Internal Server Error', status: 500 }]);
  assert.deepEqual(lines.map(({ outcome, severity }) => [outcome, severity]), [['FAULT', 'ERROR']]);
  assert.match(lines[0].reason, /nobody is called that/);
  assert.match(lines[0].stack_trace, /RuntimeError/);
  assert.equal((await post(open, '{}')).status, 400);
});

test('who calls is asked first: a stranger isn\'t told whether there is such a path', async () => {
  for (const path of ['/probes/a', '/nothing']) {
    const nobody = await sent(closed, 'GET', path);
    assert.deepEqual([nobody.status, nobody.headers['www-authenticate'], nobody.body], [401, 'Bearer', { title: 'Unauthorized', status: 401 }]);
    const another = await sent(closed, 'GET', path, { headers: ['authorization', bearer({ email: 'another@example.org' })] });
    assert.deepEqual([another.status, another.headers['www-authenticate'], another.body], [403, undefined, { title: 'Forbidden', status: 403 }]);
    assert.deepEqual(another.lines.map(({ outcome, reason }) => [outcome, reason]), [['FORBIDDEN', 'token.email: another caller than BOMA_CALLER']]);
  }
  const twice = ['authorization', bearer(), 'authorization', bearer()];
  assert.equal((await sent(closed, 'GET', '/probes/a', { headers: twice })).status, 401);
  rejected(await sent(closed, 'GET', '/nothing', { headers: ['authorization', bearer()] }), 404, 'Not Found');
});

test('neither the body nor the project is asked for where the head is refused', async () => {
  const unasked = () => assert.fail('it is asked for');
  const caller = { email: 'a@example.org', audience: 'https://a.example.org' };
  const invoked = (head, who = null) => invoke({ head: { headers: [], ...head }, caller: who, body: unasked, host: unasked }, unasked);
  const status = async (...head) => (await invoked(...head)).status;
  assert.equal(await status({ method: 'POST', path: '/probes' }, caller), 401);
  assert.equal(await status({ method: 'POST', path: '/nothing' }), 404);
  assert.equal(await status({ method: 'PUT', path: '/probes' }), 405);
  assert.equal(await status({ method: 'POST', path: '/probes' }), 415);
});
