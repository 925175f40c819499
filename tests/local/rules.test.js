// The local database meets browsers as production's does: the emulator has firestore.rules, which aren't asked of its owner. Each rule is held
// in tests/rules.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findEmulators, startFirestore } from '../../local/emulators.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-rules-'));
const spawned = [];
let documents;

before(async () => {
  const { host } = await startFirestore({ jar: findEmulators().firestoreJar, logFile: join(dir, 'firestore.log'), onSpawn: (child) => spawned.push(child) });
  documents = `http://${host}/v1/projects/demo-boma/databases/(default)/documents`;
});
after(async () => {
  for (const child of spawned) await child.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** An emulator's token: it has no signature, and the emulator asks for none. */
const token = (claims) => ['{"alg":"none","type":"JWT"}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');
const as = (bearer) => (bearer ? { authorization: `Bearer ${bearer}` } : {});

async function asked(path, { bearer, method = 'GET', fields } = {}) {
  const body = fields && JSON.stringify({ fields });
  const response = await fetch(`${documents}${path}`, { method, headers: { ...as(bearer), 'content-type': 'application/json' }, body });
  const { error, fields: read } = await response.json();
  return { status: response.status, said: error?.status, read };
}

test('its owner, as whom functions come, reads and writes', async () => {
  const fields = { kycStatus: { stringValue: 'PENDING' } };
  assert.equal((await asked('/users/U', { bearer: 'owner', method: 'PATCH', fields })).status, 200);
  assert.deepEqual(await asked('/users/U', { bearer: 'owner' }), { status: 200, said: undefined, read: fields });
});

const claims = { sub: 'U', user_id: 'U', iss: 'https://securetoken.google.com/demo-boma', aud: 'demo-boma', iat: 1, exp: 4_102_444_800, auth_time: 1, firebase: { sign_in_provider: 'password' } };
const CUSTOMER = token(claims);
for (const [who, bearer] of [['without a token', undefined], ['with a customer\'s token', CUSTOMER]]) {
  test(`who comes ${who} may neither read nor write nor list`, async () => {
    const denied = { status: 403, said: 'PERMISSION_DENIED', read: undefined };
    assert.deepEqual(await asked('/users/U', { bearer }), denied);
    assert.deepEqual(await asked('/users', { bearer }), denied);
    assert.deepEqual(await asked('/users/U', { bearer, method: 'PATCH', fields: {} }), denied);
  });
}

test('an operator\'s token reads, by the role in it, and writes nothing', async () => {
  const bearer = token({ ...claims, sub: 'O', user_id: 'O', email: 'operator@boma.test', role: 'operator' });
  assert.equal((await asked('/users/U', { bearer })).status, 200);
  assert.equal((await asked('/users', { bearer })).status, 200);
  assert.equal((await asked('/users/U', { bearer, method: 'PATCH', fields: {} })).said, 'PERMISSION_DENIED');
  assert.equal((await asked('/processed_events', { bearer })).said, 'PERMISSION_DENIED');
});

test('a token as short as the one that the function `operator` takes reads as well', async () => {
  const bearer = token({ sub: 'O', email: 'operator@boma.test', role: 'operator', auth_time: 1, exp: 4_102_444_800 });
  assert.equal((await asked('/users/U', { bearer })).status, 200);
});
