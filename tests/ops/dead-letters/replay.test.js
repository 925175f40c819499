// Dead letters of the real functions, replayed by the command against real emulators.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { topicName } from '../../../manifest/names.js';
import { openReplayJob } from '../../../ops/dead-letters/replay-job.js';
import { replayKeys } from '../../../ops/dead-letters/replay.js';
import { approved, customer, event, letterId, registered, unnamedLetterId, userDocument } from '../../stack/documents.js';
import { until } from '../../stack/until.js';
import { asDocuments, bodyOf, letterOf, lettersStack } from './letters-stack.js';

const DAY_MS = 86_400_000;
let stack;
before(async () => { stack = await lettersStack(); });
after(() => stack?.stop());

const letter = (id) => stack.get(`dead_letters/${id}`);
const record = (consumer, { id }) => stack.get(`processed_events/${consumer}.${id}`);
const filed = (id) => until(`the letter ${id}`, () => letter(id));
const recorded = (consumer, of) => until(`${consumer}'s record of ${of.type}`, () => record(consumer, of));

/** A customer as far as KYC has brought them, by real events. */
async function customerAt(number, ...events) {
  const subject = customer(number);
  const first = registered(subject);
  await stack.publish('user-onboarding', first);
  await recorded('profile', first);
  for (const each of events.map((make) => make(subject))) {
    await stack.publish('kyc', each);
    await recorded('kyc', each);
  }
  return subject;
}
/** Customers whose documents can't be read: what is replayed for them stays on its way, attempt after attempt, until they are mended. */
const broken = (subjects) => stack.put(Object.fromEntries(subjects.map((subject) => [`users/${subject}`, { ...userDocument(), kycStatus: { integerValue: '7' } }])));
const mended = (subjects) => stack.put(Object.fromEntries(subjects.map((subject) => [`users/${subject}`, userDocument()])));

const suspended = (subject) => event('KycSuspended', subject, { reason: 'SANCTIONS_HIT' });
const reinstated = (subject) => event('KycReinstated', subject, { operator: 'op-1' });

test('a refused event that has become legal applies, its follow-ups go out, and the letter is REPLAYED', async () => {
  const subject = await customerAt(1, approved);
  const early = reinstated(subject);
  const id = letterId('kyc', bodyOf(early));
  await stack.publish('operations', early);
  await filed(id);
  const suspending = suspended(subject);
  await stack.publish('operations', suspending);
  await until('trading ends', async () => (await stack.get(`users/${subject}`)).tradingEnabled === false && await record('kyc', suspending));

  const { status, said, complained } = await stack.command('replay', id, '--yes');
  assert.equal(complained, '');
  assert.equal(status, 0, said);
  assert.match(said, /replayed\s+consumer\s+kind\s+reason\n\s+1\s+kyc\s+REFUSED\s+IllegalTransition/);
  const { status: now, replays } = await letter(id);
  assert.deepEqual({ now, replays }, { now: 'REPLAYED', replays: 1 });
  assert.equal((await record('kyc', early)).outcome, 'APPLIED');
  await until('trading begins again', async () => (await stack.get(`users/${subject}`)).tradingEnabled);
});

test('an event that is still refused is back in the same letter with one replay more, and the status is 1', async () => {
  const subject = await customerAt(2, approved);
  const early = reinstated(subject);
  const id = letterId('kyc', bodyOf(early));
  await stack.publish('operations', early);
  const first = await filed(id);
  const { status, said } = await stack.command('replay', id, '--yes');
  assert.equal(status, 1, said);
  assert.match(said, /1 letter: came back REFUSED: IllegalTransition/);
  const again = await letter(id);
  assert.deepEqual([first.status, first.replays, again.status, again.replays], ['OPEN', 0, 'OPEN', 1]);
});

test('a malformed letter without type and key comes back malformed', async () => {
  const [{ messageIds: [messageId] }] = await stack.publish('kyc', 'no event');
  const id = unnamedLetterId('kyc', bodyOf('no event'), { attributes: { 'content-type': 'application/cloudevents+json' }, messageId });
  await filed(id);
  const { status, said } = await stack.command('replay', id, '--yes');
  assert.equal(status, 1, said);
  assert.match(said, /1 letter: came back MALFORMED/);
  assert.ok(!said.includes('no event'));
  assert.equal((await letter(id)).replays, 1);
});

