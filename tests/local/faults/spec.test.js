import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { faultPlan } from '../../../local/faults/plan.js';
import { ALL, ALL_OF_WAREHOUSE, namedCalls, parseFaults } from '../../../local/faults/spec.js';
import { WrongArguments } from '../../../local/wrong-arguments.js';

const START = fileURLToPath(new URL('../../../local/start.js', import.meta.url));

const REFUSED = [
  ['duplicate=x', 'duplicate=x: not a rate between 0 and 1'],
  ['duplicate=1.5', 'duplicate=1.5: not a rate between 0 and 1'],
  ['twin=0.1,duplicate=-0.1', 'duplicate=-0.1: not a rate between 0 and 1'],
  ['lost=0.0000001', 'lost=0.0000001: a rate below 0.00001 would never strike'],
  ['duplicate', 'duplicate: it needs a value: duplicate=0.05'],
  ['kill-router', 'kill-router: it needs a value: kill-router=10s'],
  ['duplicate=0.1,duplicate=0.2', 'duplicate=0.2: duplicate may be given only once'],
  ['all,all:0.5', 'all:0.5: all may be given only once'],
  ['duplicate=0.1,,lost=0.1', '"": a part is missing between two commas'],
  ['explode=0.1', 'explode=0.1: there is no such fault; there are duplicate, twin, delay, reorder, status, lost, kill-functions, kill-router, and those of calls, such as commit.lost'],
  ['toString=0.1', 'toString=0.1: there is no such fault; there are '],
  ['rollback.lost=0.1', 'rollback.lost=0.1: there is no such call; there are read, commit, publish, append'],
  ['append.lost=0.1', 'append.lost=0.1: nothing is appended without --warehouse'],
  ['commit.explode=0.1', 'commit.explode=0.1: there is no such fault of a call; there are drop, '],
  ['commit.lost.twice=0.1', 'commit.lost.twice=0.1: there is no such fault of a call; there are drop, '],
  ['commit.lost=0.6,commit.cut=0.6', 'commit.*: its rates come to more than 1'],
  ['delay=0.1:500', 'delay=0.1:500: not a range such as 50-500ms or 1-2s'],
  ['delay=0.1:500-50ms', 'delay=0.1:500-50ms: the range must begin with its smaller end'],
  ['twin=0.1:50-500ms', 'twin=0.1:50-500ms: only delay has a range'],
  ['kill-functions=0.1', 'kill-functions=0.1: not a duration such as 10s, 1500ms or 2m'],
  ['kill-functions=100ms', 'kill-functions=100ms: not between 1 s and an hour'],
  ['kill-functions=2s:often', 'kill-functions=2s:often: after the colon stands how often at the most'],
  ['kill-functions=2s:', 'kill-functions=2s:: after the colon stands how often at the most'],
  ['kill-functions=2s:1:1', 'kill-functions=2s:1:1: after the colon stands how often at the most'],
  ['all:0', 'all:0: not a factor above 0 and up to 2'],
  ['all:often', 'all:often: not a factor above 0 and up to 2'],
  ['duplicate=off', 'duplicate=off: nothing is left that could go wrong'],
];
for (const [text, sentence] of REFUSED) {
  test(`--faults ${text} is refused in one sentence that names the part`, () => {
    assert.throws(() => parseFaults(text), (error) => {
      assert.ok(error instanceof WrongArguments);
      assert.ok(error.message.startsWith(`--faults ${sentence}`), error.message);
      assert.match(error.message, /^[^\n]*\.$/);
      return true;
    });
  });
}

test('a wrong part ends npm start with status 2 before anything is set up', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [START, '--faults', 'duplicate=x'], { encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [2, '', '--faults duplicate=x: not a rate between 0 and 1.\n']);
});

