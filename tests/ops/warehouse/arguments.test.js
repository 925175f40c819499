// The command line of npm run warehouse.
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseArguments } from '../../../ops/warehouse/arguments.js';

const WRONG = [
  [['fill'], /^"fill" is no command: estimate, backfill, reconcile or replay/],
  [['--dry-run'], /^Say what to do first/],
  [['backfill', 'users'], /^"users" is not a flag/],
  [['backfill', '--max-cost', 'free'], /^--max-cost "free" is not an amount of dollars/],
  [['backfill', '--max-cost=-1'], /^--max-cost "-1" is not an amount of dollars/],
  [['backfill', '--max-cost'], /^--max-cost needs a value: --max-cost USD/],
  [['backfill', '--grace', '5'], /^--grace is a flag of reconcile, not of backfill/],
  [['reconcile', '--grace', '3600'], /^--grace "3600" is not a number of seconds up to 3000: Firestore keeps past versions for an hour/],
  [['replay', '--json'], /^--json is a flag of estimate and backfill and reconcile, not of replay/],
  [['estimate', '--dry-run', '--dry-run'], /^--dry-run may be given only once/],
  [['estimate', '--dry-run=yes'], /^--dry-run takes no value/],
  [['estimate', '--cheap'], /^--cheap is not a flag of warehouse/],
  [['estimate', '--project', 'X'], /^--project "X" is not a project id/],
  [['estimate', '--database', 'other'], /^--database goes with --project/],
];
for (const [args, why] of WRONG) {
  test(`${args.join(' ')} is refused in one sentence`, () => {
    assert.throws(() => parseArguments(args), ({ message }) => why.test(message) && !message.includes('\n'));
  });
}

test('what was on its way has ten minutes on a real project, and none on the running stack', () => {
  assert.equal(parseArguments(['reconcile']).graceS, 0);
  assert.equal(parseArguments(['reconcile', '--project', 'acme-crm']).graceS, 600);
  assert.equal(parseArguments(['reconcile', '--project', 'acme-crm', '--grace', '5']).graceS, 5);
  assert.deepEqual(parseArguments(['backfill', '--max-cost', '0.25', '--dry-run']), { help: false, command: 'backfill', dryRun: true, json: false, maxCost: 0.25, graceS: 0, project: undefined, database: '(default)' });
});
