// A built function in a process of its own, begun by functions-framework's own program as Google's buildpack begins it, on the Node that
// functions are deployed on.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

import { freePorts } from '../../local/emulators.js';
import { deployedNode } from '../stack/deployed-node.js';
import { until } from '../stack/until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = `${ROOT}node_modules/@google-cloud/functions-framework/build/src/main.js`;
const STARTS_WITHIN_MS = 60_000;

/** `{url, port, child, ended, stdout, stderr, peakMb, stop}`; `ended` resolves with `{code, signal}`, `peakMb` is the most memory so far. */
export async function startByFramework(settings, { name = 'probe', dist = 'dist-test', node = deployedNode() } = {}) {
  const [port] = await freePorts(1);
  const source = `${ROOT}${dist}/${name}`;
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', ...settings };
  const child = spawn(node, [PROGRAM, `--target=${name}`, `--source=${source}`, `--port=${port}`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].on('data', (text) => {
      said[stream] += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  await until(() => `${name} doesn't listen: ${said.stderr}`, () => accepts(port), { withinMs: STARTS_WITHIN_MS });
  return {
    url: `http://127.0.0.1:${port}/`, port, child, ended,
    stdout: () => said.stdout, stderr: () => said.stderr,
    peakMb: () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1_000,
    stop: () => child.kill('SIGKILL'),
  };
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
