// What operators ask for by HTTP, on the real parts: a command and its outcome, a payout that takes two people, and a letter's replay.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { registered, uuid } from '../stack/events.js';
import { message, startRealStack } from '../stack/real-stack.js';
import { until } from '../stack/until.js';

const SETTLED_WITHIN_MS = 60_000;
const CUSTOMER = uuid('a', 1);
const [OLGA, SVEN] = [['olga@boma.test', 'operator'], ['sven@boma.test', 'supervisor']];

let stack;
before(async () => {
  stack = await startRealStack({ project: 'demo-operator' });
  await settled('user-onboarding', [registered({ number: 1, subject: CUSTOMER })]);
});
after(() => stack?.stop());

async function settled(topic, events) {
  const pairs = await stack.publish(topic, events.map((each) => message(each)));
  assert.deepEqual(await stack.unacknowledged(pairs, SETTLED_WITHIN_MS), [], 'not acknowledged');
}

let sent = 100;
function event(type, data) {
  sent += 1;
  return { specversion: '1.0', id: uuid('e', sent), source: '//bank', type, subject: CUSTOMER, time: '2026-03-02T10:00:00Z', data };
}

/** A token as the emulators make them. */
function token([email, role]) {
  const part = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub: email, email, role, auth_time: now - 60, iat: now - 60, exp: now + 3_600 })}.`;
}

async function asked(who, path, body) {
  const response = await fetch(new URL(path, stack.urls.operator), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(who && { authorization: `Bearer ${token(who)}` }) },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, ...await response.json() };
}

const command = (who, number, type, data) => asked(who, '/commands', { id: uuid('c', number), type, subject: CUSTOMER, data });
const timelineOf = async (consumer, number) => (await stack.documents()).get(`users/${CUSTOMER}/timeline/${consumer}.${uuid('c', number)}`);

test('a command is published under its id, in the name of whoever sends it, and its outcome is the answer', async () => {
  assert.deepEqual(await asked(OLGA, '/me'), { status: 200, email: OLGA[0], role: OLGA[1] });
  const held = await command(OLGA, 1, 'KycHeld', { reason: 'a namesake' });
  assert.deepEqual(held, { status: 200, eventId: uuid('c', 1), outcome: 'APPLIED' });
  assert.equal((await stack.documents()).get(`users/${CUSTOMER}`).kycStatus, 'ON_HOLD');
  assert.equal((await timelineOf('kyc', 1)).by, OLGA[0]);
  // Pressed twice; edited; and without a token.
  assert.deepEqual(await command(OLGA, 1, 'KycHeld', { reason: 'a namesake' }), held);
  assert.equal((await command(OLGA, 1, 'KycHeld', { reason: 'something else' })).status, 409);
  assert.equal((await command(undefined, 2, 'KycReleased', {})).status, 401);
});

test('what the state refuses is told with the reason', async () => {
  const refused = await command(OLGA, 3, 'KycAppealed', { reason: 'new papers' });
  assert.deepEqual([refused.status, refused.outcome], [202, 'AWAITING_APPROVAL']);
  const decided = await asked(SVEN, `/approvals/${uuid('c', 3)}`, { decision: 'APPROVE', digest: refused.digest });
  assert.deepEqual(decided, { status: 200, eventId: uuid('c', 3), outcome: 'REFUSED', reason: 'IllegalTransition{from: ON_HOLD, event: KycAppealed}' });
});

test('a payout goes once a second person agrees, and is told in both names', async () => {
  const money = { amount: '500.00', currency: 'CZK', method: 'TRANSFER' };
  await settled('payments', [event('PaymentReceived', { transactionId: uuid('d', 1), ...money })]);
  assert.equal((await command(OLGA, 4, 'KycSuspended', { reason: 'fraud' })).outcome, 'APPLIED');
  const payout = { transactionId: uuid('d', 2), ...money, reason: 'the rest' };
  const { digest, ...waits } = await command(OLGA, 5, 'PayoutOrdered', payout);
  assert.deepEqual(waits, { status: 202, approvalId: uuid('c', 5), outcome: 'AWAITING_APPROVAL' });
  assert.equal((await stack.documents()).get(`transactions/${uuid('d', 2)}`), undefined, 'nothing is paid yet');
  const decide = (who, decision, seen = digest) => asked(who, `/approvals/${uuid('c', 5)}`, { decision, digest: seen });
  assert.equal((await decide(OLGA, 'APPROVE')).status, 403);
  assert.equal((await decide(['OLGA@boma.test', 'supervisor'], 'APPROVE')).status, 403);
  assert.equal((await decide(SVEN, 'APPROVE', `1:${'0'.repeat(64)}`)).status, 409);
  const approved = await decide(SVEN, 'APPROVE');
  assert.deepEqual(approved, { status: 200, eventId: uuid('c', 5), outcome: 'APPLIED' });
  assert.deepEqual(await decide(SVEN, 'APPROVE'), approved, 'pressed twice');
  assert.equal((await decide(['sara@boma.test', 'supervisor'], 'APPROVE')).status, 409, 'used');
  const documents = await stack.documents();
  const { status, operator, approvedBy } = documents.get(`transactions/${uuid('d', 2)}`);
  assert.deepEqual([status, operator, approvedBy], ['AUTHORIZED', OLGA[0], SVEN[0]]);
  const { by, approvedBy: second } = await timelineOf('payments', 5);
  assert.deepEqual([by, second], [OLGA[0], SVEN[0]]);
});

test('a letter is replayed by an operator, and one about money takes two to discard', async () => {
  await settled('payments', [
    event('RefundRequested', { refundId: uuid('d', 10), transactionId: uuid('d', 11), amount: '1.00' }),
    event('PaymentReceived', { transactionId: uuid('d', 12), amount: '1.005', currency: 'CZK', method: 'CASH' }),
  ]);
  const lettersOf = async () => [...await stack.documents()].filter(([path]) => path.startsWith('dead_letters/payments.')).map(([path, letter]) => ({ id: path.split('/')[1], ...letter, name: path.split('/')[1] }));
  const letters = await until('two letters', async () => {
    const found = await lettersOf();
    return found.length === 2 && found;
  }, { withinMs: SETTLED_WITHIN_MS });
  const [waiting, malformed] = ['AWAITED', 'MALFORMED'].map((kind) => letters.find((letter) => letter.kind === kind).name);
  const act = (number, letter, action) => asked(OLGA, `/letters/${letter}`, { id: uuid('c', number), action, reason: 'a test' });
  const returned = await act(20, waiting, 'REPLAY');
  assert.equal(returned.outcome, 'REFUSED');
  assert.match(returned.reason, /^AWAITED: awaits transactions\//);
  await settled('payments', [event('PaymentReceived', { transactionId: uuid('d', 11), amount: '5.00', currency: 'CZK', method: 'CASH' })]);
  await until('the replay of what waited', async () => (await act(21, waiting, 'REPLAY')).outcome === 'REPLAYED', { withinMs: SETTLED_WITHIN_MS });
  const { status, outcome, digest } = await act(22, malformed, 'DISCARD');
  assert.deepEqual([status, outcome], [202, 'AWAITING_APPROVAL']);
  const decided = await asked(SVEN, `/approvals/${uuid('c', 22)}`, { decision: 'APPROVE', digest });
  assert.deepEqual(decided, { status: 200, letterId: malformed, outcome: 'DISCARDED' });
  const closed = (await stack.documents()).get(`dead_letters/${malformed}`);
  assert.deepEqual([closed.status, closed.discardReason, closed.discardedBy, closed.approvedBy], ['DISCARDED', 'a test', OLGA[0], SVEN[0]]);
});
