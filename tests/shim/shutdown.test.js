// What becomes of deliveries when Cloud Run ends an instance: a SIGTERM, and 10 s later a SIGKILL.

import assert from 'node:assert/strict';
import http from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { startEchoServer } from './echo-server.js';
import { startByFramework } from './framework-child.js';

const MOST_MS = 9_000; // 8 s, and what a busy machine adds.

let echo;
let probe;
const agent = new http.Agent({ keepAlive: true });

beforeEach(async () => {
  echo = await startEchoServer();
  probe = await startByFramework({ FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p' });
});

afterEach(() => {
  probe.stop();
  echo.close();
});

/** The status and outcome of a delivery over connections that are kept open; of one that isn't answered, how it ended. */
function delivered(orders) {
  return new Promise((resolve) => {
    const request = http.request(probe.url, { agent, method: 'POST', headers: { 'content-length': Buffer.byteLength(orders) } }, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode, outcome: response.headers['boma-outcome'] }));
    });
    request.once('error', ({ code }) => resolve({ code }));
    request.end(orders);
  });
}

const APPLIED = { status: 204, outcome: 'APPLIED' };

test('what is in flight at a SIGTERM finishes, and the process ends with 0', async () => {
  assert.deepEqual(await delivered('echo:a'), APPLIED);
  const all = Array.from({ length: 5 }, (_, i) => delivered(`echo:a;wait:${600 + 200 * i};echo:b`));
  await sleep(300);
  probe.child.kill('SIGTERM');
  assert.deepEqual(await Promise.all(all), all.map(() => APPLIED));
  assert.deepEqual(await probe.ended, { code: 0, signal: null });
  assert.equal(probe.stderr(), '');
});

for (const [first, second] of [['SIGTERM', 'SIGTERM'], ['SIGTERM', 'SIGINT'], ['SIGINT', 'SIGINT']]) {
  test(`${first} and then ${second} end nothing that is in flight`, async () => {
    assert.deepEqual(await delivered('echo:a'), APPLIED);
    const slow = delivered('echo:a;wait:900;echo:b');
    await sleep(200);
    probe.child.kill(first);
    await sleep(200);
    probe.child.kill(second);
    assert.deepEqual(await slow, APPLIED);
    assert.deepEqual(await probe.ended, { code: 0, signal: null });
  });
}

test('after it nothing new is taken: no connection, and no delivery over one that is open', async () => {
  const [idle, long] = [delivered('echo:a;wait:200'), delivered('echo:a;wait:2000;echo:b')];
  await idle;
  // This one comes over the connection of the first, which the process has told to be at its end.
  const body = 'echo:late';
  const half = http.request(probe.url, { agent: new http.Agent(), method: 'POST', headers: { 'content-length': body.length } });
  half.on('error', () => {});
  half.flushHeaders();
  await sleep(300);
  probe.child.kill('SIGTERM');
  await sleep(200);
  assert.deepEqual(await delivered('echo:new'), { code: 'ECONNREFUSED' });
  half.end(body);
  assert.deepEqual(await long, APPLIED);
  assert.deepEqual(await probe.ended, { code: 0, signal: null });
});

test('a delivery that never ends is left to redelivery after 8 s, and the process ends with 0', async () => {
  const never = delivered('echo:a;wait:60000');
  await sleep(300);
  const beganAt = performance.now();
  probe.child.kill('SIGTERM');
  assert.deepEqual(await probe.ended, { code: 0, signal: null });
  const tookMs = performance.now() - beganAt;
  assert.ok(tookMs > 7_500 && tookMs < MOST_MS, `it took ${tookMs.toFixed(0)} ms`);
  assert.notEqual((await never).status, 204);
  assert.equal(probe.stderr(), '');
});

test('where nothing is in flight it ends at once', async () => {
  await delivered('echo:a');
  const beganAt = performance.now();
  probe.child.kill('SIGTERM');
  assert.deepEqual(await probe.ended, { code: 0, signal: null });
  assert.ok(performance.now() - beganAt < 3_000);
});
