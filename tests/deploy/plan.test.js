// How differences become steps and a text, and how words become a command line.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { drifted, left, missing, step, surplus } from '../../deploy/differences.js';
import { KINDS } from '../../deploy/kinds/index.js';
import { commandLine, differencesOf, removalOf, stepsOf } from '../../deploy/plan.js';
import { differencesText } from '../../deploy/text.js';
import { aSystem } from './a-system.js';

const kind = (name, differences, removal = []) => ({ kind: { name, compare: () => differences, removal: () => removal }, there: null });
const system = aSystem();

for (const { name, permissions } of KINDS) {
  test(`${name}: what its steps need is named, with the role that has it`, () => {
    const all = Object.entries(permissions ?? {});
    assert.ok(all.length > 0 && all.every(([role, names]) => role.startsWith('roles/') && names.length > 0));
  });
}

test('every word reaches the program as it was, whatever is in it', () => {
  const words = ['plain', 'with space', "it's", '"quoted"', '$HOME', '`date`', 'a;b|c&d', '*', '', 'new\nline', '\\', '--condition=expression=resource.name == "projects/p/databases/(default)",title=x', '-', '~', '#', '!x', '{a,b}', 'ř'];
  const said = execFileSync('bash', ['-c', `printf '%s\\0' ${commandLine(words)}`], { encoding: 'utf8' });
  assert.deepEqual(said.split('\0').slice(0, -1), words);
});

test('a step is gcloud with the project and no questions', () => {
  const differing = differencesOf([kind('topics', [missing('topic a', [{ ...step('create topic a', ['pubsub', 'topics', 'create', 'a']), wave: 'create' }])])], system);
  assert.deepEqual(stepsOf(differing, system), [{
    say: 'create topic a', command: ['gcloud', 'pubsub', 'topics', 'create', 'a', '--project=acme-crm', '--quiet'], wave: 'topics: create',
  }]);
});

test('what was made last is taken away first', () => {
  const found = [kind('a', [], [step('take a', ['x'])]), kind('b', [], [step('take b', ['y'])])];
  assert.deepEqual(removalOf(found, system).map(({ say }) => say), ['take b', 'take a']);
});

test('a plan reads as one line a difference, and says how where that is not plain', () => {
  assert.equal(differencesText([]), '\nNothing to do: all is as it should be.');
  const text = differencesText([{ name: 'things', differences: [
    missing('thing a', [step('create thing a', ['x'])]),
    drifted('thing b', ['is red, not blue', 'is 1, not 2'], [step('change thing b', ['x'])]),
    surplus('thing c', 'is open to the public', [step('close thing c', ['x'])]),
    left('thing d', 'is for nobody: delete it'),
  ] }]);
  assert.equal(text, `
things
  + thing a
  ~ thing b: is red, not blue; is 1, not 2
      change thing b
  - thing c: is open to the public
      close thing c
  ! thing d: is for nobody: delete it

4 differences, 3 steps. 1 of them for you to decide ("!").`);
});

test('a plan of nothing but what a person decides has nothing to do', () => {
  const text = differencesText([{ name: 'alerts', differences: [left('alerts', 'wake nobody')] }]);
  assert.equal(text, '\nalerts\n  ! alerts: wake nobody\n\nNothing to do: all is as it should be, but for what you decide (1 "!").');
});
