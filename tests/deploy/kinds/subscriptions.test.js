import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subscriptions } from '../../../deploy/kinds/subscriptions.js';
import { aSystem, commands, said } from '../a-system.js';

const OURS = { 'managed-by': 'boma' };
const URL_OF_KYC = 'https://kyc-1234.europe-west1.run.app';
const CALLER = 'boma-push@acme-crm.iam.gserviceaccount.com';
const pushOf = (url) => ({ pushEndpoint: url, oidcToken: { serviceAccountEmail: CALLER, audience: url } });
const kyc = (others = {}) => ({
  name: 'projects/acme-crm/subscriptions/kyc.kyc', topic: 'projects/acme-crm/topics/kyc', labels: OURS,
  enableMessageOrdering: true, ackDeadlineSeconds: 60, messageRetentionDuration: '604800s', expirationPolicy: {},
  retryPolicy: { minimumBackoff: '1s', maximumBackoff: '600s' }, pushConfig: pushOf(URL_OF_KYC),
  deadLetterPolicy: { deadLetterTopic: 'projects/acme-crm/topics/dead-letters', maxDeliveryAttempts: 100 },
  ...others,
});
const letters = {
  ...kyc(), name: 'projects/acme-crm/subscriptions/dead-letters.dead-letters', topic: 'projects/acme-crm/topics/dead-letters',
  pushConfig: pushOf('https://dead-letters-1234.europe-west1.run.app'), deadLetterPolicy: undefined,
};
const compare = (there, system) => subscriptions.compare(there, aSystem(system));
const otherwise = (others) => compare([kyc(others), letters]);

test('where there is nothing, each function gets an ordered one for each topic that it hears', () => {
  const differences = compare([]);
  assert.deepEqual(said(differences), ['+ subscription kyc.kyc', '+ subscription dead-letters.dead-letters']);
  const [ofKyc, ofLetters] = commands(differences);
  assert.equal(ofKyc, 'pubsub subscriptions create kyc.kyc --topic=kyc --enable-message-ordering --ack-deadline=60 --message-retention-duration=7d '
    + `--expiration-period=never --min-retry-delay=1s --max-retry-delay=600s --push-endpoint=${URL_OF_KYC} --push-auth-service-account=${CALLER} `
    + `--push-auth-token-audience=${URL_OF_KYC} --dead-letter-topic=projects/acme-crm/topics/dead-letters --max-delivery-attempts=100 --labels=managed-by=boma`);
  assert.doesNotMatch(ofLetters, /dead-letter-topic|max-delivery/);
});

const drift = [
  ['ack deadline', { ackDeadlineSeconds: 10 }, 'ack deadline is 10 s, not 60 s', '--ack-deadline=60'],
  ['retention', { messageRetentionDuration: '86400s' }, 'retention is 1 days, not 7 days', '--message-retention-duration=7d'],
  ['an end', { expirationPolicy: { ttl: '2678400s' } }, 'expiry is after 31 days, not never', '--expiration-period=never'],
  ['the usual end', { expirationPolicy: undefined }, 'expiry is after 31 days, not never', '--expiration-period=never'],
  ['no back-off', { retryPolicy: undefined }, 'shortest back-off is 0 s, not 1 s; longest back-off is 0 s, not 600 s', '--min-retry-delay=1s --max-retry-delay=600s'],
  ['a short back-off', { retryPolicy: { minimumBackoff: '1s', maximumBackoff: '60s' } }, 'longest back-off is 60 s, not 600 s', '--min-retry-delay=1s --max-retry-delay=600s'],
  ['no token', { pushConfig: { pushEndpoint: URL_OF_KYC } }, `caller is nobody, not ${CALLER}; audience is none, not ${URL_OF_KYC}`, `--push-endpoint=${URL_OF_KYC} --push-auth-service-account=${CALLER} --push-auth-token-audience=${URL_OF_KYC}`],
  ['no dead letters', { deadLetterPolicy: undefined }, 'dead letters is nowhere, not projects/acme-crm/topics/dead-letters; attempts is without end, not 100', '--dead-letter-topic=projects/acme-crm/topics/dead-letters --max-delivery-attempts=100'],
  ['few attempts', { deadLetterPolicy: { deadLetterTopic: 'projects/acme-crm/topics/dead-letters', maxDeliveryAttempts: 5 } }, 'attempts is 5, not 100', '--dead-letter-topic=projects/acme-crm/topics/dead-letters --max-delivery-attempts=100'],
];
for (const [what, others, sentence, flags] of drift) {
  test(`${what} is said and changed`, () => {
    assert.deepEqual(said(otherwise(others)), [`~ subscription kyc.kyc: ${sentence}`]);
    assert.deepEqual(commands(otherwise(others)), [`pubsub subscriptions update kyc.kyc ${flags}`]);
  });
}

