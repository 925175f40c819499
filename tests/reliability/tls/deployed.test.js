// Functions as they are deployed: what they do when tokens end or are taken away, when nothing is allowed, and when there is no
// trust or no identity. What goes wrong is in the log in words, and no token and nothing of a customer is.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';

import { CALLER } from '../../shim/caller-token.js';
import { startMetadataServer, token } from '../../shim/fake-metadata-server.js';
import { PERSON, approved, registered, uuid } from '../../stack/events.js';
import { assertNoSecrets } from '../no-secrets.js';
import { certificateAuthority } from './certificates.js';
import { startWorld } from './deployed-functions.js';
import { withoutHint } from './untrusted.js';

const PROJECT = 'demo-tls';
const READ = '/google.firestore.v1.Firestore/BatchGetDocuments';
const PUBLISH = '/google.pubsub.v1.Publisher/Publish';
const DENIED = { status: 7, message: 'Missing or insufficient permissions.' };
const APPLIED = { status: 204, outcome: 'APPLIED' };
const probe = fileURLToPath(new URL('../../shim/function-process.js', import.meta.url));
const authority = certificateAuthority('The test authority');

/** Every token that was given away: `{text, endsAtMs}`. */
const given = [];
let lifeSeconds = 3_600;
const revoked = new Set();
const denied = new Set();
let world;
let metadata;
let functions;
let events = 0;

before(async () => {
  world = await startWorld({ project: PROJECT, identity: authority.issue(['localhost']), judge });
  metadata = await startMetadataServer((_, path) => (path.endsWith('/project/project-id') ? { text: PROJECT } : newToken()));
  functions = await world.functions(['profile', 'kyc'], { trusts: authority.certificate, env: metadata.env });
});

after(async () => {
  await world?.stop();
  metadata?.close();
});

function newToken() {
  given.push({ text: `ya29.of-the-test-${given.length}`, endsAtMs: Date.now() + lifeSeconds * 1_000 });
  return token(given.at(-1).text, lifeSeconds);
}

function judge({ path, token: shown }) {
  const known = given.find(({ text }) => text === shown);
  if (known === undefined || known.endsAtMs < Date.now()) return { status: 16, message: 'Request had invalid authentication credentials.' };
  if (revoked.has(shown)) return { httpStatus: 401 };
  return denied.has(path) ? DENIED : undefined;
}

const revokeAll = () => { for (const { text } of given) revoked.add(text); };

function next(eventOf, customer) {
  events += 1;
  return eventOf({ number: events, subject: uuid('c', customer) });
}

/** With what the log says, where there was a fault, so that a failed test tells it. */
const outcomeOf = ({ status, outcome, line }) => (status === 500 ? { status, outcome, ...line } : { status, outcome });
const register = async (customer) => outcomeOf(await functions.deliver('profile', next(registered, customer)));
const approve = async (customer) => outcomeOf(await functions.deliver('kyc', next(approved, customer)));

test('events are applied through TLS, and each function fetches one token for all its calls', async () => {
  const customers = Array.from({ length: 10 }, (_, i) => i + 1);
  for (const each of [register, approve]) {
    assert.deepEqual(await Promise.all(customers.map(each)), customers.map(() => APPLIED));
  }
  assert.deepEqual(await world.statuses(customers.map((each) => uuid('c', each))), customers.map(() => 'APPROVED'));
  const active = (await world.published(customers.length)).map(({ type, subject }) => `${type} ${subject}`);
  assert.deepEqual(active.sort(), customers.map((each) => `UserActive ${uuid('c', each)}`));
  assert.equal(metadata.tokenRequests(), 2);
  assert.ok(metadata.requests.every((request) => request.startsWith('Google /computeMetadata/v1/')));
});

test('tokens that are taken away are replaced, and nothing is lost or done twice', async () => {
  revokeAll();
  const tokensBefore = given.length;
  const callsBefore = world.firestore.calls.length;
  const customers = [11, 12, 13, 14, 15];
  assert.deepEqual(await Promise.all(customers.map(register)), customers.map(() => APPLIED));
  assert.equal(given.length - tokensBefore, 1);
  const calls = world.firestore.calls.slice(callsBefore);
  const refused = calls.filter((call) => revoked.has(call.token)).length;
  // A read and a commit for each. At most the reads went out with the old token, all of them at once.
  assert.equal(calls.length - refused, 10);
  assert.ok(refused >= 1 && refused <= 5, `${refused} were refused`);
});

