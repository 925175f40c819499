import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { WrongArguments } from '../../../local/wrong-arguments.js';
import { USAGE, parseArguments } from '../../../ops/dead-letters/arguments.js';

const ID = 'kyc.0123456789abcdef0123456789abcdef';
const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

const rejected = [
  ['flags without a command', ['--json'], 'list, show, replay or discard'],
  ['an unknown command', ['retry'], '"retry"'],
  ['an unknown flag', ['list', '--knd', 'REFUSED'], '--knd'],
  ['a short flag', ['list', '-k'], '-k'],
  ["another command's flag", ['list', '--why', 'x'], '--why is a flag of discard'],
  ['a flag without its value', ['list', '--consumer'], '--consumer FUNCTION'],
  ['an empty value', ['discard', ID, '--why', ' '], '--why TEXT'],
  ['a flag in place of a value', ['discard', ID, '--why', '--yes'], '--why TEXT'],
  ['a value for a switch', ['list', '--json=yes'], '--json'],
  ['a flag twice', ['list', '--kind', 'REFUSED', '--kind', 'AWAITED'], '--kind'],
  ['a switch twice', ['replay', '--all', '--all'], '--all'],
  ['a kind that there is not', ['list', '--kind', 'BROKEN'], '--kind "BROKEN"'],
  ['a status that there is not', ['list', '--status', 'CLOSED'], '--status "CLOSED"'],
  ['a time that is none', ['list', '--before', 'yesterday'], '--before "yesterday"'],
  ['the 31st of February', ['list', '--before', '2026-02-31'], '--before "2026-02-31"'],
  ['a time without its zone', ['list', '--after', '2026-03-01T10:00:00'], '--after'],
  ['times the wrong way round', ['list', '--after', '1h', '--before', '2h'], '--before 2h is not later than --after 1h'],
  ['an id for list', ['list', ID], `show ${ID}`],
  ['show without an id', ['show'], 'exactly one letter'],
  ['show with two', ['show', ID, ID.replace('0', '1')], 'exactly one letter'],
  ['an id of another kind', ['show', 'users/4711'], '"users/4711"'],
  ['replay of nothing named', ['replay', '--yes'], '--all'],
  ['discard of nothing named', ['discard', '--why', 'x', '--yes'], '--all'],
  ['discard without a reason', ['discard', ID], '--why'],
  ['ids with a filter', ['replay', ID, '--kind', 'REFUSED'], '--kind'],
  ['ids with --all', ['replay', ID, '--all'], '--all'],
  ['a filter with --all', ['discard', '--consumer', 'kyc', '--all', '--why', 'x'], '--all'],
  ['--status for replay, which takes open ones', ['replay', '--status', 'REPLAYED'], '--status is a flag of list'],
  ['seconds that are none', ['replay', ID, '--settle-within', '1m'], '--settle-within "1m"'],
  ['--settle-within without waiting', ['replay', ID, '--no-wait', '--settle-within', '5'], '--no-wait'],
  ['a project id with capitals', ['list', '--project', 'Boma'], '--project "Boma"'],
  ['--database without --project', ['list', '--database', 'eu'], '--project'],
];
for (const [what, args, named] of rejected) {
  test(`${what} is refused in one sentence that names it`, () => {
    assert.throws(() => parseArguments(args, NOW_MS), (error) => {
      assert.ok(error instanceof WrongArguments, error.stack);
      assert.ok(error.message.includes(named), error.message);
      assert.match(error.message, /\.$/);
      assert.ok(!error.message.includes('\n'));
      return true;
    });
  });
}

test('nothing and --help ask for help', () => {
  for (const args of [[], ['--help'], ['replay', '--help']]) assert.equal(parseArguments(args).help, true);
});

test('list shows the open letters unless it is told otherwise', () => {
  assert.deepEqual(parseArguments(['list']).filters, { status: 'OPEN' });
  assert.deepEqual(parseArguments(['list', '--status', 'discarded']).filters, { status: 'DISCARDED' });
  assert.equal(parseArguments(['list', '--status', 'all']).filters.status, undefined);
});

test('every filter is read, and times are moments', () => {
  const { filters } = parseArguments([
    'replay', '--consumer', 'kyc', '--kind=refused', '--type', 'KycHeld', '--subject', 's', '--reason', 'from: APPROVED', '--after', '2d', '--before', '2026-03-01T12:30:00+01:00',
  ], NOW_MS);
  assert.deepEqual(filters, {
    consumer: 'kyc', kind: 'REFUSED', type: 'KycHeld', subject: 's', reason: 'from: APPROVED',
    afterMs: Date.parse('2026-02-27T12:00:00Z'), beforeMs: Date.parse('2026-03-01T11:30:00Z'),
  });
  assert.equal(parseArguments(['list', '--after', '2026-03-01'], NOW_MS).filters.afterMs, Date.parse('2026-03-01T00:00:00Z'));
});

test('ids are read once each, with or without their collection', () => {
  assert.deepEqual(parseArguments(['replay', ID, `dead_letters/${ID}`]).ids, [ID]);
});

test('a replay asks, waits and publishes unless it is told otherwise', () => {
  const { yes, wait, dryRun, all, settleWithinMs, project, database } = parseArguments(['replay', '--all']);
  assert.deepEqual({ yes, wait, dryRun, all, settleWithinMs, project, database }, {
    yes: false, wait: true, dryRun: false, all: true, settleWithinMs: 300_000, project: undefined, database: '(default)',
  });
  assert.equal(parseArguments(['replay', '--all', '--no-wait']).wait, false);
});

test('how old a letter may be is said as the core has it, wherever it is said', () => {
  const text = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const days = (name) => new RegExp(`const ${name}: u64 = (\\d+);`).exec(text('crates/core/src/jobs/replay/refusal.rs'))[1];
  const [any, crashed] = [days('OLDEST_DAYS'), days('OLDEST_CRASHED_DAYS')];
  assert.match(USAGE, new RegExp(`older than ${any} days \\(${crashed} if CRASHED\\)`));
  assert.match(text('docs/decisions/replay.md'), new RegExp(`older than ${any} days \\(${crashed} if CRASHED\\)`));
  assert.match(text('docs/operations/alerts/crashed.md'), new RegExp(`Replay within ${crashed} days`));
  assert.match(text('docs/reliability.md'), new RegExp(`${any} days against the record's 45, ${crashed} for what crashed`));
});
