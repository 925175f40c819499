// A command of ops/ in a process of its own, as an operator types it.
import { spawn } from 'node:child_process';

/** { child, ended: { status, said, complained, bytes } }: what it wrote to stdout (as bytes, too) and stderr. `stateDir`: where the stack's file is. */
export function startCommand(program, args, { stateDir }) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, BOMA_STATE_DIR: stateDir }, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = [];
  const stderr = [];
  child.stdout.on('data', (bytes) => stdout.push(bytes));
  child.stderr.on('data', (bytes) => stderr.push(bytes));
  const ended = new Promise((resolve) => {
    child.once('close', (status) => {
      const bytes = Buffer.concat(stdout);
      resolve({ status, bytes, said: bytes.toString(), complained: Buffer.concat(stderr).toString() });
    });
  });
  return { child, ended };
}
