// Who may call the built function, as it is deployed: the headers through HTTP, the judgement in the Wasm, and a gRPC server in
// Firestore's place that hears nothing of strangers.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';

import { expectedCaller } from '../../shim/config.js';
import { CALLER, bearer } from './caller-token.js';
import { startEchoServer } from './echo-server.js';
import { refusedStart, startFunction } from './function-child.js';

let echo;
let local;
let deployed;

before(async () => {
  echo = await startEchoServer();
  [local, deployed] = await Promise.all([
    startFunction({ ...CALLER, FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p' }),
    // No project: who asks the metadata server for it before the caller is known, gets a fault.
    startFunction({ ...CALLER, K_SERVICE: 'probe', GCE_METADATA_HOST: '127.0.0.1:9' }),
  ]);
});

after(() => {
  for (const each of [local, deployed]) each.stop();
  echo.close();
});

test('whoever shows no token is told to, and nothing is read', async () => {
  const { status, outcome, text, headers, lines } = await deployed.delivered('echo:a', {});
  assert.deepEqual([status, outcome, text, headers.get('www-authenticate')], [401, 'FORBIDDEN', '', 'Bearer']);
  const [{ durationMs, ...line }, ...more] = lines;
  assert.ok(Number.isInteger(durationMs));
  assert.deepEqual([line, more], [
    { consumer: 'probe', severity: 'ERROR', message: 'FORBIDDEN: authorization: missing', outcome: 'FORBIDDEN', reason: 'authorization: missing' },
    [],
  ]);
});

test('a stranger is refused without a word of the token, in the answer or in the log', async () => {
  const headers = { authorization: bearer({ email: 'somebody-else@example.org' }) };
  const { status, outcome, text, headers: answered, lines } = await deployed.delivered('echo:a', headers);
  assert.deepEqual([status, outcome, text, answered.get('www-authenticate')], [403, 'FORBIDDEN', '', null]);
  assert.deepEqual(lines.map(({ reason }) => reason), ['token.email: another caller than BOMA_CALLER']);
  assert.doesNotMatch(deployed.logged(), /somebody-else|SIGNATURE|eyJ/);
});

const strangers = {
  'a token for another audience': [{ aud: 'https://payments.example.app' }, 401, 'token.aud: another audience than BOMA_AUDIENCE'],
  'an expired token': [{ exp: 1_700_000_000 }, 401, 'token.exp: expired'],
  'a token of another issuer': [{ iss: 'https://example.org' }, 401, 'token.iss: another issuer than Google'],
  'an email that nobody has verified': [{ email_verified: false }, 401, 'token.email_verified: not true'],
};
for (const [name, [different, status, reason]] of Object.entries(strangers)) {
  test(`${name} is refused`, async () => {
    const answer = await deployed.delivered('echo:a', { authorization: bearer(different) });
    assert.deepEqual([answer.status, answer.lines[0].reason], [status, reason]);
  });
}

test('the header that Cloud Run looks at counts, whatever the other says', async () => {
  const good = bearer();
  const bad = bearer({ email: 'a@example.org' });
  const status = async (headers) => (await local.delivered('', headers)).status;
  assert.equal(await status({ 'x-serverless-authorization': good, 'authorization': bad }), 204);
  assert.equal(await status({ 'x-serverless-authorization': bad, 'authorization': good }), 403);
  assert.equal(await status({ 'x-serverless-authorization': '', 'authorization': good }), 401);
});

test('of two tokens in headers of one name neither counts', async () => {
  const from = local.logged().length;
  const status = await new Promise((resolve, reject) => {
    const headers = ['host', 'probe', 'content-length', '0', 'authorization', bearer(), 'authorization', bearer()];
    const sent = request(local.url, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode));
    sent.on('error', reject).end();
  });
  assert.equal(status, 401);
  await local.untilLogged(from);
});

test('nothing of a stranger\'s message is asked of Firestore, and all of the caller\'s', async () => {
  const { status, lines } = await local.delivered('echo:a', { authorization: bearer() });
  assert.deepEqual([status, lines[0].answers], [204, '0 [a]']);
  const seen = echo.seen.length;
  assert.ok(seen > 0);
  assert.equal((await local.delivered('echo:a', { authorization: bearer({ iat: 9_999_999_999 }) })).status, 401);
  assert.equal(echo.seen.length, seen);
});

test('deployed, the caller is let in', async () => {
  const { status, outcome, lines } = await deployed.delivered('echo:a', { authorization: bearer() });
  // As far as the metadata server, which isn't there.
  assert.deepEqual([status, outcome], [500, 'FAULT']);
  assert.match(lines[0].reason, /metadata server/);
});

test('a deployed function that is not told who may call does not start', async () => {
  for (const setting of Object.keys(CALLER)) {
    const { code, complaint } = await refusedStart({ ...CALLER, [setting]: '', K_SERVICE: 'probe' });
    assert.equal(code, 1);
    assert.match(complaint, new RegExp(`Error: ${setting} is not set; it must be the `));
  }
});

test('who may call is asked where it must be known, and where one wants it', () => {
  const of = (env, settings = {}) => expectedCaller(settings, env);
  const { BOMA_CALLER: email, BOMA_AUDIENCE: audience } = CALLER;
  const both = { email, audience };
  assert.equal(of({}), null);
  assert.equal(of({ BOMA_CALLER: '', BOMA_AUDIENCE: '' }), null);
  assert.deepEqual(of(CALLER), both);
  assert.deepEqual(of({ ...CALLER, K_SERVICE: 'f' }), both);
  assert.throws(() => of({ K_SERVICE: 'f' }), /^Error: BOMA_CALLER is not set/);
  assert.throws(() => of({ BOMA_CALLER: email }), /^Error: BOMA_AUDIENCE is not set/);
  assert.throws(() => of({ BOMA_AUDIENCE: audience }), /^Error: BOMA_CALLER is not set/);
  assert.equal(of({ K_SERVICE: 'f' }, { unauthenticated: 'the sender signs' }), null);
});
