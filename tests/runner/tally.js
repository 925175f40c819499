// Runs a command, shows its output, counts the tests in it, and tells which took longest.

import { spawn } from 'node:child_process';

/** Adds up cargo's lines: "test result: ok. 12 passed; 0 failed; ...". */
export function cargoTally(output) {
  const results = [...output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed;/gm)];
  const sum = (group) => results.reduce((total, result) => total + Number(result[group]), 0);
  // It says no test's time.
  return { passed: sum(1), failed: sum(2), timed: [] };
}

/** Reads the summary at the end of `node --test`: "pass 12", "fail 0", "cancelled 0". A cancelled test didn't pass. */
export function nodeTally(output) {
  const last = (word) => Number([...output.matchAll(new RegExp(String.raw`^(?:ℹ|#) ${word} (\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const timed = [...output.matchAll(/^ *[✔✖] (.+) \((\d+(?:\.\d+)?)ms\)$/gm)].map(([, name, ms]) => ({ name, ms: Number(ms) }));
  return { passed: last('pass'), failed: last('fail') + last('cancelled'), timed };
}

/** The ten that took longest, a line each, with their seconds. */
export function slowestTen(timed) {
  const slowest = timed.toSorted((one, other) => other.ms - one.ms).slice(0, 10);
  return slowest.map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`);
}

/** Answers with the exit code and the counts; the output goes to the terminal as it comes. */
export async function runAndTally(command, options, tally, cwd) {
  const child = spawn(command, options, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => {
    chunks.push(chunk);
    process.stdout.write(chunk);
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    // Killed by a signal there is no code, and that is no success.
    child.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
  return { code, counts: tally(Buffer.concat(chunks).toString('utf8')) };
}
