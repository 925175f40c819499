// Kinds of things in a cloud of the test's own, their steps carried out by the real gcloud; for what needs no Pub/Sub.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openCloud } from '../../deploy/cloud.js';
import { commandLine, differencesOf, readAll, removalOf, stepsOf } from '../../deploy/plan.js';
import { wordsOf } from '../../deploy/steps.js';
import { startCloud } from './cloud/server.js';
import { ROOT } from './deploying.js';

/** { cloud, differences(), carriedOut(steps), apply(), remove(), typed(lines), stop() } of these kinds in what `system` says. */
export async function withGcloud(kinds, system) {
  const folder = mkdtempSync(join(tmpdir(), 'boma-gcloud-'));
  const token = join(folder, 'token');
  writeFileSync(token, 'a token of a test');
  const cloud = await startCloud({ project: system.project });
  const env = {
    ...process.env, ...cloud.env,
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
  };
  const read = () => readAll(openCloud({ token: 't', env: cloud.env }), system, kinds);
  const differences = async () => differencesOf(await read(), system);
  async function carriedOut(steps) {
    for (const wave of wavesOf(steps)) {
      // All of them end before one that failed is told: else the others would go on beside whatever comes next.
      const ended = await Promise.allSettled(wave.map((step) => run(wordsOf(step, folder), env)));
      const failed = ended.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    return steps;
  }
  return {
    cloud, read, differences, carriedOut,
    apply: async () => carriedOut(stepsOf(await differences(), system)),
    /** Commands as a person copies them from a plan. */
    async typed(lines) {
      for (const line of lines) await run(['bash', '-c', line], env);
    },
    remove: async () => carriedOut(removalOf(await read(), system)),
    async stop() {
      await cloud.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Steps that may run at once stand together in one list. */
function wavesOf(steps) {
  return steps.reduce((waves, step) => {
    const last = waves.at(-1);
    if (step.wave !== null && last?.[0].wave === step.wave) last.push(step);
    else waves.push([step]);
    return waves;
  }, []);
}

function run([program, ...args], env) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, cwd: ROOT }, (error, said, complained) => {
      if (error === null) resolve(said);
      else reject(new Error(`${commandLine([program, ...args])}\n${said}${complained}`));
    });
  });
}