test('each part becomes what is to go wrong', () => {
  const { text, router, delayMs, decks, kills } = parseFaults('kill-functions=1.5s,kill-router=1m:3, delay=0.1:1-2s,status=.05,commit.lost=0.02,commit.deadline-exceeded=0.5');
  assert.deepEqual(router, { delay: 0.1, status: 0.05 });
  assert.deepEqual(delayMs, { least: 1000, most: 2000 });
  assert.deepEqual(decks, { Commit: { calls: 100, lost: 2, DEADLINE_EXCEEDED: 25 } });
  assert.deepEqual(kills, { functions: { everyMs: 1500, most: Infinity }, router: { everyMs: 60_000, most: 3 } });
  assert.equal(text, 'kill-functions=1500ms,kill-router=60s:3,delay=0.1:1000-2000ms,status=0.05,commit.lost=0.02,commit.deadline-exceeded=0.5');
});

test('the text that it is printed as comes to the same', () => {
  for (const text of ['all', 'all:0.3', 'all,delay=0.2,kill-router=off', 'publish.late=0.0004,kill-router=2m']) {
    const once = parseFaults(text);
    assert.deepEqual(parseFaults(once.text), once);
  }
});

test('all is everything, half of it is half as often, and what is named beside it counts instead', () => {
  assert.equal(parseFaults('all').text, ALL);
  const [whole, half] = ['all', 'all:0.5'].map(parseFaults);
  assert.equal(half.router.duplicate, whole.router.duplicate / 2);
  assert.equal(half.kills.functions.everyMs, whole.kills.functions.everyMs * 2);
  const { router, kills } = parseFaults('kill-router=off,duplicate=0.5,all');
  assert.deepEqual([router.duplicate, router.twin, Object.keys(kills)], [0.5, whole.router.twin, ['functions']]);
});

test('of every mixture each deck can be dealt, and has each of its faults', () => {
  for (const text of ['all', 'all:2', 'all:0.01', 'commit.lost=1', 'read.drop=0.00001', 'read.drop=0.5,read.cut=0.5']) {
    const { decks } = parseFaults(text);
    for (const [method, { calls, ...faults }] of Object.entries(decks)) {
      const plan = faultPlan({ seed: 1, decks });
      const met = new Set(Array.from({ length: calls }, () => plan.decide(method)?.fault).filter(Boolean));
      assert.deepEqual([...met].sort(), Object.keys(faults).sort(), text);
    }
  }
});

test('what has struck is called by the names that it was ordered by', () => {
  const plan = faultPlan({ seed: 1, decks: {} });
  plan.noteStruck('Commit', { fault: 'DEADLINE_EXCEEDED', when: 'before' });
  plan.noteStruck('Commit', { fault: 'DEADLINE_EXCEEDED', when: 'after' });
  plan.noteStruck('BatchGetDocuments', { fault: 'lost', when: 'after' });
  assert.deepEqual(namedCalls(plan.struck()), { 'read.lost': 1, 'commit.deadline-exceeded': 2 });
});

test('where there is a warehouse, all are its appends, too, one in twenty; and no router is killed, which would lose changes', () => {
  const { text, decks } = parseFaults('all', { warehouse: true });
  assert.equal(text, ALL_OF_WAREHOUSE);
  const rates = ALL_OF_WAREHOUSE.split(',').filter((part) => part.startsWith('append.')).map((part) => Number(part.split('=')[1]) * 1000);
  assert.equal(rates.reduce((sum, rate) => sum + rate), 50);
  assert.deepEqual(Object.keys(decks.AppendRows).sort(), ['UNAVAILABLE', 'calls', 'cut', 'late', 'lost', 'reset']);
  assert.throws(() => parseFaults('kill-router=10s', { warehouse: true }), /^.*--faults kill-router=10s: a killed router loses the changes/);
  assert.deepEqual(parseFaults('all,kill-router=off', { warehouse: true }).kills.router, undefined);
  assert.equal(parseFaults('append.lost=0.1', { warehouse: true }).text, 'append.lost=0.1');
});
