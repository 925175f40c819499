// Runs a command, shows its output, and counts the tests in it.

import { spawn } from 'node:child_process';

/** Adds up cargo's lines: "test result: ok. 12 passed; 0 failed; ...". */
export function cargoTally(output) {
  const results = [...output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed;/gm)];
  const sum = (group) => results.reduce((total, result) => total + Number(result[group]), 0);
  return { passed: sum(1), failed: sum(2) };
}

/** Reads the summary at the end of `node --test`: "pass 12", "fail 0", "cancelled 0". A cancelled test didn't pass. */
export function nodeTally(output) {
  const last = (word) => Number([...output.matchAll(new RegExp(String.raw`^(?:ℹ|#) ${word} (\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  return { passed: last('pass'), failed: last('fail') + last('cancelled') };
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
