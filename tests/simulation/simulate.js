// `npm run simulate`: builds the simulator and runs it. Ctrl-C ends it with its summary: the simulator is told to stop by the
// end of its stdin, and is kept from the signal itself.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILD = ['build', '--quiet', '--locked', '-p', 'simulation', '--bin', 'simulation'];
const PROGRAM = fileURLToPath(new URL(`../../target/debug/simulation${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url));

const ended = (child) => new Promise((resolve, reject) => {
  child.once('error', reject);
  // Killed by a signal there is no code, and that is no success.
  child.once('close', (code) => resolve(code ?? 1));
});

const built = await ended(spawn('cargo', BUILD, { cwd: ROOT, stdio: 'inherit' }));
if (built !== 0) process.exit(built);

const child = spawn(PROGRAM, ['--stops-with-stdin', ...process.argv.slice(2)], {
  cwd: ROOT, stdio: ['pipe', 'inherit', 'inherit'], detached: true,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.stdin.end());
process.exitCode = await ended(child);
