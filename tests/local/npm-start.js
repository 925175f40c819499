// `npm start -- --once` as a user would call it, on a stack of its own: with a state folder of its own it can't attach to
// one that runs already.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENDS_WITHIN_MS = 400_000;

/** Resolves with { status, said, reportFile, exportDir, beganMs, endedMs }; everything is written below `dir`. */
export function npmStartOnce(dir, eventFiles) {
  mkdirSync(dir, { recursive: true });
  const reportFile = join(dir, 'report.json');
  const exportDir = join(dir, 'export');
  const beganMs = Date.now();
  const { status, stdout, stderr } = spawnSync('npm', [
    'start', '--', '--once', ...eventFiles.flatMap((file) => ['--events', file]), '--report', reportFile, '--export', exportDir,
  ], { cwd: ROOT, encoding: 'utf8', timeout: ENDS_WITHIN_MS, env: { ...process.env, BOMA_STATE_DIR: join(dir, 'state') } });
  return { status, said: `${stderr}${stdout}`, reportFile, exportDir, beganMs, endedMs: Date.now() };
}
