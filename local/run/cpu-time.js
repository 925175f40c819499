// The CPU time of a process so far, seen from outside.
import { readFileSync } from 'node:fs';

const TICKS_PER_S = 100; // What Linux tells programs, whatever the kernel itself counts in.
const USER_TIME = 11; // Counted from the field after the name, which may have spaces in it.

/** In seconds; undefined where the kernel doesn't tell, or the process is gone. */
export function cpuSeconds(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER_TIME]) + Number(fields[USER_TIME + 1])) / TICKS_PER_S;
  } catch {
    return undefined;
  }
}
