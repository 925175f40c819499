// .boma/stack.json: where the running stack is. One whose supervisor is gone is a leftover.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './processes.js';
import { routerState } from './replay/notices.js';

/** The running stack, or undefined. A leftover is removed, and `say` is told. */
export async function runningStack(stateDir, say = console.log) {
  const file = join(stateDir, 'stack.json');
  if (!existsSync(file)) return undefined;
  const stack = parsed(readFileSync(file, 'utf8'));
  if (stack?.pids && isAlive(stack.pids.supervisor) && await routerState(stack.router)) return stack;
  rmSync(file, { force: true });
  say(`  The stack of an earlier run is gone; its ${file} was a leftover and is removed.`);
  return undefined;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
