// A workload from a seed: customers, their registrations, their ways through KYC, and payments in two currencies, often enough
// below zero to cause notifications. Some events are sent twice.
import { seededRandom } from '../../local/faults/seeded-random.js';

/** Each way through KYC as [type, data]; where it ends is written down in expectation.js. */
export const JOURNEYS = {
  none: [],
  approved: [['KycCompleted', { decision: 'APPROVED' }]],
  rejected: [['KycCompleted', { decision: 'REJECTED' }]],
  resubmit: [['KycSubmitted', {}], ['KycCompleted', { decision: 'RESUBMIT' }]],
  reviewed: [['KycSubmitted', {}], ['KycCompleted', { decision: 'REVIEW' }], ['KycReviewed', { decision: 'APPROVED', operator: 'Vilém Hrubešický' }]],
  suspended: [['KycCompleted', { decision: 'APPROVED' }], ['KycSuspended', { reason: 'SANCTIONS_LIST' }]],
  reinstated: [['KycCompleted', { decision: 'APPROVED' }], ['KycSuspended', { reason: 'SANCTIONS_LIST' }], ['KycReinstated', { operator: 'Vilém Hrubešický' }]],
  closed: [['KycCompleted', { decision: 'APPROVED' }], ['AccountClosed', { reason: 'MOVED_ABROAD' }]],
};

/** Texts that the events carry and that no log may show. */
export const SECRETS = ['Kateřina Křížovnická', '@posta-mesta.example', 'Vilém Hrubešický', 'Staré Zámostí', 'SANCTIONS_LIST'];

const CURRENCIES = { CZK: (minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`, JPY: String };
const METHODS = ['CASH', 'TRANSFER', 'CARD', 'INTEREST', 'OTHER'];
const SENT_TWICE = 0.03;
const FIRST_TIME_MS = Date.parse('2024-03-01T08:00:00Z');

const MOST_BETWEEN_COPIES = 40;

/**
 * { registrations, later }: lists of events in the order of sending, `events` in all without those sent twice. `journeys`
 * are the names of those to choose from.
 */
export function workloadOf({ seed, customers, events, journeys = Object.keys(JOURNEYS) }) {
  // This text and `source` are part of what a seed stands for: with others, a recorded seed would make other events.
  const random = seededRandom(`town ${seed}`);
  let sent = 0;
  const event = (type, subject, data) => ({
    specversion: '1.0', id: uuid(random), source: '//town', type, subject, time: new Date(FIRST_TIME_MS + (sent += 1) * 1000).toISOString(), data,
  });

  const people = Array.from({ length: customers }, (_, index) => {
    const id = uuid(random);
    const registration = event('UserRegistered', id, {
      email: `osoba-${index}@posta-mesta.example`, fullName: `Kateřina Křížovnická ${index}`, country: 'CZ', region: 'Staré Zámostí',
    });
    return { id, registration, journey: [...JOURNEYS[random.of(journeys)]], reviews: 0 };
  });
  const payments = events - customers - people.reduce((sum, { journey }) => sum + journey.length, 0);
  const turns = random.shuffled([
    ...people.flatMap((person) => person.journey.map(() => ({ person, what: 'kyc' }))),
    ...Array.from({ length: payments }, () => ({ person: random.of(people), what: 'payment' })),
  ]);
  const later = turns.map(({ person, what }) => (what === 'kyc' ? kycEvent(person) : paymentEvent(person)));
  const registrations = people.map(({ registration }) => registration);
  return { registrations, later: withCopies(random, later, registrations) };

  function kycEvent(person) {
    const [type, data] = person.journey.shift();
    const check = type === 'KycCompleted' ? { provider: 'branch', reviewId: `review-${person.reviews += 1}` } : {};
    return event(type, person.id, { ...data, ...check });
  }

  function paymentEvent(person) {
    const currency = random.of(Object.keys(CURRENCIES));
    const amount = CURRENCIES[currency](random.between(1, 9_999_999));
    const type = random.of(['PaymentReceived', 'PaymentSent']);
    const method = random.of(type === 'PaymentReceived' ? METHODS : METHODS.filter((each) => each !== 'INTEREST'));
    return event(type, person.id, { transactionId: uuid(random), amount, currency, method });
  }
}

/** Some come once more, a while behind; a registration among anything. */
function withCopies(random, events, registrations) {
  const isCopied = () => random.fraction() < SENT_TWICE;
  const placed = events.map((event, place) => ({ event, place }));
  const copies = placed.filter(isCopied).map(({ event, place }) => ({ event, place: place + 0.5 + random.below(MOST_BETWEEN_COPIES) }));
  const late = registrations.filter(isCopied).map((event) => ({ event, place: random.below(events.length) }));
  return [...placed, ...copies, ...late].sort((a, b) => a.place - b.place).map(({ event }) => event);
}

function uuid(random) {
  const hex = Array.from({ length: 32 }, () => random.below(16).toString(16));
  hex[12] = '4';
  hex[16] = '89ab'[random.below(4)];
  const text = hex.join('');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
