// Child processes that can't outlive us. Each runs in a process group of its own, so that a Ctrl-C in the terminal
// reaches only the supervisor, which then ends the others in order.
//
// A supervisor that is killed outright can't tidy up. So a Node child watches its IPC channel, and anything else runs
// under a small shell that reads from a pipe which only the supervisor holds open: when the pipe closes, it kills.
import { spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import './proxies.js';

const STOP_WITHIN_MS = 5000;

const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- & child=$!
(read -r line <&3; kill -KILL $child) 2>/dev/null & guard=$!
trap 'kill -TERM $child 2>/dev/null' TERM
wait $child; status=$?
kill -0 $child 2>/dev/null && { wait $child; status=$?; }
kill -KILL $guard 2>/dev/null
exit $status`;

/** Starts any program under the guard. Both outputs go to the log file. */
export function startGuarded(name, command, args, { title = name, logFile, onSpawn = () => {} }) {
  const log = openSync(logFile, 'w');
  const child = spawn('sh', ['-c', GUARD, 'guard', command, ...args], { detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  child.stdin.on('error', () => {}); // The guard may be gone before the pipe is closed.
  const handle = watched(child, name, title, logFile);
  onSpawn(handle);
  return handle;
}

/**
 * Starts a Node program of this tree, sends it its settings and waits for its first message, the sign that it is
 * ready. Such a program must begin with `settingsFromSupervisor()`. Its later messages go to `onMessage`. With `goesOn`, its
 * log goes on where the one of before ended.
 */
export async function startNode(name, file, settings, { title = name, logFile, env = {}, onSpawn = () => {}, onMessage = () => {}, goesOn = false }) {
  const log = openSync(logFile, goesOn ? 'a' : 'w');
  if (goesOn) writeSync(log, '\n'); // A process that was killed may have left half a line.
  const child = spawn(process.execPath, [file], {
    detached: true, stdio: ['ignore', log, log, 'ipc'], env: { ...process.env, ...env },
  });
  closeSync(log);
  onSpawn(watched(child, name, title, logFile));
  const answer = new Promise((resolve, reject) => {
    child.once('message', (first) => {
      child.on('message', onMessage);
      resolve(first);
    });
    child.once('exit', () => reject(new Error(`${title} ended while it was starting; its log is ${logFile}`)));
  });
  child.send(settings, () => {}); // If it has ended by now, `answer` says so.
  return answer;
}

/** In a child: the settings that the supervisor sends. From then on the child ends when the supervisor does. */
export function settingsFromSupervisor() {
  process.on('disconnect', () => process.exit(0));
  return new Promise((resolve) => process.once('message', resolve));
}

function watched(child, name, title, logFile) {
  const handle = { name, title, logFile, pid: child.pid, ended: undefined, stop, onEnd: () => {} };
  const exited = new Promise((resolve) => {
    child.once('error', (error) => { handle.ended ??= error.message; resolve(); });
    child.once('exit', (code, signal) => { handle.ended ??= signal ?? `status ${code}`; resolve(); });
  });
  exited.then(() => handle.onEnd(handle));

  async function stop(signal = 'SIGTERM', withinMs = STOP_WITHIN_MS) {
    handle.onEnd = () => {};
    killGroup(child.pid, signal);
    const tooLong = setTimeout(() => killGroup(child.pid, 'SIGKILL'), withinMs);
    await exited;
    clearTimeout(tooLong);
    killGroup(child.pid, 'SIGKILL'); // Including processes that the program started.
  }
  return handle;
}

export function killGroup(pid, signal) {
  if (!pid) return; // It never started.
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
