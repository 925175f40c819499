import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cargoTally, nodeTally, runAndTally, slowestTen } from './tally.js';

test('the results of all test programs of cargo are added up', () => {
  const output = [
    'running 3 tests',
    'test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
    'test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
  ].join('\n');
  assert.deepEqual(cargoTally(output), { passed: 4, failed: 2, timed: [] });
  assert.deepEqual(cargoTally('nothing was run'), { passed: 0, failed: 0, timed: [] });
});

test("the summary of Node's runner counts, and not what a test printed before", () => {
  const output = 'ℹ pass 99\n✔ a test\nℹ tests 7\nℹ pass 4\nℹ fail 2\nℹ cancelled 1\nℹ skipped 0\n';
  const { passed, failed } = nodeTally(output);
  assert.deepEqual({ passed, failed }, { passed: 4, failed: 3 });
});

test('the ten tests that took longest are told, those within others and the red ones, too', () => {
  const quick = Array.from({ length: 12 }, (_, index) => `✔ quick ${index} (${index}.25ms)`);
  const { timed } = nodeTally(['▶ a group', '  ✔ within (it waits) (20000ms)', '▶ a group (20001ms)', '✖ red (1500.5ms)', ...quick, 'ℹ duration_ms 99999'].join('\n'));
  const lines = slowestTen(timed);
  assert.deepEqual(lines.slice(0, 3), ['  20.0 s  within (it waits)', '   1.5 s  red', '   0.0 s  quick 11']);
  assert.equal(lines.length, 10);
});

test('a command that fails, or is killed, has no exit code of success', async () => {
  const run = (script) => runAndTally(process.execPath, ['-e', script], () => ({ passed: 0, failed: 0 }));
  assert.equal((await run('process.exit(3)')).code, 3);
  assert.equal((await run('process.kill(process.pid, "SIGKILL")')).code, 1);
  assert.equal((await run('')).code, 0);
});
