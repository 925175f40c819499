// Valid events with personal data that no log may show.

export const PERSON = {
  fullName: 'Zdeňka Čermáková z Růžodolu',
  email: 'zdenka.cermakova@posta.example',
  street: 'Na Růžičkově stráni 17/4',
  note: 'nájem za červen, byt č. 12',
};

/** Readable in a failed test: the kind is its first digit, the number its last. */
export const uuid = (kind, number) => `${kind}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const czk = (minor) => `${String(minor).slice(0, -2)}.${String(minor).slice(-2)}`;

/** Each topic that has consumers: a valid event, the consumer that applies it, and whether its subject must have registered before. */
export const TOPICS = {
  payments: { good: paid, appliedBy: 'payments', afterRegistration: true },
  'user-onboarding': { good: registered, appliedBy: 'profile', afterRegistration: false },
  kyc: { good: approved, appliedBy: 'kyc', afterRegistration: true },
  leads: { good: leadCreated, appliedBy: 'leads', afterRegistration: false },
  interactions: { good: interacted, appliedBy: 'engagement', afterRegistration: false },
  notifications: { good: notified, appliedBy: 'notify', afterRegistration: true },
  'market-data': { good: priced, appliedBy: 'price-alerts', afterRegistration: false },
  'price-alerts': { good: due, appliedBy: 'price-alerts', afterRegistration: false },
  operations: { good: noted, appliedBy: 'notes', afterRegistration: true },
};

const envelope = ({ number, subject }, type, data) => ({
  specversion: '1.0', id: uuid('e', number), source: '//bank/test', type, subject, time: '2026-03-01T09:59:58Z', data,
});

/** `minor` is unlike any other number of the run, so that it can be looked for. */
export function paid({ number, subject, minor }) {
  const data = { transactionId: uuid('d', number), amount: czk(minor), currency: 'CZK', method: 'TRANSFER', note: PERSON.note };
  return envelope({ number, subject }, 'PaymentReceived', data);
}

export function registered({ number, subject }) {
  const { fullName, email, street } = PERSON;
  return envelope({ number, subject }, 'UserRegistered', { fullName, email, street, country: 'CZ', region: 'Liberec' });
}

export function moved({ number, subject }) {
  return envelope({ number, subject }, 'ProfileChanged', { region: 'Liberec', street: PERSON.street });
}

export function approved({ number, subject }) {
  const data = { decision: 'APPROVED', provider: 'sumsub', reviewId: `review-${number}`, reasons: [], applicant: PERSON.fullName };
  return envelope({ number, subject }, 'KycCompleted', data);
}

export function leadCreated({ number, subject }) {
  return envelope({ number, subject }, 'LeadCreated', { leadId: subject, region: 'Liberec', channel: 'WEB', contact: PERSON.email });
}

export function interacted({ number, subject }) {
  return envelope({ number, subject }, 'UserInteracted', { kind: 'CALLED', channel: 'PHONE', caller: PERSON.fullName });
}

export function notified({ number, subject }) {
  return envelope({ number, subject }, 'NotificationRequested', { template: 'PRICE_ALERT', params: { note: PERSON.note } });
}

/** Of a market that is called by the last digits of the customer's id. */
export function priced({ number, subject }) {
  return envelope({ number, subject: subject.slice(-12) }, 'PriceMoved', { price: `${number}.50`, note: PERSON.note });
}

/** The rest of a move that met nobody else: whoever is told would need a registration. */
export function due({ number, subject }) {
  return envelope({ number, subject: subject.slice(-12) }, 'PriceAlertsDue', { price: `${number}.50`, alerts: [], note: PERSON.note });
}

export function noted({ number, subject }) {
  return envelope({ number, subject }, 'NoteAdded', { noteId: uuid('c', number), text: PERSON.note, operator: 'operator-7' });
}
