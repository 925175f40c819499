// deploy.sh with the real gcloud, in a cloud of the test's own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findEmulators, startPubsub } from '../../local/emulators.js';
import { startCloud } from './cloud/server.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Settings with which a shell finds a gcloud that says it has no commands of these tracks; otherwise it is the real one. */
export function gcloudWithout(folder, ...tracks) {
  const real = execFileSync('bash', ['-c', 'command -v gcloud'], { encoding: 'utf8' }).trim();
  const lines = tracks.map((track) => `-e '^${track} '`).join(' ');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'gcloud'), `#!/bin/bash\nif [[ $1 == version ]]; then '${real}' version | grep -v ${lines}; else exec '${real}' "$@"; fi\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env.PATH}` };
}

/**
 * With the deploy.sh of this tree, or of another clone of it.
 * { cloud, deploy, answering, started, stop }: `deploy('plan', ...)` resolves with { status, said }.
 */
export async function deploying(project, { root = ROOT } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'boma-deploy-'));
  const token = join(folder, 'token');
  writeFileSync(token, 'a token of a test');
  let emulator;
  const { host } = await startPubsub({ jar: findEmulators().pubsubJar, logFile: join(folder, 'pubsub.log'), onSpawn: (child) => { emulator = child; } });
  const cloud = await startCloud({ project, pubsubHost: host });
  const env = {
    ...process.env, ...cloud.env,
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    BOMA_DEPLOY_FOLDER: join(folder, 'work'),
    BOMA_DEPLOY_PAUSES: '0',
  };

  function started(...args) {
    return startedWith({}, ...args);
  }
  /** In a shell that has these settings, too. */
  function startedWith(more, ...args) {
    const child = spawn('bash', [join(root, 'deploy.sh'), ...args], { env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
    const ended = new Promise((resolve) => child.once('close', (status) => resolve({ status, said })));
    // As Ctrl-C at a terminal does it: to all that it has started, too.
    return { child, ended, said: () => said, interrupt: () => process.kill(-child.pid, 'SIGINT') };
  }
  /** With this typed at its question. */
  function answering(typed, command, ...args) {
    const { child, ended } = started(command, '--project', project, ...args);
    child.stdin.end(typed);
    return ended;
  }

  return {
    cloud, env, folder: join(folder, 'programs'), started, startedWith, answering,
    deploy: (command, ...args) => answering('', command, ...args),
    async stop() {
      await cloud.stop();
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
