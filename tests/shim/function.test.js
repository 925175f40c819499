// The built function as it is deployed, behind functions-framework, with a gRPC server in Firestore's place.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startEchoServer } from './echo-server.js';

const program = fileURLToPath(new URL('function-process.js', import.meta.url));
let echo;
let child;
let url;
let output = '';

before(async () => {
  echo = await startEchoServer();
  child = started({ FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const [{ port }] = await once(child, 'message');
  url = `http://127.0.0.1:${port}/`;
});

after(() => {
  child.kill();
  echo.close();
});

function started(settings) {
  const env = { PATH: process.env.PATH, ...settings };
  return fork(program, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

/** Posts the orders, in an array because the framework takes no bare JSON string; the answer, and the lines that were logged meanwhile. */
async function delivered(orders, { contentType = 'application/json' } = {}) {
  const from = output.length;
  const headers = contentType === null ? {} : { 'content-type': contentType };
  const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(JSON.stringify([orders])) });
  const text = await response.text();
  await untilLogged(from);
  const lines = output.slice(from).trim().split('\n').map((each) => JSON.parse(each));
  return { status: response.status, outcome: response.headers.get('boma-outcome'), text, lines };
}

/** The line is written before the response, but comes through another pipe. */
async function untilLogged(from) {
  for (let tries = 0; tries < 200 && !output.slice(from).endsWith('\n'); tries += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

test('a delivery leaves the domain that the framework runs it in', async () => {
  const [[{ isInDomain }]] = await Promise.all([once(child, 'message'), delivered('echo:a')]);
  assert.equal(isInDomain, false);
});

test('a delivery goes through HTTP, Wasm and gRPC and back', async () => {
  const { status, outcome, text, lines } = await delivered('echo:a;stream:b;bidi:c');
  assert.deepEqual([status, outcome, text], [204, 'APPLIED', '']);
  assert.equal(lines.length, 1);
  const [{ durationMs, ...line }] = lines;
  assert.ok(Number.isInteger(durationMs));
  assert.deepEqual(line, {
    severity: 'INFO',
    message: 'APPLIED',
    outcome: 'APPLIED',
    answers: '0 [a],0 [b+b+b],0 [c]',
    attempt: 1,
    database: '(default)',
    project: 'p',
  });
});

test('a panic is 500 to the caller, without its text, and one line in the log, with it', async () => {
  const { status, outcome, text, lines } = await delivered('panic:between us');
  assert.deepEqual([status, outcome, text], [500, 'FAULT', '']);
  assert.equal(lines.length, 1);
  assert.equal(lines[0].severity, 'ERROR');
  assert.match(lines[0].message, /between us/);
});

test('50 posted at once, one of which traps: 49 are settled', async () => {
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, i) => delivered(i === 30 ? 'wait:20;panic:boom' : `echo:${i};wait:40;echo:${i}`)),
  );
  const count = (wanted) => responses.filter(({ outcome }) => outcome === wanted).length;
  assert.deepEqual([count('APPLIED'), count('FAULT')], [49, 1]);
});

test('without a content-type the body is empty, and that is for the Wasm to judge', async () => {
  const { status, lines } = await delivered('echo:unseen', { contentType: null });
  assert.equal(status, 204);
  assert.equal(lines[0].answers, '');
});

test('a GET is no delivery', async () => {
  assert.equal((await fetch(url)).status, 405);
});

test('deployed with an emulator setting it does not start', async () => {
  const refused = started({ FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p', K_SERVICE: 'probe' });
  let complaint = '';
  refused.stderr.on('data', (text) => {
    complaint += text;
  });
  refused.once('message', () => refused.kill());
  const [code] = await once(refused, 'close');
  assert.equal(code, 1);
  assert.match(complaint, /FIRESTORE_EMULATOR_HOST is set in a deployed function/);
});
