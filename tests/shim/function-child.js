// A built function of the tests in a process of its own, on the Node that functions are deployed on, with the settings that one gives it.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { deployedNode } from '../stack/deployed-node.js';

const PROGRAM = fileURLToPath(new URL('function-process.js', import.meta.url));

function forked(settings, name = 'probe') {
  const env = { PATH: process.env.PATH, ...settings };
  return fork(PROGRAM, [name], { env, execPath: deployedNode(), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

/** What a function says that doesn't start, and its exit status. */
export async function refusedStart(settings) {
  const child = forked(settings);
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  child.once('message', () => child.kill());
  const [code] = await once(child, 'close');
  return { code, complaint };
}

/** `{url, child, delivered, logged, untilLogged, stop}` of a function that does. */
export async function startFunction(settings, name) {
  const child = forked(settings, name);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const [{ port }] = await once(child, 'message');
  const url = `http://127.0.0.1:${port}/`;

  /** Posts the orders, which aren't JSON although they say so, and nobody minds; the answer, and the lines that were logged meanwhile. */
  async function delivered(orders, headers = { 'content-type': 'application/json' }) {
    const from = output.length;
    const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(orders) });
    const text = await response.text();
    await untilLogged(from);
    const lines = output.slice(from).trim().split('\n').map((each) => JSON.parse(each));
    return { status: response.status, outcome: response.headers.get('boma-outcome'), text, lines, headers: response.headers };
  }

  /** The line is written before the response, but comes through another pipe. */
  async function untilLogged(from) {
    for (let tries = 0; tries < 200 && !output.slice(from).endsWith('\n'); tries += 1) {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  }

  return { url, child, delivered, logged: () => output, untilLogged, stop: () => child.kill() };
}
