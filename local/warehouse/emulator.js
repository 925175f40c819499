// The BigQuery emulator as a child of the stack. It keeps everything in memory, and takes ports that are free.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endOf } from '../emulators.js';
import { startGuarded } from '../processes.js';
import { pythonOf } from './install.js';

const LAUNCHER = fileURLToPath(new URL('emulator.py', import.meta.url));
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Resolves with { rest: 'http://HOST:PORT', grpc: 'HOST:PORT' } when both answer. `onSpawn(child)` is called then, with its process. */
export async function startBigQuery({ environment, logFile, onSpawn }) {
  // -I: nothing of the caller's own Python settings has a part in it.
  const child = startGuarded('bigquery', pythonOf(environment), ['-I', LAUNCHER], { title: 'the BigQuery emulator', logFile });
  try {
    const addresses = await ready(child);
    onSpawn(child);
    return addresses;
  } catch (error) {
    await child.stop('SIGKILL');
    throw error;
  }
}

async function ready(child) {
  const giveUpAtMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const { ended } = child; // Asked before the log is read: what ended has written all that it will.
    const log = readFileSync(child.logFile, 'utf8');
    const addresses = /^\{"rest": .*\}$/m.exec(log)?.[0];
    if (addresses) return JSON.parse(addresses);
    const why = ended ? 'ended while it was starting' : Date.now() >= giveUpAtMs && `did not answer within ${READY_WITHIN_MS / 1000} s`;
    if (why) throw new Error(`${child.title} ${why}; its log is ${child.logFile}${endOf(log)}`);
    await wait(LOOK_EVERY_MS);
  }
}