test('a token is replaced before it ends, so that nobody is ever refused', async () => {
  revokeAll();
  lifeSeconds = 6;
  assert.deepEqual(await register(20), APPLIED);
  const [first] = given.slice(-1);
  const callsBefore = world.firestore.calls.length;
  lifeSeconds = 3_600;
  for (let customer = 21; given.at(-1) === first; customer += 1) {
    assert.ok(Date.now() < first.endsAtMs, 'it was used to its end');
    assert.deepEqual(await register(customer), APPLIED);
    await wait(100);
  }
  const tokens = new Set(world.firestore.calls.slice(callsBefore).map((call) => call.token));
  assert.deepEqual([...tokens], given.slice(-2).map(({ text }) => text));
});

test('no permission to read: one call, a fault, and the words of the service in the log', async () => {
  denied.add(READ);
  const callsBefore = world.firestore.calls.length;
  const { status, outcome, line } = await functions.deliver('profile', next(registered, 100));
  denied.clear();
  assert.deepEqual({ status, outcome }, { status: 500, outcome: 'FAULT' });
  assert.equal(world.firestore.calls.length - callsBefore, 1);
  const { severity, detail, repeats, reason } = line;
  assert.deepEqual({ severity, detail, repeats }, { severity: 'ERROR', detail: DENIED.message, repeats: 0 });
  assert.match(reason, /PERMISSION_DENIED/);
});

test('no permission to publish: a fault, and once it is granted the redelivery publishes what was owed', async () => {
  await register(101);
  const event = next(approved, 101);
  denied.add(PUBLISH);
  const callsBefore = world.pubsub.calls.length;
  const { status, line: { reason, detail } } = await functions.deliver('kyc', event);
  assert.deepEqual({ status, reason, detail }, { status: 500, reason: 'publish: PERMISSION_DENIED', detail: DENIED.message });
  assert.equal(world.pubsub.calls.length - callsBefore, 1);
  denied.clear();
  assert.deepEqual(outcomeOf(await functions.deliver('kyc', event)), { status: 204, outcome: 'DUPLICATE' });
  assert.deepEqual((await world.published(1)).map(({ subject }) => subject), [uuid('c', 101)]);
});

test('without an identity, then without trust: each delivery is a fault that says in words what is missing', async (t) => {
  const answers = { project: { status: 404 }, token: { status: 404 } };
  const own = await startMetadataServer((_, path) => answers[path.endsWith('/token') ? 'token' : 'project']);
  t.after(() => own.close());
  const untold = await world.functions(['profile'], { trusts: null, env: own.env });
  const callsBefore = world.firestore.calls.length;
  const whatIsSaid = async () => {
    const { status, outcome, line } = await untold.deliver('profile', next(registered, 102));
    assert.deepEqual({ status, outcome, severity: line.severity }, { status: 500, outcome: 'FAULT', severity: 'ERROR' });
    return line;
  };
  const asked = `the metadata server ${own.env.GCE_METADATA_HOST} was asked for`;
  const remedy = 'it answered 404; check which service account this function runs as, and that it still exists';

  assert.equal((await whatIsSaid()).reason, `${asked} project/project-id: ${remedy}`);
  answers.project = { text: PROJECT };
  assert.equal((await whatIsSaid()).detail, `${asked} instance/service-accounts/default/token: ${remedy}`);
  answers.token = token('ya29.for-nobody');
  const { detail, reason, repeats } = await whatIsSaid();
  assert.equal(withoutHint(detail), `${world.firestore.host}: its certificate is not trusted here (unable to verify the first certificate)`);
  assert.match(reason, /UNAVAILABLE/);
  assert.equal(repeats, 5);
  assert.equal(world.firestore.calls.length, callsBefore);
});

test('with an endpoint that is none a function does not start, and says which setting it is', async () => {
  const env = { PATH: process.env.PATH, K_SERVICE: 'probe', ...CALLER, PUBSUB_ENDPOINT: 'https://someone:secret@pubsub.example.com' };
  const child = fork(probe, ['probe'], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  child.once('message', () => child.kill());
  const [code] = await once(child, 'close');
  assert.equal(code, 1, said);
  assert.match(said, /PUBSUB_ENDPOINT must be HOST:PORT and nothing else, such as pubsub\.googleapis\.com:443/);
  assert.ok(!said.includes('secret@'), said);
});

test('no token and nothing of a customer was logged', () => {
  const secrets = ['ya29.of-the-test', 'ya29.for-nobody', PERSON.fullName, PERSON.email, PERSON.street];
  assertNoSecrets({ logs: world.logs, secrets });
});
