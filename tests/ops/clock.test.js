// npm run clock: calls the clock of a running stack, or says in a sentence why it can't.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scheduledStack } from '../stack/scheduled-stack.js';
import { startCommand } from './command.js';

const COMMAND = fileURLToPath(new URL('../../ops/clock.js', import.meta.url));

const command = (stateDir, ...args) => startCommand(COMMAND, args, { stateDir }).ended;

let stack;
before(async () => { stack = await scheduledStack({ project: 'demo-clock-command', watched: [] }); });
after(() => stack.stop());

test('npm run clock calls the running stack\'s clock, and says so where there is none', async () => {
  const { status, said } = await command(stack.stateDir);
  assert.deepEqual([status, JSON.parse(said).published], [0, 0]);
  const nowhere = await command(join(stack.stateDir, 'nowhere'));
  assert.deepEqual([nowhere.status, nowhere.complained], [2, 'No stack is running here: npm start begins one.\n']);
  const wrong = await command(stack.stateDir, '--now');
  assert.deepEqual([wrong.status, wrong.complained], [2, 'npm run clock takes no arguments, but was given --now.\n']);
});

test('--help says what each number of the answer counts, with a stack and without', async () => {
  const { said } = await command(stack.stateDir);
  const help = await command(join(stack.stateDir, 'nowhere'), '--help');
  assert.deepEqual([help.status, help.complained], [0, '']);
  const explained = [...help.said.matchAll(/^ {4}(\w+) {2,}\S/gm)].map(([, name]) => name);
  assert.deepEqual(explained.toSorted(), Object.keys(JSON.parse(said)).sort());
});
