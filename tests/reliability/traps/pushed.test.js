// Push bodies posted to the function itself: every way to break it, many at once, and a thousand in a row.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { PERSON, registered, uuid } from '../../stack/events.js';
import { assertNoSecrets } from '../no-secrets.js';
import { startFragileStack } from './fragile-stack.js';
import { SAID, assertFiled, bytesOf, interacted, interactions, isPoison, letterPathOf, recordPath, userPath } from './interactions.js';

const ATTEMPT_TO_FILE = 5;
const LARGEST_GROWTH_MB = 80;

let stack;
before(async () => { stack = await startFragileStack(); });
after(() => stack?.stop());

/** Posts the event as Pub/Sub would. Resolves with "STATUS OUTCOME". */
async function pushed(event, { attempt = 1, attributes = {}, to = 'fragile', from = 'interactions' } = {}) {
  const body = {
    message: {
      data: bytesOf(event).toString('base64'), attributes: { type: event.type, ...attributes },
      messageId: event.id, publishTime: new Date().toISOString(), orderingKey: event.subject,
    },
    subscription: `projects/demo-test/subscriptions/${to}.${from}`, deliveryAttempt: attempt,
  };
  const response = await fetch(stack.urls[to], { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(await response.text(), '', 'something of the delivery goes to the caller');
  return `${response.status} ${response.headers.get('boma-outcome')}`;
}

/** All at once; resolves with the answers, and with all documents afterwards. */
async function pushedAtOnce(events, { attemptOf = () => 1 } = {}) {
  const answers = await Promise.all(events.map((event) => pushed(event, { attempt: attemptOf(event) })));
  return { answers, documents: await stack.documents() };
}

const attemptToFile = (event) => (isPoison(event) ? ATTEMPT_TO_FILE : 1);
const linesOf = ({ id }) => stack.lines().filter(({ eventId }) => eventId === id);

/** What is harmless among the events was applied; of customers who are new. */
function assertAppliedOnce(events, { answers, documents }) {
  for (const [place, event] of events.entries()) {
    if (isPoison(event)) continue;
    assert.match(answers[place], /^204 (APPLIED|DUPLICATE)$/, event.id);
    assert.equal(documents.get(recordPath(event))?.outcome, 'APPLIED', event.id);
    assert.equal(documents.get(userPath(event))?.count, 1, event.id);
  }
}

for (const [index, breaks] of Object.keys(SAID).entries()) {
  test(`50 at once, and one breaks (${breaks}): the other 49 are applied, and it is filed at its fifth attempt`, async () => {
    const events = interactions({ from: 1 + 100 * index, firstCustomer: 1 + 100 * index, count: 50, breaks: { 30: breaks } });
    const poison = events[30];
    const result = await pushedAtOnce(events);
    assert.equal(result.answers[30], '500 FAULT');
    assertAppliedOnce(events, result);
    assert.ok(events.some((event) => linesOf(event).some(({ restarts }) => restarts > 0)), 'nobody was in flight with the poison');

    assert.equal(await pushed(poison, { attempt: ATTEMPT_TO_FILE - 1 }), '500 FAULT');
    assert.equal((await stack.documents()).get(letterPathOf(poison)), undefined, 'filed too early');
    assert.equal(await pushed(poison, { attempt: ATTEMPT_TO_FILE }), '204 CRASHED');
    assertFiled(poison, await stack.documents());
  });
}

test('two that are filed at once, each while the other breaks the instance: both are, each with its own text', async () => {
  const events = interactions({ from: 601, firstCustomer: 601, count: 50, breaks: { 30: 'decide', 31: 'stack' } });
  const before = stack.lines().length;
  const result = await pushedAtOnce(events, { attemptOf: attemptToFile });
  assert.deepEqual(result.answers.slice(30, 32), ['204 CRASHED', '204 CRASHED']);
  for (const poison of events.filter(isPoison)) assertFiled(poison, result.documents);
  assertAppliedOnce(events, result);
  const filing = stack.lines().slice(before).filter(({ outcome }) => outcome === 'CRASHED');
  assert.ok(filing.some(({ restarts }) => restarts > 0), 'neither was in flight when the other one broke the instance');
});

test('a replay of a poison crashes again and comes back to its letter, counted once', async () => {
  const poison = interacted({ number: 701, customer: 701, breaks: 'decide' });
  const attributes = { replayOf: letterPathOf(poison).slice('dead_letters/'.length), replayFor: 'fragile', replayNumber: '1' };
  assert.equal(await pushed(poison, { attempt: ATTEMPT_TO_FILE }), '204 CRASHED');
  const { receivedAt } = (await stack.documents()).get(letterPathOf(poison));
  assert.equal(await pushed(poison, { attempt: ATTEMPT_TO_FILE, attributes, from: 'replays' }), '204 CRASHED');
  const documents = await stack.documents();
  assertFiled(poison, documents, { replays: 1 });
  assert.equal(documents.get(letterPathOf(poison)).receivedAt, receivedAt);
});

test('a function in the same process notices nothing of the traps of another', async () => {
  const people = Array.from({ length: 30 }, (_, index) => registered({ number: 801 + index, subject: uuid('b', 801 + index) }));
  const poisons = Array.from({ length: 10 }, (_, index) => interacted({ number: 901 + index, customer: 901 + index, breaks: 'decide' }));
  const [answers, broken] = await Promise.all([
    Promise.all(people.map((event) => pushed(event, { to: 'profile', from: 'user-onboarding' }))),
    Promise.all(poisons.map((event) => pushed(event))),
  ]);
  assert.deepEqual(new Set(broken), new Set(['500 FAULT']));
  assert.deepEqual(new Set(answers), new Set(['204 APPLIED']));
  for (const line of people.flatMap(linesOf)) assert.deepEqual([line.severity, line.restarts], ['INFO', undefined], line.eventId);
});

test('a thousand traps leave no memory behind in the process, and the next event is applied', async () => {
  const poison = (breaks) => interacted({ number: 1_001, customer: 1_001, breaks });
  // Nine break it before they have asked for anything, one after the other, and the tenth when it is answered: that one fills
  // the stack, a megabyte of the instance.
  const tenTraps = async () => [...await Promise.all(Array.from({ length: 9 }, () => pushed(poison('readSet')))), await pushed(poison('stack'))];
  for (let n = 0; n < 30; n += 1) await tenTraps();
  const [beforeMb, linesBefore] = [stack.residentMb(), stack.lines().length];
  for (let n = 0; n < 100; n += 1) assert.deepEqual(new Set(await tenTraps()), new Set(['500 FAULT']));
  const grownMb = stack.residentMb() - beforeMb;
  assert.equal(stack.lines().slice(linesBefore).filter(({ reason }) => SAID.readSet.test(reason) || SAID.stack.test(reason)).length, 1_000);
  // If they stayed, the hundred with a full stack alone would be over 100 MB.
  assert.ok(grownMb < LARGEST_GROWTH_MB, `it grew by ${grownMb.toFixed(0)} MB, from ${beforeMb.toFixed(0)} MB`);
  assert.equal(await pushed(interacted({ number: 1_002, customer: 1_001 })), '204 APPLIED');
});

test('the memory that a message exhausted is given back', async () => {
  for (let n = 0; n < 12; n += 1) {
    assert.equal(await pushed(interacted({ number: 1_101, customer: 1_101, breaks: 'memory' })), '500 FAULT');
  }
  // Each had an instance filled up to its limit of 128 MiB: a dozen that stay would be over 1,500 MB.
  assert.ok(stack.residentMb() < 500, `${stack.residentMb().toFixed(0)} MB`);
});

test('the log has what broke, and nothing of what was sent', () => {
  assertNoSecrets({ logs: stack.logs, secrets: [PERSON.email, PERSON.fullName, bytesOf(interacted({ number: 1, customer: 1 })).toString()] });
});
