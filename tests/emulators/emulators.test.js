// Starts both emulators for the Rust tests that speak to them without Wasm and Node.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { findEmulators, startFirestore, startPubsub } from '../../local/emulators.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Of the whole workspace and not of one package: that would be other features of the dependencies, all compiled once more.
const CARGO = ['test', '--quiet', '--locked', '--workspace', '--test', 'kyc_completed', '--', '--ignored', '--test-threads=1'];

test('core and google hold one delivery against the official emulators', async (t) => {
  const logs = mkdtempSync(join(tmpdir(), 'boma-emulators-'));
  const started = [];
  t.after(async () => {
    await Promise.all(started.map((child) => child.stop()));
    rmSync(logs, { recursive: true, force: true });
  });
  const onSpawn = (child) => started.push(child);
  const { firestoreJar, pubsubJar } = findEmulators();
  const firestore = await startFirestore({ jar: firestoreJar, logFile: join(logs, 'firestore.log'), onSpawn });
  const pubsub = await startPubsub({ jar: pubsubJar, logFile: join(logs, 'pubsub.log'), onSpawn });

  const { code, output } = await cargo({ FIRESTORE_EMULATOR_HOST: firestore.host, PUBSUB_EMULATOR_HOST: pubsub.host });
  assert.equal(code, 0, output);
  // A test that is filtered out passes as well: count them.
  assert.match(output, /4 passed/);
});

function cargo(emulators) {
  const child = spawn('cargo', CARGO, { cwd: ROOT, env: { ...process.env, ...emulators } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { output += text; });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
