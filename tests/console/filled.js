// A stack with something in every view of the console.
import { randomUUID } from 'node:crypto';
import { message } from '../stack/real-stack.js';
import { unsignedToken } from '../stack/unsigned-token.js';

const SUPERVISOR = 'supervisor@boma.test';
const PEOPLE = [
  ['Ada Lovelace', 'Prague', 'IN_REVIEW'], ['Blaise Pascal', 'south Bohemia', 'APPROVED'], ['Carl Gauss', 'south Moravia', 'APPROVED'], ['Emmy Noether', 'Prague', 'IN_REVIEW'],
  ['Grace Hopper', 'north Moravia', 'SUSPENDED'], ['Kurt Gödel', 'south Moravia', 'REJECTED'], ['Sofia Kovalevskaya', 'Prague', 'APPROVED'], ['Zdeňka Čermáková', 'north Bohemia', 'PENDING'],
];
const REGIONS = ['Prague', 'south Moravia', 'north Moravia', 'south Bohemia', 'north Bohemia'];

/** Resolves with the ids of the customers, the first of whom waits for a review. */
export async function fill(stack) {
  const from = Date.now() - 3_600_000;
  let events = 0;
  const event = (type, subject, data) => message({ specversion: '1.0', id: randomUUID(), source: '//bank/prague', type, subject, time: new Date(from + (events += 1) * 20_000).toISOString(), data });
  const publish = async (topic, messages) => {
    const left = await stack.unacknowledged(await stack.publish(topic, messages), 60_000);
    if (left.length > 0) throw new Error(`${left.length} messages on ${topic} are not acknowledged`);
  };

  await publish('leads', REGIONS.flatMap((region, at) => Array.from({ length: 6 - at }, (_, number) => ({ region, number }))).flatMap(({ region, number }) => {
    const id = randomUUID();
    const later = [['LeadContacted', { channel: 'PHONE' }], ['LeadQualified', { score: 40 }], ['LeadLost', { reason: 'no answer' }]].slice(0, number % 4);
    return [event('LeadCreated', id, { leadId: id, region, channel: ['WEB', 'BRANCH'][number % 2] }), ...later.map(([type, data]) => event(type, id, { leadId: id, ...data }))];
  }));

  const people = PEOPLE.map(([name, region, status]) => ({ id: randomUUID(), name, region, status }));
  await publish('user-onboarding', people.map(({ id, name, region }) => event('UserRegistered', id, {
    email: `${name.split(' ')[0].normalize('NFD').replaceAll(/[^a-z]/gi, '').toLowerCase()}@example.com`, fullName: name, country: 'CZ', region, phone: '+420123456789', birthDate: '1985-12-10',
  })));
  await publish('kyc', people.filter(({ status }) => status !== 'PENDING').map(({ id, status }) => event('KycCompleted', id, {
    decision: { IN_REVIEW: 'REVIEW', REJECTED: 'REJECTED' }[status] ?? 'APPROVED', provider: 'sumsub', reviewId: `rev-${id.slice(0, 4)}`, reasons: status === 'IN_REVIEW' ? ['NAME_ON_A_LIST'] : [],
  })));
  const method = 'TRANSFER';
  await publish('payments', people.filter(({ status }) => status !== 'PENDING').flatMap(({ id }, at) => [
    event('PaymentReceived', id, { transactionId: randomUUID(), amount: `${1200 * (at + 1)}.50`, currency: 'CZK', method, reference: `bank-${at}`, counterparty: { name: 'A. Baker', account: 'CZ65 0800' } }),
    event('PaymentSent', id, { transactionId: randomUUID(), amount: '349.00', currency: 'CZK', method: 'CARD' }),
    event('FeeCharged', id, { transactionId: randomUUID(), amount: '9.00', currency: 'CZK', reason: 'MonthlyFee' }),
  ]));
  // What can't be handled, and what is refused.
  await publish('payments', [event('PaymentReceived', people[1].id, { transactionId: randomUUID(), amount: '5.001', currency: 'CZK', method }), event('PaymentReceived', people[2].id, { transactionId: randomUUID(), amount: '7.999', currency: 'CZK', method })]);
  const suspended = people.find(({ status }) => status === 'SUSPENDED').id;
  await publish('operations', [
    event('KycSuspended', suspended, { reason: 'a court order' }), event('KycReleased', people[1].id, { operator: SUPERVISOR }),
    event('NoteAdded', people[0].id, { noteId: randomUUID(), text: 'Called. Will send the second page of the passport.', operator: SUPERVISOR }),
  ]);
  await ask(stack, 'PayoutOrdered', suspended, { transactionId: randomUUID(), amount: '500.00', currency: 'CZK', method, reason: 'back to the customer' });
  await ask(stack, 'BalanceAdjusted', people[1].id, { transactionId: randomUUID(), direction: 'CREDIT', amount: '25.00', currency: 'CZK', reason: 'a fee that was charged twice' });
  return people.map(({ id }) => id);
}

/** As a supervisor: what then waits for another. */
async function ask({ urls, project }, type, subject, data) {
  const response = await fetch(new URL('commands', urls.operator), {
    method: 'POST',
    headers: { authorization: `Bearer ${unsignedToken(project, SUPERVISOR, 'supervisor')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: randomUUID(), type, subject, data }),
  });
  if (response.status !== 202) throw new Error(`${type}: ${response.status} ${await response.text()}`);
}
