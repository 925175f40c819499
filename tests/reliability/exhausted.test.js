// What runs out of delivery attempts: it becomes a letter of the consumer that gave it up, and can be replayed; or it was
// committed, and then its follow-ups go out all the same.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { pubsubClients } from '../../local/pubsub.js';
import { documentLine } from '../../local/run/export-format.js';
import { topicName } from '../../manifest/names.js';
import { letterId } from '../stack/documents.js';
import { PERSON, approved, registered, uuid } from '../stack/events.js';
import { message } from '../stack/real-stack.js';
import { until } from '../stack/until.js';
import { startProxiedStack } from './proxied-stack.js';

const MAX_ATTEMPTS = 3;
const WITHIN_MS = 60_000;
const [BROKEN, NEIGHBOUR, OWED] = [1, 2, 3].map((number) => uuid('c', number));

/** No Publish of a function goes through while `isDown`. */
const publishing = { isDown: false };
const plan = {
  decide: (method) => (publishing.isDown && method === 'Publish' ? { fault: 'UNAVAILABLE', when: 'before' } : undefined),
  noteStruck() {},
};

let proxied;
let clients;

before(async () => {
  proxied = await startProxiedStack({ plan, retry: { maxAttempts: MAX_ATTEMPTS, firstMs: 50, longestMs: 200 } });
  clients = pubsubClients({ project: proxied.stack.project, host: proxied.stack.pubsub });
  const customers = [BROKEN, NEIGHBOUR, OWED].map((subject, index) => registered({ number: index + 1, subject }));
  await proxied.replayed([customers], { withinMs: WITHIN_MS });
});
after(async () => {
  publishing.isDown = false;
  await Promise.all([clients?.publisher.close(), clients?.subscriber.close()]);
  await proxied?.stop();
});

/** A stored field as nobody of ours would write it, or as it was. */
async function edit(path, field, value) {
  const { firestore, project } = proxied.stack;
  const url = `http://${firestore}/v1/projects/${project}/databases/(default)/documents/${path}?updateMask.fieldPaths=${field}`;
  const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ fields: { [field]: value } }) });
  assert.equal(response.status, 200, await response.text());
}

async function document(path) {
  const fields = (await proxied.documents()).get(path);
  return fields && JSON.parse(documentLine(path, fields));
}

const bytesOf = (event) => message(event).data;
const noticesOf = (consumer, { id }) => proxied.notices.filter((notice) => notice.consumer === consumer && notice.eventId === id);

test('what fails at every attempt is filed for the consumer that gave it up, and another customer is not held up', async () => {
  const event = approved({ number: 11, subject: BROKEN });
  const neighbours = approved({ number: 12, subject: NEIGHBOUR });
  await edit(`users/${BROKEN}`, 'kycStatus', { integerValue: '7' });
  await proxied.replayed([[event, neighbours]], { withinMs: WITHIN_MS });

  const path = `dead_letters/${letterId('kyc', bytesOf(event))}`;
  await until('the letter', () => document(path));
  const { receivedAt, attributes, ...letter } = await document(path);
  assert.deepEqual([attributes.type, attributes.CloudPubSubDeadLetterSourceSubscription], ['KycCompleted', 'kyc.kyc']);
  assert.match(receivedAt, /^\d{4}-/);
  assert.deepEqual(letter, {
    id: path, consumer: 'kyc', kind: 'EXHAUSTED', status: 'OPEN', reason: `kyc: not settled in ${MAX_ATTEMPTS} deliveries`,
    body: bytesOf(event).toString('base64'), bodyBytes: bytesOf(event).length, truncated: false, replays: 0,
    eventId: event.id, type: 'KycCompleted', subject: BROKEN,
  });
  assert.deepEqual(noticesOf('kyc', event).map(({ attempt, status, exhausted }) => ({ attempt, status, exhausted })), [
    { attempt: 1, status: 500, exhausted: false }, { attempt: 2, status: 500, exhausted: false }, { attempt: 3, status: 500, exhausted: true },
  ]);
  assert.equal(await document(`processed_events/kyc.${event.id}`), undefined);
  assert.equal((await document(`users/${NEIGHBOUR}`)).tradingEnabled, true);
  assert.deepEqual(noticesOf('kyc', neighbours).map(({ attempt, outcome }) => ({ attempt, outcome })), [{ attempt: 1, outcome: 'APPLIED' }]);
});

test('a replay that runs out of attempts again comes back to the same letter, and one that can be handled applies', async () => {
  const event = approved({ number: 11, subject: BROKEN });
  const id = letterId('kyc', bytesOf(event));
  const replayed = async (number) => {
    const { attributes, ...rest } = message(event);
    const replay = { replayOf: id, replayFor: 'kyc', replayNumber: String(number) };
    await clients.publisher.publish({
      topic: topicName(proxied.stack.project, 'replays'), messages: [{ ...rest, attributes: { ...attributes, ...replay } }],
    });
    await until(`replay ${number}`, async () => (await document(`dead_letters/${id}`)).replays === number);
    return document(`dead_letters/${id}`);
  };
  const again = await replayed(1);
  assert.deepEqual([again.kind, again.status, again.replays], ['EXHAUSTED', 'OPEN', 1]);

  await edit(`users/${BROKEN}`, 'kycStatus', { stringValue: 'PENDING' });
  const done = await replayed(2);
  assert.deepEqual([done.status, done.replays], ['REPLAYED', 2]);
  await until('that the customer may trade', async () => (await document(`users/${BROKEN}`)).tradingEnabled);
  assert.equal((await document(`users/${BROKEN}`)).kycStatus, 'APPROVED');
});

test('what was committed and could never be published is no letter: what it owes goes out once that is possible', async () => {
  await proxied.heard();
  const event = approved({ number: 21, subject: OWED });
  publishing.isDown = true;
  const settling = proxied.replayed([[event]], { withinMs: WITHIN_MS });
  await until('that the attempts run out', () => noticesOf('kyc', event).some(({ exhausted }) => exhausted));
  // The function dead-letters can't publish either, and is given it again and again: there is nowhere left to go.
  await until('that dead-letters goes on', () => noticesOf('dead-letters', event).some(({ attempt }) => attempt > MAX_ATTEMPTS));
  assert.equal((await document(`users/${OWED}`)).tradingEnabled, false);

  publishing.isDown = false;
  await settling;
  const { outgoingIds, outcome } = await document(`processed_events/kyc.${event.id}`);
  assert.equal(outcome, 'APPLIED');
  const published = (await proxied.heard()).filter(({ topic }) => ['user-lifecycle', 'notifications'].includes(topic));
  assert.deepEqual(new Set(published.map(({ id }) => id)), new Set(outgoingIds));
  assert.equal((await document(`users/${OWED}`)).tradingEnabled, true);
  assert.equal(await document(`dead_letters/${letterId('kyc', bytesOf(event))}`), undefined);
  assert.deepEqual(noticesOf('dead-letters', event).at(-1).outcome, 'DUPLICATE');
});

test('nothing of all that was printed', () => {
  proxied.assertNoSecrets([PERSON.email, PERSON.fullName, PERSON.street]);
});