test('only the consumer of the letter acts on its replay', async () => {
  const subject = customer(3);
  const first = registered(subject);
  const mine = letterOf('profile', first);
  await stack.put(asDocuments([mine]));
  const { status, said } = await stack.command('replay', '--subject', subject, '--yes');
  assert.equal(status, 0, said);
  await stack.idle();
  assert.equal((await record('profile', first)).outcome, 'APPLIED');
  assert.equal(await record('leads', first), undefined);
});

test('letters of one key go out one after the other across topics and consumers, each after the one before is settled', async () => {
  const watch = await stack.watch('order');
  const nowMs = Date.now();
  const chains = Array.from({ length: 5 }, (_, index) => {
    const subject = customer(100 + index);
    // What makes the later ones legal stands first; the ids sort as they happen to.
    return [['profile', registered(subject)], ['kyc', approved(subject)], ['kyc', suspended(subject)], ['kyc', reinstated(subject)], ['payments', payment(subject)]]
      .map(([consumer, of], age) => ({ of, consumer, ...letterOf(consumer, of, { receivedMs: nowMs - 10_000 + age, reason: 'in a chain' }) }));
  });
  await stack.put(asDocuments(chains.flat()));
  const { status, said } = await stack.command('replay', '--reason', 'in a chain', '--yes');
  assert.equal(status, 0, said);
  const published = (await watch.published()).filter(({ attributes }) => attributes.replayOf);
  await watch.close();
  assert.equal(published.length, chains.flat().length);
  for (const chain of chains) {
    const ours = published.filter(({ key }) => key === chain[0].of.subject);
    assert.deepEqual(ours.map(({ attributes: { replayOf } }) => replayOf), chain.map(({ id }) => id));
    for (const [index, { id, of, consumer }] of chain.entries()) {
      assert.deepEqual(ours[index].body, bodyOf(of), 'the body is published unchanged');
      assert.deepEqual(ours[index].attributes, { type: of.type, 'content-type': 'application/cloudevents+json', replayOf: id, replayFor: consumer, replayNumber: '1' });
      const { updatedMs, status: now } = await letter(id);
      assert.equal(now, 'REPLAYED');
      if (ours[index + 1]) assert.ok(ours[index + 1].publishedMs >= updatedMs, `${id} was not settled when the next went out`);
    }
    const { kycVersion, balances } = await stack.get(`users/${chain[0].of.subject}`);
    assert.deepEqual({ kycVersion, balances }, { kycVersion: 3, balances: { CZK: { available: 70000, pending: 0, reserved: 0 } } });
  }
});
const payment = (subject) => event('PaymentReceived', subject, { transactionId: subject.replace('4000', '4111'), amount: '700.00', currency: 'CZK', method: 'CASH' });

test('stopped by Ctrl-C it says how far it came, and the same command goes on with what is open', async () => {
  const nowMs = Date.now();
  const there = [approved(await customerAt(200)), approved(await customerAt(201))];
  const away = [202, 203].map(customer);
  await broken(away);
  const stuck = away.flatMap((subject) => [approved(subject), suspended(subject)]);
  const all = [...there, ...stuck].map((of, age) => letterOf('kyc', of, { receivedMs: nowMs + age, reason: 'interrupted' }));
  const ofSubject = (subject) => all.filter(({ fields }) => fields.subject.stringValue === subject).map(({ id }) => id);
  await stack.put(asDocuments(all));
  const watch = await stack.watch('interrupted');
  const args = ['replay', '--reason', 'interrupted', '--yes'];

  const { child, ended } = stack.started(...args);
  await until('the first two letters', async () => (await Promise.all(all.slice(0, 2).map(({ id }) => letter(id)))).every(({ status }) => status === 'REPLAYED'));
  child.kill('SIGINT');
  const first = await ended;
  assert.equal(first.status, 130, first.said);
  assert.match(first.said, /replayed\s+on the way\s+not reached\s+consumer\s+kind\s+reason\n\s+2\s+2\s+2\s+kyc/);
  assert.match(first.said, /Stopped: 4 letters not reached or still on the way; the same command goes on/);
  for (const { id } of all.slice(2)) assert.equal((await letter(id)).status, 'OPEN');

  // The customers are mended only when the second command has published what the first one had published already.
  const again = stack.started(...args);
  const sentAgain = [];
  await until('the second publication', async () => {
    sentAgain.push(...(await watch.published()).map(({ attributes: { replayOf } }) => replayOf));
    return away.every((subject) => sentAgain.filter((id) => id === ofSubject(subject)[0]).length === 2);
  });
  await watch.close();
  for (const subject of away) assert.ok(!sentAgain.includes(ofSubject(subject)[1]), 'the later letter of a key waits');
  await mended(away);
  const second = await again.ended;
  assert.equal(second.status, 0, second.said);
  assert.match(second.said, /4 letters of the running stack/);
  await stack.idle();
  for (const subject of away) assert.deepEqual([(await stack.get(`users/${subject}`)).kycStatus, (await stack.get(`users/${subject}`)).kycVersion], ['SUSPENDED', 2]);
});

