// The operators' commands on a real project, with credentials that won't do: one sentence that says what to type, before anything is asked of Google.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'boma-credentials-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const COMMANDS = [['ops/dead-letters/main.js', 'list'], ['ops/trial-balance/main.js'], ['ops/operators/main.js', 'list']];
const PERSON = { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' };

/** A machine that is none of Google's and reaches nobody, with this file as what gcloud noted. */
function complaintOf([program, ...args], credentials) {
  const file = join(folder, 'credentials.json');
  if (credentials !== undefined) writeFileSync(file, JSON.stringify(credentials));
  const env = {
    PATH: process.env.PATH, HOME: folder, METADATA_SERVER_DETECTION: 'none', HTTPS_PROXY: 'http://127.0.0.1:1',
    ...(credentials !== undefined && { GOOGLE_APPLICATION_CREDENTIALS: file }),
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, program), ...args, '--project', 'acme-crm'], { env, encoding: 'utf8', timeout: 60_000 });
  assert.equal(status, 1, `${stdout}${stderr}`);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  return stderr;
}

for (const command of COMMANDS) {
  test(`${command[0]} without credentials says how to make some, and whose quota they are to use`, () => {
    assert.match(complaintOf(command), /^There are no credentials for the real project acme-crm: gcloud auth application-default login .* gcloud auth application-default set-quota-project acme-crm /);
  });

  test(`${command[0]} with a person's credentials that name no quota project says how to name it`, () => {
    assert.match(complaintOf(command, PERSON), /name no quota project, .*: gcloud auth application-default set-quota-project acme-crm$/m);
  });

  test(`${command[0]} with credentials for which Google gives no token says how to make new ones`, () => {
    assert.match(complaintOf(command, { ...PERSON, quota_project_id: 'acme-crm' }), /^Google gives no access token for the real project acme-crm: gcloud auth application-default login makes new credentials\. \(/);
  });
}
