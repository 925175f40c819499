// Starts the transport in a process of its own, which trusts an authority that this one doesn't, and hands it calls.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('wire-process.js', import.meta.url));

/** Answers `{open(env), stop()}`; `trusts` is the certificate of an authority, or null for those that Node knows by itself. */
export function startWireProcess({ trusts }) {
  const folder = mkdtempSync(join(tmpdir(), 'boma-tls-'));
  const env = { PATH: process.env.PATH, ...trustIn(trusts, folder) };
  const child = fork(program, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map();
  let count = 0;
  child.on('message', ({ id, ...answer }) => {
    waiting.get(id)(answer);
    waiting.delete(id);
  });

  return {
    /** A wire with these settings: `call` is one of the echo server's, and comes to `{messages, status, detail}`. */
    open(settings) {
      count += 1;
      const wire = count;
      child.send({ order: 'open', wire, env: settings });
      return {
        call(method = 'Unary', { timeoutMs = 5_000, text = 'hello', target = 'firestore', kind = 'unary' } = {}) {
          count += 1;
          const id = count;
          const bytes = [...Buffer.from(text)];
          const step = { target, path: `/probe.Echo/${method}`, call: kind, timeoutMs, metadata: {}, bytes };
          child.send({ order: 'call', wire, id, step });
          return new Promise((resolve) => {
            waiting.set(id, resolve);
          });
        },
        close: () => child.send({ order: 'close', wire }),
      };
    },
    async stop() {
      child.kill();
      await once(child, 'close');
      rmSync(folder, { recursive: true });
    },
  };
}

/** The settings with which a Node process trusts this authority beside those that it knows; the file goes into `folder`. */
export function trustIn(certificate, folder) {
  if (certificate === null) return {};
  const file = join(folder, 'authority.pem');
  writeFileSync(file, certificate);
  return { NODE_EXTRA_CA_CERTS: file };
}