test('a letter that is not settled in time is given up, and those behind it of its key are not published', async () => {
  const [subject, nowMs] = [customer(300), Date.now()];
  await broken([subject]);
  const two = [approved(subject), suspended(subject)].map((of, age) => letterOf('kyc', of, { receivedMs: nowMs + age }));
  await stack.put(asDocuments(two));
  const { status, said } = await stack.command('replay', '--subject', subject, '--yes', '--settle-within', '1');
  assert.equal(status, 1, said);
  assert.match(said, new RegExp(`1 letter: published, but not settled in time.*show ${two[0].id}`));
  assert.match(said, new RegExp(`1 letter: not published, for the one before it.*show ${two[1].id}`));
  await mended([subject]); // So that the stack comes to rest.
});

test('without waiting, all is published and nothing is claimed of what came of it', async () => {
  const watch = await stack.watch('no-wait');
  const subject = await customerAt(301);
  const two = [approved(subject), suspended(subject)].map((of, age) => letterOf('kyc', of, { receivedMs: Date.now() + age }));
  await stack.put(asDocuments(two));
  const { status, said } = await stack.command('replay', '--subject', subject, '--yes', '--no-wait');
  assert.equal(status, 0, said);
  assert.match(said, /published\s+consumer\s+kind\s+reason\n\s+2\s+kyc/);
  const replays = (await watch.published()).filter(({ attributes }) => attributes.replayOf);
  await watch.close();
  assert.deepEqual(replays.map(({ attributes: { replayOf } }) => replayOf), two.map(({ id }) => id));
  // Nobody waited for them, and the next test wants to begin at rest.
  await until('both are settled', async () => (await Promise.all(two.map(({ id }) => letter(id)))).every(({ status }) => status === 'REPLAYED'));
});

test('a dry run says what it would do and changes nothing', async () => {
  await stack.idle();
  const watch = await stack.watch('dry');
  const mine = letterOf('kyc', approved(customer(400)), { reason: 'only looked at' });
  await stack.put(asDocuments([mine]));
  const all = await stack.everything();
  for (const args of [['replay', '--reason', 'only looked at', '--dry-run'], ['discard', mine.id, '--why', 'none', '--dry-run']]) {
    const { status, said } = await stack.command(...args);
    assert.equal(status, 0, said);
    assert.match(said, /1 letter of the running stack/);
    assert.match(said, /Nothing was (published|discarded): this was a dry run/);
  }
  assert.deepEqual(await stack.everything(), all);
  assert.deepEqual(await watch.published(), []);
  await watch.close();
});

test('what is too old, cut, closed, out of place or nobody\'s is refused by name, and the rest goes', async () => {
  const watch = await stack.watch('refused');
  const subject = await customerAt(500);
  const nowMs = Date.now();
  const goes = letterOf('kyc', approved(subject), { receivedMs: nowMs - 39 * DAY_MS });
  const refused = [
    [/older than 40 days/, letterOf('kyc', suspended(subject), { receivedMs: nowMs - 41 * DAY_MS })],
    [/cut when it was filed/, letterOf('kyc', suspended(subject), { truncated: true })],
    [/REPLAYED, not OPEN/, letterOf('kyc', suspended(subject), { status: 'REPLAYED' })],
    [/no function crm/, letterOf('crm', suspended(subject))],
  ];
  await stack.put(asDocuments([goes, ...refused.map(([, each]) => each)]));
  const missing = 'kyc.00000000000000000000000000000000';
  const { status, said } = await stack.command('replay', goes.id, ...refused.map(([, { id }]) => id), missing, '--yes');
  assert.equal(status, 1, said);
  for (const [why, { id }] of [...refused, [/there is no such letter/, { id: missing }]]) {
    const lines = said.split('\n');
    const reason = lines.slice(0, lines.indexOf(`    ${id}`)).findLast((line) => line.includes(' refused: '));
    assert.match(reason ?? '', why, said);
  }
  assert.equal((await letter(goes.id)).status, 'REPLAYED');
  const published = (await watch.published()).map(({ attributes: { replayOf } }) => replayOf).filter(Boolean);
  await watch.close();
  assert.deepEqual(published, [goes.id]);
});

