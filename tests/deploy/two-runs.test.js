// Two runs of deploy.sh at once in one tree, and one after another that died. In place of the plan, a program writes steps of the test's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { wordsOf } from '../../deploy/steps.js';
import { ROOT } from './deploying.js';

const folder = mkdtempSync(join(tmpdir(), 'boma-two-runs-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const work = join(folder, 'work');
const lock = join(work, 'lock');
const opened = join(folder, 'opened');
const looks = join(folder, 'looks');

// `node deploy/main.js STEPS COMMAND`: the first look of an apply finds one step, which ends when the test opens the door.
const programs = join(folder, 'programs');
mkdirSync(programs);
mkdirSync(work);
writeFileSync(join(programs, 'node'), `#!/bin/bash
echo "$3" >> ${looks}
if [[ ! -e ${opened} ]]; then printf -- '-\\tone step\\tuntil [[ -e ${opened} ]]; do sleep 0.1; done\\n' > "$2"; else : > "$2"; fi
`, { mode: 0o755 });
for (const name of ['cargo', 'gcloud']) writeFileSync(join(programs, name), '#!/bin/bash\n', { mode: 0o755 });

/** With these settings in its shell, too. */
function started(command, more = {}) {
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, BOMA_DEPLOY_FOLDER: work, ...more };
  const child = spawn('bash', [join(ROOT, 'deploy.sh'), command, '--project', 'acme'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  return { child, ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, said }))) };
}
const run = (command, more) => started(command, more).ended;
const looked = () => (existsSync(looks) ? readFileSync(looks, 'utf8').trim().split('\n') : []);

test('a second apply is told who is at it before anything is looked at; a plan looks on, in a folder of its own', async () => {
  const first = started('apply');
  const steps = join(work, `run-${first.child.pid}`, 'steps');
  while (!existsSync(join(work, `run-${first.child.pid}`, 'logs', '1'))) await wait(20);
  for (const command of ['apply', 'destroy']) {
    const { status, said } = await run(command);
    assert.equal(status, 1, said);
    assert.ok(said.includes(`another run is under way, process ${first.child.pid}: ./deploy.sh apply --project acme, since 2`), said);
    assert.match(said, /Nothing was changed/);
  }
  assert.deepEqual(looked(), ['apply']);
  const mine = readFileSync(steps, 'utf8');
  assert.equal((await run('plan')).status, 2);
  assert.equal(readFileSync(steps, 'utf8'), mine);
  writeFileSync(opened, '');
  const { status, said } = await first.ended;
  assert.equal(status, 0, said);
  assert.equal(existsSync(lock), false);
});

// In place of ps one that says and knows nothing, as if there were none.
const slim = join(folder, 'slim');
mkdirSync(slim);
writeFileSync(join(slim, 'ps'), '#!/bin/bash\nexit 127\n', { mode: 0o755 });
const SHELLS = {
  'without ps': { PATH: `${slim}:${programs}:${process.env.PATH}` },
  'with a narrow terminal': { COLUMNS: '20' },
};

for (const [name, more] of Object.entries(SHELLS)) {
  test(`in a shell ${name} a run is known to be alive: nobody takes its lock or its folder, and the lock of a dead one is taken over`, { timeout: 60_000 }, async (t) => {
    rmSync(opened, { force: true });
    const first = started('apply', more);
    t.after(() => {
      writeFileSync(opened, '');
      return first.ended;
    });
    const logs = join(work, `run-${first.child.pid}`, 'logs', '1');
    while (!existsSync(logs)) await wait(20);
    for (const command of ['apply', 'plan']) {
      const { status, said } = await run(command, more);
      assert.equal(status, command === 'plan' ? 2 : 1, said);
      assert.ok(existsSync(logs), command);
    }
    writeFileSync(opened, '');
    assert.equal((await first.ended).status, 0);
    for (const pid of [first.child.pid, process.pid]) {
      writeFileSync(lock, `${pid} ./deploy.sh apply, since yesterday\n`);
      const { status, said } = await run('apply', more);
      assert.equal(status, 0, said);
    }
  });
}

test('whoever only looks, or is refused, leaves no folder behind and takes none away', async () => {
  const dead = spawn('true');
  await new Promise((resolve) => { dead.once('close', resolve); });
  mkdirSync(join(work, `run-${dead.pid}`));
  writeFileSync(opened, '');
  writeFileSync(lock, `${(await holding()).pid} ./deploy.sh apply, since today\n`);
  const before = readdirSync(work);
  assert.deepEqual([(await run('plan')).status, (await run('apply')).status], [0, 1]);
  assert.deepEqual(readdirSync(work), before);
  rmSync(lock);
});

/** A process that is called like a run. */
async function holding() {
  const child = spawn('bash', ['-c', 'sleep 60; :', 'deploy.sh'], { stdio: 'ignore', detached: true });
  test.after(() => process.kill(-child.pid));
  return child;
}

test('a lock with one\'s own number is a dead run\'s', async () => {
  writeFileSync(opened, '');
  const { child, ended } = started('apply');
  writeFileSync(lock, `${child.pid} ./deploy.sh apply, since yesterday\n`);
  const { status, said } = await ended;
  assert.equal(status, 0, said);
});

test('the lock of a run that died is taken over, and its folder taken away', async () => {
  const dead = spawn('true');
  await new Promise((resolve) => { dead.once('close', resolve); });
  mkdirSync(join(work, `run-${dead.pid}`));
  writeFileSync(lock, `${dead.pid} ./deploy.sh apply, since yesterday\n`);
  const { status, said } = await run('apply');
  assert.equal(status, 0, said);
  assert.ok(said.includes(`Process ${dead.pid} is gone, which held the lock`), said);
  assert.equal(existsSync(lock), false);
  assert.equal(readdirSync(work).includes(`run-${dead.pid}`), false);
});

test('so is one whose number another program has by now', async () => {
  writeFileSync(lock, `${process.pid} ./deploy.sh apply, since yesterday\n`);
  const { status, said } = await run('apply');
  assert.equal(status, 0, said);
  assert.match(said, /is gone, which held the lock/);
});

test('what is uploaded is the run\'s own copy: a build meanwhile changes nothing of it', () => {
  const source = join(folder, 'dist', 'kyc');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'index.js'), 'planned');
  const words = ['one', 'other'].map((name) => wordsOf({ command: ['gcloud', 'functions', 'deploy', 'kyc', `--source=${source}`] }, join(folder, name)).at(-1));
  writeFileSync(join(source, 'index.js'), 'built meanwhile');
  assert.deepEqual(words, ['one', 'other'].map((name) => `--source=${join(folder, name, 'sources', 'kyc')}`));
  for (const word of words) assert.equal(readFileSync(join(word.slice('--source='.length), 'index.js'), 'utf8'), 'planned');
});
