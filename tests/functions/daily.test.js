// What a CRM's functions do day by day, on the real parts: leads that are worked on, interactions that count, notifications
// that become mail, and a price that meets more alerts than one delivery may tell of.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { PERSON, registered, uuid } from '../stack/events.js';
import { message, startRealStack } from '../stack/real-stack.js';
import { until } from '../stack/until.js';

const SETTLED_WITHIN_MS = 120_000;
const [ANNA, BELA] = [uuid('a', 1), uuid('a', 2)];
/** With ten alerts each, as many as one customer may have. */
const WATCHERS = [ANNA, BELA, ...Array.from({ length: 10 }, (_, index) => uuid('a', 10 + index))];
const LATECOMER = uuid('a', 30);

let stack;
before(async () => {
  stack = await startRealStack({ project: 'demo-daily' });
  await settled('user-onboarding', [...WATCHERS, LATECOMER].map((subject, index) => registered({ number: index, subject })));
});
after(() => stack?.stop());

let sent = 100;
function event(type, subject, data, time = '2026-03-02T10:00:00Z') {
  sent += 1;
  return { specversion: '1.0', id: uuid('e', sent), source: '//daily', type, subject, time, data };
}

/** Publishes the events and waits until each is acknowledged. */
async function settled(topic, events) {
  const pairs = await stack.publish(topic, events.map((each) => message(each)));
  assert.deepEqual(await stack.unacknowledged(pairs, SETTLED_WITHIN_MS), [], 'not acknowledged');
}

/** The mails that `notify` wrote of alerts on a symbol, once there are so many: the follow-ups have deliveries of their own. */
const mailsAbout = (symbol, count) => until(`${count} mails about ${symbol}`, async () => {
  const mails = [...await stack.documents()].filter(([path]) => path.startsWith('mail/notify.')).map(([, mail]) => mail);
  const ours = mails.filter(({ template }) => template.data.symbol === symbol);
  return ours.length >= count && ours;
}, { withinMs: SETTLED_WITHIN_MS, everyMs: 200 });

test('a lead is contacted, lost, won back, qualified twice and converted, with the score of all that', async () => {
  const lead = uuid('b', 1);
  const about = (type, data) => event(type, lead, { leadId: lead, ...data });
  await settled('leads', [
    about('LeadCreated', { region: 'Liberec', channel: 'WEB' }), about('LeadContacted', { channel: 'PHONE' }),
    about('LeadLost', { reason: 'NO_ANSWER' }),
  ]);
  await settled('operations', [about('LeadReopened', { operator: 'Vilém' })]);
  await settled('leads', [
    about('LeadContacted', { channel: 'EMAIL' }),
    about('LeadQualified', { score: 80 }), about('LeadQualified', { score: 35 }), about('LeadCreated', { region: 'Liberec', channel: 'WEB' }),
  ]);
  const customer = registered({ number: 50, subject: uuid('a', 3) });
  customer.data.leadId = lead;
  await settled('user-onboarding', [customer]);
  const { createdAt, convertedAt, ...rest } = (await stack.documents()).get(`leads/${lead}`);
  assert.deepEqual(rest, { id: `leads/${lead}`, status: 'CONVERTED', region: 'Liberec', channel: 'WEB', score: 55, qualifiedScore: 35, userId: customer.subject });
  assert.deepEqual([createdAt, convertedAt], ['2026-03-02T10:00:00.000000Z', '2026-03-01T09:59:58.000000Z']);
});

test('interactions count in any order, and half of the score is left after 30 days', async () => {
  const did = (kind, time) => event('UserInteracted', BELA, { kind, channel: 'APP' }, time);
  await settled('interactions', [did('CALLED', '2026-01-01T10:00:00Z'), did('LOGIN', '2026-01-31T10:00:00Z'), did('MESSAGED', '2025-12-02T10:00:00Z')]);
  const { count, lastAt, score } = (await stack.documents()).get(`engagement/${BELA}`);
  assert.deepEqual({ count, lastAt, score }, { count: 3, lastAt: '2026-01-31T10:00:00.000000Z', score: 4_000 + 3_000 + 1_250 });
});

