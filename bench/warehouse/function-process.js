// A function as it is deployed, on functions-framework in a process of its own, and what that process has used.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { endOf } from '../../local/emulators.js';

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const TICKS_PER_SECOND = 100; // The kernel's USER_HZ, which is 100 on every platform that Node runs on.

/** `modules`: the folder of packages with the function's functions-framework. Resolves with { url, usage, stop } once it listens. */
export async function startFunction({ node, modules, source, env, logFile, flags = [] }) {
  const port = await freePort();
  const framework = join(modules, '@google-cloud', 'functions-framework', 'build', 'src', 'main.js');
  const log = openSync(logFile, 'w');
  const child = spawn(node, [...flags, framework, '--target=warehouse', `--source=${source}`], {
    stdio: ['ignore', log, log], env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(port), ...env },
  });
  closeSync(log);
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  for (const giveUpAtMs = Date.now() + READY_WITHIN_MS; !(await isListening(port));) {
    if (child.exitCode !== null || Date.now() > giveUpAtMs) throw new Error(`${source} doesn't start; its log is ${logFile}${endOf(readFileSync(logFile, 'utf8'))}`);
    await wait(LOOK_EVERY_MS);
  }
  return {
    port,
    usage: () => usageOf(child.pid),
    async stop(signal = 'SIGKILL') {
      process.removeListener('exit', end);
      child.kill(signal);
      await ended;
    },
  };
}

/** { cpuMs, rssMb }: of the process with all its threads. */
function usageOf(pid) {
  // The name, in brackets, may have blanks in it. utime and stime are the 14th and 15th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  const rssKb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * (1_000 / TICKS_PER_SECOND), rssMb: Number(rssKb) / 1_024 };
}

/** By TCP: a request would be a row. */
function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
