// A message that breaks its instance while others are in flight, through the whole stack: it harms nobody but itself, and in
// the end it lies among the dead letters.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { PERSON } from '../../stack/events.js';
import { message } from '../../stack/real-stack.js';
import { assertNoSecrets } from '../no-secrets.js';
import { startFragileStack } from './fragile-stack.js';
import { SAID, assertFiled, bytesOf, interacted, interactions, isPoison, recordPath, userPath } from './interactions.js';

const SETTLED_WITHIN_MS = 60_000;

let stack;
before(async () => {
  stack = await startFragileStack();
  // The emulators' first answers take a second; afterwards whoever is in flight is done before the poison comes again.
  await settled([interacted({ number: 900, customer: 900 })]);
  await stack.followUps(1);
});
after(() => stack?.stop());

/** Publishes the events and waits for them. Resolves with their notices, the log lines meanwhile, and all documents. */
async function settled(events, topic = 'interactions') {
  const before = stack.lines().length;
  const pairs = await stack.publish(topic, events.map((event) => message(event)));
  assert.deepEqual(await stack.unacknowledged(pairs, SETTLED_WITHIN_MS), [], 'these were never acknowledged');
  const messageIds = new Set(pairs.map(({ messageId }) => messageId));
  const notices = stack.notices.filter(({ messageId }) => messageIds.has(messageId));
  return { notices, lines: stack.lines().slice(before), documents: await stack.documents() };
}

const noticesOf = ({ notices }, { id }) => notices.filter(({ eventId }) => eventId === id);

/** Each has changed its customer's count once, at its first attempt; nobody had to deliver it again. */
function assertAppliedOnce(events, result, countBefore = 0) {
  for (const event of events) {
    const deliveries = noticesOf(result, event).map(({ attempt, acked }) => [attempt, acked]);
    assert.deepEqual(deliveries, [[1, true]], `${event.id}: its deliveries, each with its attempt`);
    assert.equal(result.documents.get(recordPath(event))?.outcome, 'APPLIED', event.id);
    assert.equal(result.documents.get(userPath(event))?.count, countBefore + 1, `${event.id}: the count of ${event.subject}`);
  }
  // Or nothing was tried: those who were in flight when the instance broke began again in the next one.
  const restarted = result.lines.filter(({ eventId, restarts }) => restarts > 0 && events.some(({ id }) => id === eventId));
  assert.ok(restarted.length > 0, 'nobody was in flight with the poison');
}

/** It came five times, lies among the dead letters, and each of its lines in the log says what broke. */
function assertCameFiveTimes(poison, result) {
  const deliveries = noticesOf(result, poison).map(({ attempt, outcome, status }) => `${attempt} ${outcome} ${status}`);
  assert.deepEqual(deliveries, ['1 FAULT 500', '2 FAULT 500', '3 FAULT 500', '4 FAULT 500', '5 CRASHED 204'], poison.id);
  assertFiled(poison, result.documents);

  const lines = result.lines.filter(({ reason }) => SAID[poison.data.breaks].test(reason));
  const told = lines.map(({ severity, outcome, attempt, consumer }) => [severity, outcome, attempt, consumer].join(' '));
  assert.deepEqual(told, ['ERROR FAULT 1 fragile', 'ERROR FAULT 2 fragile', 'ERROR FAULT 3 fragile', 'ERROR FAULT 4 fragile', 'ERROR CRASHED 5 fragile']);
  for (const { stack_trace: trace } of lines) assert.match(trace, /^R\w+Error: .*\n +at .*fragile/);
}

/** What was told to others is what the records say, and nothing of a poison. */
async function assertTold(events, { documents }) {
  const recorded = events.flatMap((event) => documents.get(recordPath(event)).outgoingIds);
  assert.equal(recorded.length, events.length);
  assert.deepEqual([...await stack.followUps(recorded.length)].sort(), recorded.sort());
}

test('50 in flight and one panics: the other 49 are applied once and at once, the poison is filed, and then who is behind it', async () => {
  const events = interactions({ from: 1, count: 50, breaks: { 20: 'decide' } });
  const poison = events[20];
  const behind = interacted({ number: 100, customer: 21 });
  const result = await settled([...events, behind]);

  const harmless = events.filter((event) => !isPoison(event));
  assertAppliedOnce(harmless, result);
  assertCameFiveTimes(poison, result);
  assertAppliedBehind(behind, poison, result);
  const order = result.notices.filter(({ acked }) => acked).map(({ eventId }) => eventId);
  assert.deepEqual(order.slice(-2), [poison.id, behind.id], 'somebody else was waiting for the poison');
  await assertTold([...harmless, behind], result);
});

/** After the poison, and as the first thing that is known of its customer. */
function assertAppliedBehind(event, poison, result) {
  assert.deepEqual(noticesOf(result, event).map(({ attempt, outcome }) => [attempt, outcome]), [[1, 'APPLIED']]);
  assert.equal(result.documents.get(userPath(event)).count, 1);
  const place = ({ id }) => result.notices.findLastIndex(({ eventId }) => eventId === id);
  assert.ok(place(poison) < place(event), `${event.id} before ${poison.id}`);
}

test('once more, with the same customers and two poisons at once that break in other ways', async () => {
  const events = interactions({ from: 201, count: 50, breaks: { 20: 'stack', 40: 'memory' } });
  const result = await settled(events);
  const harmless = events.filter((event) => !isPoison(event));
  assert.equal(harmless.length, 48);
  assertAppliedOnce(harmless, result, 1);
  for (const poison of events.filter(isPoison)) assertCameFiveTimes(poison, result);
  await assertTold(harmless, result);
});

test('the log has what the panics said, and nothing of what was sent', () => {
  const secrets = [PERSON.email, PERSON.fullName, bytesOf(interacted({ number: 1, customer: 1 })).toString()];
  assertNoSecrets({ logs: stack.logs, secrets });
});
