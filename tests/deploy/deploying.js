// deploy.sh with the real gcloud, in a cloud of the test's own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findEmulators, startPubsub } from '../../local/emulators.js';
import { startCloud } from './cloud/server.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * { cloud, deploy, started, stop }: `deploy('plan', ...)` resolves with { status, said }; `started` gives the child, too. The
 * emulator has no projects, so each test may have its own in one emulator.
 */
export async function deploying(project) {
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
    const child = spawn('bash', [join(ROOT, 'deploy.sh'), ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
    const ended = new Promise((resolve) => child.once('close', (status) => resolve({ status, said })));
    return { child, ended, said: () => said };
  }
  return {
    cloud, env, started,
    deploy(command, ...args) {
      const { child, ended } = started(command, '--project', project, ...args);
      child.stdin.end();
      return ended;
    },
    async stop() {
      await cloud.stop();
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
