import assert from 'node:assert/strict';
import { test } from 'node:test';

import { probeModule } from './probe.js';
import { answersOf, invoked, invokedWith } from './invoked.js';

const { line } = probeModule('log.js');

test('each kind of step is done, and its result brought back', async () => {
  const calls = [];
  const result = await invoked('echo:a;wait:1;stream:b;bidi:c', { calls });
  assert.deepEqual(result, {
    kind: 'done',
    status: 204,
    headers: { 'boma-outcome': 'APPLIED' },
    outcome: 'APPLIED',
    severity: 'INFO',
    log: { answers: '0 [a],0 [b],0 [c]', attempt: 1, database: '(default)', project: 'p' },
  });
  const rpc = { kind: 'rpc', target: 'firestore', timeoutMs: 5_000, metadata: { 'probe-says': 'hello' } };
  assert.deepEqual(calls, [
    { ...rpc, path: '/probe.Echo/Unary', call: 'unary', bytes: 'a' },
    { ...rpc, path: '/probe.Echo/Stream', call: 'serverStream', bytes: 'b' },
    { ...rpc, path: '/probe.Echo/Bidi', call: 'bidi', bytes: 'c' },
  ]);
});

test('the status of an rpc reaches the Wasm, and so do several messages', async () => {
  const call = async () => ({ messages: [Buffer.from('x'), new Uint8Array([121])], status: 9, detail: 'why' });
  assert.equal(answersOf(await invokedWith('echo:a', call)), '9 [x+y]');
});

test('what the last failed rpc said is logged if the delivery fails, and only then', async () => {
  const refuse = async ({ bytes }) => ({ messages: [], status: 7, detail: `no ${Buffer.from(bytes)} for you` });
  const refusedWith = (orders) => invokedWith(orders, refuse);
  assert.equal((await refusedWith('echo:bread;echo:soup;fault')).log.detail, 'no soup for you');
  assert.equal((await refusedWith('echo:soup;panic:x')).log.detail, 'no soup for you');
  assert.ok(!('detail' in (await refusedWith('echo:soup')).log));
  assert.equal((await refusedWith('fault')).log.detail, undefined);
});

test('the clock that the Wasm is given goes on during a wait', async () => {
  const [before, after] = answersOf(await invoked('now;wait:30;now')).split(',').map(Number);
  assert.ok(Math.abs(Date.now() - after) < 1_000, `the Wasm was told ${after}`);
  assert.ok(after - before >= 29, `it went on by ${after - before} ms`);
});

test('numbers of the log line are numbers, up to the largest', async () => {
  const { log } = await invoked('number:0;number:4294967295');
  assert.deepEqual([log.n1, log.n2], [0, 4_294_967_295]);
});

test('50 in flight at once each get their own answers', async () => {
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, i) => invoked(`echo:${i};wait:${i % 7};echo:${i}`, { delayMs: i % 5 })),
  );
  assert.deepEqual(results.map(answersOf), Array.from({ length: 50 }, (_, i) => `0 [${i}],0 [${i}]`));
});

test('memory does not grow over 5,000 deliveries', async () => {
  const residentMb = () => process.memoryUsage().rss / 1e6;
  const orders = 'number:1;'.repeat(1_000);
  const deliver = async (count) => {
    for (let i = 0; i < count; i += 1) await invoked(orders);
  };
  await deliver(2_000);
  const beforeMb = residentMb();
  await deliver(5_000);
  const grownMb = residentMb() - beforeMb;
  assert.ok(grownMb < 50, `it grew by ${grownMb.toFixed(0)} MB`);
});

test('the log line has the text of a panic and nothing of the body', async () => {
  const secret = 'jan.novak@example.com';
  const measured = { durationMs: 1, project: 'p' };
  for (const orders of [`ignore:${secret}`, `panic:out of order;echo:${secret}`, `wait:0;recurse;echo:${secret}`]) {
    const text = line(await invoked(orders), measured);
    assert.ok(!text.includes(secret), text);
  }
  assert.match(JSON.parse(line(await invoked('panic:out of order'), measured)).message, /^FAULT: panicked at .*\nout of order$/);
});
