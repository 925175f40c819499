import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { probeModule } from './probe.js';

const { settle } = probeModule('settle.js');
const { Delivery, Stale } = probeModule('wasm.js');
const { line } = probeModule('log.js');
const host = { project: 'p', database: '(default)' };

/** Settles a body of orders; `calls` gathers what was asked of the wire. */
async function settled(orders, { calls = [], delayMs = 0 } = {}) {
  return settle(Buffer.from(orders), host, async (step) => {
    calls.push({ ...step, bytes: Buffer.from(step.bytes).toString() });
    await sleep(delayMs);
    return { messages: [step.bytes], status: 0, detail: '' };
  });
}

const answersOf = ({ log }) => log.answers;

test('each kind of step is done, and its result brought back', async () => {
  const calls = [];
  const result = await settled('echo:a;wait:1;stream:b;bidi:c', { calls });
  assert.deepEqual(result, {
    kind: 'done',
    status: 204,
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
  assert.equal(answersOf(await settle(Buffer.from('echo:a'), host, call)), '9 [x+y]');
});

test('what the last failed rpc said is logged if the delivery fails, and only then', async () => {
  const refuse = async ({ bytes }) => ({ messages: [], status: 7, detail: `no ${Buffer.from(bytes)} for you` });
  const settledWith = (orders) => settle(Buffer.from(orders), host, refuse);
  assert.equal((await settledWith('echo:bread;echo:soup;fault')).log.detail, 'no soup for you');
  assert.equal((await settledWith('echo:soup;panic:x')).log.detail, 'no soup for you');
  assert.ok(!('detail' in (await settledWith('echo:soup')).log));
  assert.equal((await settledWith('fault')).log.detail, undefined);
});

test('the clock that the Wasm is given goes on during a wait', async () => {
  const [before, after] = answersOf(await settled('now;wait:30;now')).split(',').map(Number);
  assert.ok(Math.abs(Date.now() - after) < 1_000, `the Wasm was told ${after}`);
  assert.ok(after - before >= 29, `it went on by ${after - before} ms`);
});

test('numbers of the log line are numbers, up to the largest', async () => {
  const { log } = await settled('number:0;number:4294967295');
  assert.deepEqual([log.n1, log.n2], [0, 4_294_967_295]);
});

test('50 in flight at once each get their own answers', async () => {
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, i) => settled(`echo:${i};wait:${i % 7};echo:${i}`, { delayMs: i % 5 })),
  );
  assert.deepEqual(results.map(answersOf), Array.from({ length: 50 }, (_, i) => `0 [${i}],0 [${i}]`));
});

test('a panic fails its own delivery with its text, and the next one runs', async () => {
  const failed = await settled('panic:the sum is off');
  assert.deepEqual([failed.status, failed.outcome, failed.severity], [500, 'FAULT', 'ERROR']);
  assert.match(failed.log.reason, /^panicked at .*probe.*\nthe sum is off$/);
  assert.match(failed.log.stack_trace, /RuntimeError: unreachable/);
  assert.equal(failed.log.consumer, 'probe');
  assert.equal(answersOf(await settled('echo:still here')), '0 [still here]');
});

test('a stack overflow and a full memory are faults like a panic', async () => {
  for (const order of ['recurse', 'hog']) {
    const failed = await settled(order);
    assert.equal(failed.outcome, 'FAULT', order);
    assert.doesNotMatch(failed.log.reason, /the sum is off/, 'the text of an earlier panic');
    assert.equal(answersOf(await settled('echo:b')), '0 [b]');
  }
});

test('with 50 in flight and one that traps, the other 49 finish once', async () => {
  const calls = [];
  const all = Array.from({ length: 50 }, (_, i) =>
    settled(i === 25 ? 'wait:15;panic:boom' : `echo:${i};wait:30;echo:${i}`, { calls, delayMs: 5 }),
  );
  const results = await Promise.all(all);
  const outcomes = results.map(({ outcome }) => outcome);
  assert.equal(outcomes[25], 'FAULT');
  assert.deepEqual(outcomes.filter((outcome) => outcome === 'APPLIED').length, 49);
  for (const [i, result] of results.entries()) {
    if (i !== 25) assert.deepEqual([answersOf(result), result.log.restarts], [`0 [${i}],0 [${i}]`, 1]);
  }
  // Each began again from its body, so the first rpc was done twice and the second once.
  assert.equal(calls.length, 49 * 3);
});

test('a delivery begins again at most twice', async () => {
  const calls = [];
  const breakThrice = async (step) => {
    calls.push(step.path);
    await settled('panic:another one');
    return { messages: [], status: 0, detail: '' };
  };
  const result = await settle(Buffer.from('echo:a;echo:b'), host, breakThrice);
  assert.equal(result.outcome, 'FAULT');
  assert.equal(result.log.reason, 'the instance in which this delivery began is gone');
  assert.equal(result.log.restarts, 2);
  assert.equal(calls.length, 3);
});

test('a delivery that began more than five seconds ago does not begin again', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 });
  const breakAfter = async (ms) => {
    const call = async ({ bytes }) => {
      if (Buffer.from(bytes).toString() !== 'once') return { messages: [], status: 0, detail: '' };
      t.mock.timers.tick(ms);
      await settled('panic:another one');
      return { messages: [], status: 0, detail: '' };
    };
    return (await settle(Buffer.from('echo:once;echo:b'), host, call)).log.restarts ?? 0;
  };
  assert.equal(await breakAfter(2_000), 2);
  assert.equal(await breakAfter(5_001), 0);
});

test('an object of before a trap is refused, and freeing it frees nothing of the new instance', async () => {
  const old = new Delivery(Buffer.from('echo:a;echo:b'), host);
  old.begin();
  await settled('panic:x');
  const present = new Delivery(Buffer.from('echo:mine'), host);
  assert.throws(() => old.waited(), Stale);
  old.free();
  assert.equal(Buffer.from(present.begin().bytes).toString(), 'mine');
  present.free();
});

test('bytes handed out stay as they are when the memory grows or the instance goes', async () => {
  const delivery = new Delivery(Buffer.from('echo:keep me'), host);
  const { bytes } = delivery.begin();
  const large = new Delivery(Buffer.alloc(8_000_000, 'a'), host);
  await settled('panic:x');
  assert.equal(Buffer.from(bytes).toString(), 'keep me');
  large.free();
});

test('memory does not grow over 1,000 resets', async () => {
  const residentMb = () => process.memoryUsage().rss / 1e6;
  for (let i = 0; i < 200; i += 1) await settled('panic:x');
  const beforeMb = residentMb();
  for (let i = 0; i < 1_000; i += 1) await settled('panic:x');
  const grownMb = residentMb() - beforeMb;
  // An instance has 1.1 MB from the start, so a thousand that stay would be over 1,000 MB; the collector isn't prompt.
  assert.ok(grownMb < 100, `it grew by ${grownMb.toFixed(0)} MB`);
});

test('memory does not grow over 5,000 deliveries', async () => {
  const residentMb = () => process.memoryUsage().rss / 1e6;
  const orders = 'number:1;'.repeat(1_000);
  const deliver = async (count) => {
    for (let i = 0; i < count; i += 1) await settled(orders);
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
    const text = line(await settled(orders), measured);
    assert.ok(!text.includes(secret), text);
  }
  assert.match(JSON.parse(line(await settled('panic:out of order'), measured)).message, /^FAULT: panicked at .*\nout of order$/);
});
