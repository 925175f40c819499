// The peak memory of a process, watched from outside.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SAMPLE_EVERY_MS = 2000;

export function watchMemory(pid) {
  let peakMb = 0;
  const sample = () => {
    const fromKernel = peakFromKernel(pid);
    if (fromKernel !== undefined) peakMb = fromKernel;
    else execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
      if (!error) peakMb = Math.max(peakMb, Number(stdout) / 1024);
    });
  };
  sample();
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return peakMb;
    },
  };
}

// Linux keeps the peak itself, so that none is missed between two samples.
function peakFromKernel(pid) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return undefined;
  }
}
