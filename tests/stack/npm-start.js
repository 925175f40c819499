// `npm start -- --once` as a user would call it, on a stack of its own: with a state folder of its own it can't attach to
// one that runs already.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trialBalanceOf } from '../reliability/checkers/trial-balance.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENDS_WITHIN_MS = 400_000;

/** Whatever the test is about, the books must balance. Resolves with { status, said, reportFile, exportDir, stateDir, beganMs, endedMs }; everything is written below `dir`. `more`: further flags. */
export async function npmStartOnce(dir, eventFiles, more = []) {
  mkdirSync(dir, { recursive: true });
  const reportFile = join(dir, 'report.json');
  const exportDir = join(dir, 'export');
  const stateDir = join(dir, 'state');
  const beganMs = Date.now();
  const { status, said } = await npm([
    'start', '--', '--once', ...eventFiles.flatMap((file) => ['--events', file]), '--report', reportFile, '--export', exportDir, ...more,
  ], { BOMA_STATE_DIR: stateDir });
  assert.deepEqual(trialBalanceOf(exportDir), [], said);
  return { status, said, reportFile, exportDir, stateDir, beganMs, endedMs: Date.now() };
}

function npm(args, env) {
  return new Promise((resolve) => {
    const child = execFile('npm', args, { cwd: ROOT, timeout: ENDS_WITHIN_MS, env: { ...process.env, ...env } }, (_, stdout, stderr) => {
      resolve({ status: child.exitCode, said: `${stderr}${stdout}` });
    });
  });
}