const next = kyc({ name: 'projects/acme-crm/subscriptions/kyc.kyc.next' });

test('one without order gets an ordered one beside it before anything goes', () => {
  const [difference] = otherwise({ enableMessageOrdering: undefined });
  assert.equal(difference.text, "has no order, which can't be changed; kyc.kyc.next begins beside it, so that no message is lost");
  const [create, grant] = commands([difference]);
  assert.match(create, /^pubsub subscriptions create kyc\.kyc\.next --topic=kyc --enable-message-ordering .*--dead-letter-topic=/);
  assert.match(grant, /^pubsub subscriptions add-iam-policy-binding kyc\.kyc\.next .*gcp-sa-pubsub.* --role=roles\/pubsub\.subscriber$/);
  assert.ok(difference.steps.every(({ wave }) => wave === undefined), 'each after the other');
});

test('the old one goes by the hand of a person who has seen that it is empty', () => {
  const [difference, ...others] = compare([kyc({ enableMessageOrdering: false }), letters, next]);
  assert.deepEqual([difference.mark, difference.steps, others], ['!', [], []]);
  assert.match(difference.text, /When kyc\.kyc is empty .*, delete it: gcloud pubsub subscriptions delete kyc\.kyc --project=acme-crm; then apply makes it anew/);
});

test('then it is made anew, and the one beside it goes in its turn', () => {
  assert.deepEqual(said(compare([letters, next])).map((line) => line.slice(0, 28)), ['+ subscription kyc.kyc', '! subscription kyc.kyc.next:']);
  assert.match(said(compare([kyc(), letters, next])).join(), /^! subscription kyc\.kyc\.next: took the place of another one\. When it is empty/);
});

test('one on another topic is replaced, too', () => {
  assert.match(said(otherwise({ topic: '_deleted-topic_' }))[0], /is on topic _deleted-topic_, not kyc; kyc\.kyc\.next begins/);
});

const OF_KYC = 'hasPrefix(attributes.type, "Kyc")';
const filtered = { filters: { 'kyc.kyc': OF_KYC } };

test('one of a topic that several share has a filter from its beginning', () => {
  assert.match(commands(compare([letters], filtered))[0], / --enable-message-ordering --message-filter=hasPrefix\(attributes\.type, "Kyc"\) --ack-deadline=60 /);
  assert.deepEqual(compare([kyc({ filter: OF_KYC }), letters], filtered), []);
});

test('another filter is another subscription, which begins before anything goes', () => {
  const [difference] = compare([kyc({ filter: 'attributes:type' }), letters], filtered);
  assert.equal(difference.text, "has the filter attributes:type, which can't be changed; kyc.kyc.next begins beside it, so that no message is lost");
  assert.match(commands([difference])[0], /create kyc\.kyc\.next .*--message-filter=hasPrefix/);
  assert.match(said(otherwise({ filter: OF_KYC }))[0], /has the filter hasPrefix.*, which can't be changed; kyc\.kyc\.next begins/);
  assert.match(said(compare([kyc(), letters], filtered))[0], /has no filter, which can't be changed; kyc\.kyc\.next begins/);
});

test('one of ours that no function hears is left to a person', () => {
  const old = kyc({ name: 'projects/acme-crm/subscriptions/crm.kyc' });
  assert.match(said(compare([kyc(), letters, old])).join(), /^! subscription crm\.kyc: is Boma's, and no function here hears it/);
  assert.deepEqual(compare([kyc(), letters, old], { isWhole: false }), []);
});

test('where all is right there is nothing to do, and what is taken away is ours', () => {
  assert.deepEqual(compare([kyc(), letters]), []);
  const there = [kyc(), { ...letters, labels: {} }];
  assert.deepEqual(subscriptions.removal(there, aSystem()).map(({ gcloud }) => gcloud.join(' ')), ['pubsub subscriptions delete kyc.kyc']);
  assert.deepEqual(subscriptions.collisions(there, aSystem()).map(({ what }) => what), ['subscription dead-letters.dead-letters']);
});
