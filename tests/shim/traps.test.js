// What becomes of a delivery that breaks the instance it runs in, and of those that ran beside it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { probeModule } from './probe.js';
import { answersOf, head, host, invoked, invokedWith } from './invoked.js';

const { Invocation, Stale } = probeModule('wasm.js');

const BEGAN_AT_MS = 1_700_000_000_000;
const STALE = 'the instance in which this delivery began is gone';

/** Settles the orders over a wire that says what it is asked, and before it answers does what `meanwhile` names for that. */
async function invokedWhile(orders, meanwhile) {
  const calls = [];
  const result = await invokedWith(orders, async ({ bytes }) => {
    const text = Buffer.from(bytes).toString();
    calls.push(text);
    await meanwhile[text]?.();
    return { messages: [bytes], status: 0, detail: '' };
  });
  return { ...result, calls };
}

const another = () => invoked('panic:another one');

test('a panic fails its own delivery with its text, and the next one runs', async () => {
  const failed = await invoked('panic:the sum is off');
  assert.deepEqual([failed.status, failed.outcome, failed.severity], [500, 'FAULT', 'ERROR']);
  assert.match(failed.log.reason, /^panicked at .*probe.*\nthe sum is off$/);
  assert.match(failed.log.stack_trace, /RuntimeError: unreachable/);
  assert.equal(answersOf(await invoked('echo:still here')), '0 [still here]');
});

test('a stack overflow and a full memory are traps like a panic, and say which function it was', async () => {
  const said = {
    recurse: 'RuntimeError: memory access out of bounds in probe::depth',
    recurseInSmall: 'RangeError: Maximum call stack size exceeded in probe::height',
    hog: 'RuntimeError: unreachable in std::alloc::rust_oom::{closure#0}',
  };
  await invoked('panic:an earlier one');
  for (const [order, text] of Object.entries(said)) {
    const failed = await invoked(order);
    assert.deepEqual([failed.outcome, failed.log.reason, answersOf(failed)], ['FAULT', text, text]);
    assert.equal(answersOf(await invoked('echo:b')), '0 [b]');
  }
});

test('with 50 in flight and one that traps, the other 49 finish once', async () => {
  const calls = [];
  const all = Array.from({ length: 50 }, (_, i) =>
    invoked(i === 25 ? 'wait:15;panic:boom' : `echo:${i};wait:30;echo:${i}`, { calls, delayMs: 5 }),
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

test('a message that trapped is taken up again in the next instance, and its line says what broke the first', async () => {
  const { calls, ...result } = await invokedWhile('echo:before;panic:boom|echo:filing', {});
  assert.deepEqual(calls, ['before', 'filing']);
  assert.deepEqual([result.status, result.outcome], [204, 'APPLIED']);
  assert.match(result.log.reason, /^panicked at .*\nboom$/);
  assert.equal(answersOf(result), `${result.log.reason},0 [filing]`);
  assert.match(result.log.stack_trace, /RuntimeError: unreachable/);
  assert.ok(!('restarts' in result.log), 'it is a restart of nobody else\'s making that is counted');
});

test('what is filed of a long panic is its beginning', async () => {
  const { log } = await invoked(`panic:${'long '.repeat(1_000)}|now`);
  assert.equal(log.reason.length, 1_000);
  assert.ok(answersOf({ log }).startsWith(`${log.reason},`));
});

test('while it waits for the answer to its filing another one traps: it files again, once', async () => {
  const traps = [another];
  const result = await invokedWhile('panic:boom|echo:filing', { filing: () => traps.pop()?.() });
  assert.deepEqual(result.calls, ['filing', 'filing']);
  assert.deepEqual([result.outcome, result.log.restarts], ['APPLIED', 1]);
  assert.match(answersOf(result), /^panicked at .*\nboom,0 \[filing\]$/);
});

test('several that trap at once are each settled, each with its own text', async () => {
  const all = await Promise.all(Array.from({ length: 3 }, (_, i) => invoked(`wait:5;panic:boom ${i}|wait:3;echo:${i}`)));
  for (const [i, result] of all.entries()) {
    assert.equal(result.outcome, 'APPLIED', `number ${i}: ${result.log.reason}`);
    assert.match(result.log.reason, new RegExp(`\nboom ${i}$`));
    assert.equal(answersOf(result), `${result.log.reason},0 [${i}]`);
  }
  assert.ok(all.some(({ log }) => log.restarts > 0), 'none of them was in flight when another one trapped');
});

test('a message that traps in its second taking up as well is left to redelivery', async () => {
  const { calls, ...failed } = await invokedWhile('panic:boom|echo:filing;panic:no end of it', {});
  assert.deepEqual(calls, ['filing']);
  assert.deepEqual([failed.status, failed.outcome, failed.severity, failed.log.consumer], [500, 'FAULT', 'ERROR', 'probe']);
  assert.match(failed.log.reason, /\nboom$/);
  assert.match(failed.log.unfiled, /\nno end of it$/);
  assert.equal(answersOf(await invoked('echo:c')), '0 [c]');
});

test('a delivery begins again at most twice', async () => {
  const result = await invokedWhile('echo:a;echo:b', { a: another });
  assert.deepEqual(result.calls, ['a', 'a', 'a']);
  assert.deepEqual([result.outcome, result.log.reason, result.log.restarts], ['FAULT', STALE, 2]);
});

test('also twice in all, before its own trap and after it', async () => {
  const traps = [another];
  const result = await invokedWhile('echo:a;panic:boom|echo:filing', { a: () => traps.pop()?.(), filing: another });
  assert.deepEqual(result.calls, ['a', 'a', 'filing', 'filing']);
  assert.deepEqual([result.outcome, result.log.restarts, result.log.unfiled], ['FAULT', 2, STALE]);
  assert.match(result.log.reason, /\nboom$/);
});

test('a conversation that begins again goes on with the time of the first', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: BEGAN_AT_MS });
  const takesLong = async () => t.mock.timers.tick(34_000);
  const afterOwn = await invokedWhile('echo:a;panic:boom|now;echo:b;now', { a: takesLong });
  assert.deepEqual(answersOf(afterOwn).split(',').slice(-3), [`${BEGAN_AT_MS}`, '0 [b]', `${BEGAN_AT_MS + 34_000}`]);

  t.mock.timers.setTime(BEGAN_AT_MS);
  const traps = [another];
  const afterAnothers = await invokedWhile('now;echo:a;now', {
    async a() {
      if (traps.length > 0) await takesLong();
      await traps.pop()?.();
    },
  });
  assert.equal(answersOf(afterAnothers), `${BEGAN_AT_MS},0 [a],${BEGAN_AT_MS + 34_000}`);
});