test('a notification becomes a mail to the address that the customer has by then', async () => {
  await settled('user-onboarding', [event('ProfileChanged', ANNA, { email: 'anna@jinde.example' })]);
  const told = event('NotificationRequested', ANNA, { template: 'DISPUTE_OPENED', params: { amount: '12.00' } });
  await settled('notifications', [told]);
  const { to, template } = (await stack.documents()).get(`mail/notify.${told.id}`);
  assert.deepEqual({ to, template }, { to: 'anna@jinde.example', template: { name: 'DISPUTE_OPENED', data: { amount: '12.00' } } });
});

test('an operator looks after a customer, notes what was said, and hands the customer on', async () => {
  const noteId = uuid('c', 1);
  const said = (type, data) => event(type, BELA, { ...data, operator: 'vilem@boma.example' });
  const note = said('NoteAdded', { noteId, text: 'Wants to be called in spring.\nNot before ten.' });
  await settled('operations', [said('CustomerAssigned', { assignee: 'vilem@boma.example' }), note]);
  const documents = await stack.documents();
  assert.equal(documents.get(`users/${BELA}`).assignedTo, 'vilem@boma.example');
  const { text, by, at } = documents.get(`users/${BELA}/notes/${noteId}`);
  assert.deepEqual({ text, by, at }, { text: note.data.text, by: 'vilem@boma.example', at: '2026-03-02T10:00:00.000000Z' });
  assert.equal(documents.get(`users/${BELA}/timeline/notes.${note.id}`).by, 'vilem@boma.example');
  await settled('operations', [said('CustomerAssigned', { assignee: null })]);
  assert.equal((await stack.documents()).get(`users/${BELA}`).assignedTo, undefined);
});

test('a price that meets 120 alerts is told to each once, while others are set and canceled meanwhile', async () => {
  const alert = (number, threshold, userId = WATCHERS[number % WATCHERS.length]) =>
    event('PriceAlertSet', 'ACME', { alertId: uuid('d', number), userId, direction: 'ABOVE', threshold });
  const moved = (price, time) => event('PriceMoved', 'ACME', { price }, time);
  const numbers = Array.from({ length: 120 }, (_, index) => index + 1);
  await settled('market-data', [
    moved('99.5', '2026-03-02T10:00:00Z'), ...numbers.map((number) => alert(number, '100')), alert(500, '150', LATECOMER),
    moved('101', '2026-03-02T10:01:00Z'),
    // Between that and the message with which it goes on: one was met already, one is set again, and the price moves.
    event('PriceAlertCanceled', 'ACME', { alertId: uuid('d', 120) }), alert(1, '150'), moved('102', '2026-03-02T10:02:00Z'),
  ]);
  const mails = await mailsAbout('ACME', numbers.length);
  const ids = mails.map(({ template }) => template.data.alertId);
  assert.deepEqual(ids.toSorted(), numbers.map((number) => uuid('d', number)));
  assert.deepEqual(new Set(mails.map(({ template }) => template.data.price)), new Set(['101']));
  for (const { to, template } of mails) {
    const isAnnas = Number(template.data.alertId.slice(-12)) % WATCHERS.length === WATCHERS.indexOf(ANNA);
    assert.equal(to, isAnnas ? 'anna@jinde.example' : PERSON.email, template.data.alertId);
  }
  const documents = await stack.documents();
  assert.deepEqual(Object.keys(documents.get('price_alerts/ACME').alerts).sort(), [uuid('d', 1), uuid('d', 500)]);
  const { price, time } = documents.get('markets/ACME');
  assert.deepEqual({ price, time }, { price: '102', time: '2026-03-02T10:02:00.000000Z' });
});

test('nobody was left with a dead letter', async () => {
  assert.deepEqual([...(await stack.documents()).keys()].filter((path) => path.startsWith('dead_letters/')), []);
});
