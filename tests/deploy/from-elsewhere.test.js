// Scripts that are called from another folder work in their own tree, also where CDPATH has a folder of the same name for `cd`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './deploying.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'boma-elsewhere-')));
test.after(() => rmSync(folder, { recursive: true }));
const programs = join(folder, 'programs');
const places = join(folder, 'places');
mkdirSync(programs);
for (const name of ['node', 'npm', 'cargo', 'gcloud']) writeFileSync(join(programs, name), `#!/bin/bash\npwd > ${places}\n`, { mode: 0o755 });

for (const [script, ...args] of [['deploy.sh', 'build'], ['.ci/run']]) {
  test(`${script} works in its own tree`, () => {
    const here = join(folder, 'here');
    cpSync(join(ROOT, script), join(here, 'boma', script));
    mkdirSync(dirname(join(folder, 'other', 'boma', script)), { recursive: true });
    const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, CDPATH: join(folder, 'other') };
    const said = execFileSync('bash', [join('boma', script), ...args], { cwd: here, env, encoding: 'utf8' });
    assert.deepEqual([readFileSync(places, 'utf8'), said], [`${join(here, 'boma')}\n`, '']);
  });
}