test('a discarded letter is replayed if its own id is given, and by no filter', async () => {
  const subject = await customerAt(501);
  const mine = letterOf('kyc', approved(subject), { status: 'DISCARDED' });
  await stack.put(asDocuments([mine]));
  const byFilter = await stack.command('replay', '--subject', subject, '--yes');
  assert.match(byFilter.said, /No open letter matches/);
  assert.equal((await letter(mine.id)).status, 'DISCARDED');
  const byId = await stack.command('replay', mine.id, '--yes');
  assert.equal(byId.status, 0, byId.said);
  assert.equal((await letter(mine.id)).status, 'REPLAYED');
});

test('what came where its type isn\'t published is replayed by its own id, and by no filter', async () => {
  const subject = await customerAt(505);
  const mine = letterOf('kyc', suspended(subject), { kind: 'MALFORMED', reason: "type: KycSuspended isn't published to kyc" });
  await stack.put(asDocuments([mine]));
  const byFilter = await stack.command('replay', '--subject', subject, '--yes');
  assert.equal(byFilter.status, 1, byFilter.said);
  assert.match(byFilter.said, /1 letter refused: it came where its type isn't published; only its own id brings it back/);
  assert.equal((await letter(mine.id)).status, 'OPEN');
  const byId = await stack.command('replay', mine.id, '--yes');
  assert.equal(byId.status, 0, byId.said);
  assert.equal((await letter(mine.id)).status, 'REPLAYED');
});

test('a letter that somebody closes between the plan and its turn is not published, nor one that an earlier replay has brought home', async () => {
  const watch = await stack.watch('closed');
  const mine = [502, 503].map((number) => letterOf('kyc', approved(customer(number))));
  await stack.put(asDocuments(mine));
  const wanted = { ids: [], wait: true, settleWithinMs: 60_000 };
  const job = openReplayJob({ target: stack.target, consumers: ['kyc'], wanted });
  const { keys } = await job.plan(mine.map(({ id }) => id));
  assert.deepEqual(keys, mine.map(({ id }) => [{ letter: id }]));
  const statuses = ['DISCARDED', 'REPLAYED'];
  for (const [index, { path, fields }] of mine.entries()) await stack.put({ [path]: { ...fields, status: { stringValue: statuses[index] } } });
  const entries = mine.map(({ id }) => ({ letter: { id } }));
  await replayKeys(keys, {
    step: job.step, entries: new Map(entries.map((entry) => [entry.letter.id, entry])), waits: true,
    stopped: new AbortController().signal, stop: assert.fail,
  });
  job.close();
  assert.deepEqual(entries.map(({ result }) => result), [
    { outcome: 'REFUSED', why: 'it is DISCARDED; only its own id brings it back' }, { outcome: 'REPLAYED' },
  ]);
  assert.deepEqual(await watch.published(), []);
  await watch.close();
});

// The last: there is no topic for replays after it.
test('letters that Pub/Sub does not take are named as such, and after ten in a row nothing more is tried', async () => {
  const { publisher, project } = stack.target;
  await publisher.deleteTopic({ topic: topicName(project, 'replays') });
  const twelve = Array.from({ length: 12 }, (_, index) => letterOf('kyc', approved(customer(600 + index)), { reason: 'nowhere to go' }));
  await stack.put(asDocuments(twelve));
  await stack.idle();
  const all = await stack.everything();
  const { status, said } = await stack.command('replay', '--reason', 'nowhere to go', '--yes');
  assert.equal(status, 1, said);
  assert.match(said, /letters: could not be published: 5 NOT_FOUND/);
  assert.match(said, /Stopped because 10 letters in a row could not be published; the last because of 5 NOT_FOUND/);
  assert.deepEqual(await stack.everything(), all);
});