test('after 35 seconds none begins any more, so that the function answers before its end', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: BEGAN_AT_MS });
  const afterItsOwn = (ms) => invokedWhile('echo:a;panic:boom|echo:filing', { a: async () => t.mock.timers.tick(ms) });
  assert.deepEqual((await afterItsOwn(35_000)).calls, ['a', 'filing']);
  const late = await afterItsOwn(35_001);
  assert.deepEqual([late.calls, late.status, late.outcome], [['a'], 500, 'FAULT']);
  assert.match(late.log.reason, /\nboom$/);
  assert.ok(!('unfiled' in late.log));

  const afterAnothers = (ms) => invokedWhile('echo:a', {
    async a() {
      t.mock.timers.tick(ms);
      await another();
    },
  });
  assert.equal((await afterAnothers(10_000)).log.restarts, 2);
  assert.equal((await afterAnothers(17_501)).log.restarts, 1);
  assert.equal((await afterAnothers(35_001)).log.restarts, undefined);
});

test('a trap when all is done is an error in the log, and changes nothing of what was done', async () => {
  const { calls, ...result } = await invokedWhile('echo:a;later:at the very end|echo:filing', {});
  assert.deepEqual(calls, ['a']);
  assert.deepEqual([result.status, result.outcome, result.severity], [204, 'APPLIED', 'ERROR']);
  assert.match(result.log.reason, /\nat the very end$/);
  assert.match(result.log.stack_trace, /RuntimeError/);
  assert.equal(answersOf(await invoked('echo:b')), '0 [b]');
});

/** An invocation that has its body, and the step that it then names. */
function begun(body) {
  const invocation = new Invocation(head, null);
  assert.equal(invocation.begin().kind, 'body');
  return { invocation, step: invocation.body({ bytes: Buffer.from(body) }, host) };
}

test('an object of before a trap is refused, and freeing it frees nothing of the new instance', async () => {
  const { invocation: old } = begun('echo:a;echo:b');
  await invoked('panic:x');
  const { invocation: present, step } = begun('echo:mine');
  assert.throws(() => old.waited(), Stale);
  old.free();
  assert.equal(Buffer.from(step.bytes).toString(), 'mine');
  present.free();
});

test('bytes handed out stay as they are when the memory grows or the instance goes', async () => {
  const { step: { bytes } } = begun('echo:keep me');
  const { invocation: large } = begun(`echo:${'a'.repeat(8_000_000)}`);
  await invoked('panic:x');
  assert.equal(Buffer.from(bytes).toString(), 'keep me');
  large.free();
});

test('memory does not grow over 1,000 resets', async () => {
  const residentMb = () => process.memoryUsage().rss / 1e6;
  const trapped = async (count) => {
    for (let i = 0; i < count; i += 1) await invoked(i % 2 === 0 ? 'panic:x' : 'recurse');
  };
  await trapped(200);
  const beforeMb = residentMb();
  await trapped(1_000);
  const grownMb = residentMb() - beforeMb;
  // Who recurses fills the stack, a megabyte of the instance: those alone, if they stayed, would be over 500 MB. The collector
  // isn't prompt.
  assert.ok(grownMb < 100, `it grew by ${grownMb.toFixed(0)} MB`);
});
