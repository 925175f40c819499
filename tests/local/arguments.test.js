import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { parseArguments } from '../../local/arguments.js';
import { WrongArguments } from '../../local/wrong-arguments.js';

const START = fileURLToPath(new URL('../../local/start.js', import.meta.url));

const rejected = [
  ['an unknown flag', ['--onec'], '--onec'],
  ['a short flag', ['-o'], '-o'],
  ['a file without its flag', ['events.ndjson'], '--events events.ndjson'],
  ['--events without a value', ['--events'], '--events'],
  ['--report followed by another flag', ['--report', '--once'], '--report'],
  ['an empty value', ['--export='], '--export'],
  ['a value for a switch', ['--once=yes'], '--once'],
  ['--report twice', ['--report', 'a', '--report', 'b'], '--report'],
  ['a project id with capitals', ['--project', 'Boma'], '--project'],
  ['--faults without a value', ['--faults', '--once'], '--faults SPEC'],
  ['--seed without --faults', ['--seed', '7'], '--faults'],
  ['a seed with a space', ['--faults', 'all', '--seed', 'a b'], '--seed "a b"'],
  ['--no-sample with --events', ['--no-sample', '--events', 'f'], '--no-sample'],
  ['--no-sample with --once', ['--no-sample', '--once'], '--no-sample'],
  ['--no-sample with --report', ['--no-sample', '--report', 'r'], '--no-sample'],
];
for (const [what, args, named] of rejected) {
  test(`${what} is refused in one sentence that names the flag`, () => {
    assert.throws(() => parseArguments(args), (error) => {
      assert.ok(error instanceof WrongArguments);
      assert.ok(error.message.includes(named), error.message);
      assert.match(error.message, /\.$/);
      assert.ok(!error.message.includes('\n'));
      return true;
    });
  });
}

test('several events files are kept in their order', () => {
  const given = parseArguments(['--once', '--events', 'a', '--events=b', '--report', 'r', '--export', 'd', '--no-barrier', '--project', 'demo-x1']);
  assert.deepEqual(given, {
    sample: false, once: true, events: ['a', 'b'], report: 'r', exportDir: 'd', barrier: false, project: 'demo-x1', faults: undefined, seed: undefined, help: false,
  });
});

test('without flags the sample is replayed', () => {
  assert.equal(parseArguments([]).sample, true);
  assert.equal(parseArguments(['--no-sample']).sample, false);
});

for (const [what, args, named] of [
  ['a file that is not there', ['--once', '--events', '/nowhere/events.ndjson'], '--events /nowhere/events.ndjson'],
  ['a folder in place of a file', ['--once', '--events', '/'], '--events /'],
  ['a report that is a folder', ['--once', '--report', '/'], '--report /'],
]) {
  test(`${what} ends with status 2 before anything is set up`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [START, ...args], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.ok(stderr.includes(named), stderr);
    assert.equal(stderr.trim().split('\n').length, 1);
    assert.equal(stdout, '');
  });
}
