// .boma/stack.json: where the running stack is. One whose supervisor is gone is a leftover.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from './processes.js';
import { routerState } from './router/client.js';
import { ROOT } from './set-up.js';

/** Another folder gives a test a stack of its own, whatever else runs on this machine. */
export const STATE_DIR = resolve(process.env.BOMA_STATE_DIR ?? join(ROOT, '.boma'));
const BACK_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 200;

/** The running stack, or undefined. A leftover is removed, and `say` is called with a sentence about it. */
export async function runningStack(stateDir, say = console.log) {
  const file = join(stateDir, 'stack.json');
  if (!existsSync(file)) return undefined;
  const stack = parsed(readFileSync(file, 'utf8'));
  if (stack?.pids && isAlive(stack.pids.supervisor) && await routerAnswers(stack)) return stack;
  rmSync(file, { force: true });
  say(`  The stack of an earlier run is gone; its ${file} was a leftover and is removed.`);
  return undefined;
}

// In a stack with faults the router may be down at this moment, and comes back.
async function routerAnswers({ router, faults, pids }) {
  const giveUpAtMs = Date.now() + (faults ? BACK_WITHIN_MS : 0);
  for (;;) {
    if (await routerState(router)) return true;
    if (Date.now() >= giveUpAtMs || !isAlive(pids.supervisor)) return false;
    await wait(LOOK_EVERY_MS);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
