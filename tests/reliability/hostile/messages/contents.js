// Events whose envelope is right and whose contents are not: amounts above all.

const ALL = ['eventId', 'type', 'subject'];
const NOT_A_UUID = 'not a UUID in lower case with hyphens';

const withData = (name, reason, data) => ({
  name, reason: `data.${reason}`, sees: ALL, event: (event) => ({ ...event, data: { ...event.data, ...data } }),
});
const amount = (value, rule, currency = 'CZK') =>
  withData(`the amount ${JSON.stringify(value)} ${currency}`, `amount: ${rule}`, { amount: value, currency });
const currency = (value, rule) => withData(`the currency ${JSON.stringify(value)}`, `currency: ${rule}`, { currency: value });

const NO_NUMBER = 'not a decimal number';
const TOO_LARGE = 'above 9007199254740991 minor units';

export const CONTENTS = [
  amount('1e5', NO_NUMBER),
  amount('-1', 'below zero'),
  amount('-1.00', 'below zero'),
  amount('0', 'fewer than 2 decimals'),
  amount('0.00', 'zero'),
  amount('-0.00', 'below zero'),
  amount('0.001', 'more than 2 decimals'),
  amount('700', 'fewer than 2 decimals'),
  amount('700.5', 'fewer than 2 decimals'),
  amount('700.', NO_NUMBER),
  amount('.50', NO_NUMBER),
  amount('+1.00', NO_NUMBER),
  amount('00.50', 'leading zero'),
  amount('007.00', 'leading zero'),
  amount(' 1.00', NO_NUMBER),
  amount('1.00\n', NO_NUMBER),
  amount('12,50', NO_NUMBER),
  amount('1 000.00', NO_NUMBER),
  amount('1.000.00', NO_NUMBER),
  amount('0x10', NO_NUMBER),
  amount('NaN', NO_NUMBER),
  amount('Infinity', NO_NUMBER),
  amount('١٢.٥٠', NO_NUMBER),
  amount('1.00\u0000', NO_NUMBER),
  amount('', 'empty'),
  amount('100000000000000000000.00', TOO_LARGE),
  amount('90071992547409.92', TOO_LARGE),
  amount('9'.repeat(1000), 'fewer than 2 decimals'),
  amount(12.5, 'not a string'),
  amount(1e20, 'not a string'),
  amount(null, 'missing'),
  amount(['1.00'], 'not a string'),
  amount(undefined, 'missing'),
  amount('1.0', 'more than 0 decimals', 'JPY'),
  amount('1.00', 'fewer than 3 decimals', 'BHD'),
  amount('9007199254740992', TOO_LARGE, 'JPY'),

  currency('XYZ', 'not an ISO 4217 currency'),
  currency('czk', 'not an ISO 4217 currency'),
  currency('CZK ', 'not an ISO 4217 currency'),
  currency('Kč', 'not an ISO 4217 currency'),
  currency('__proto__', 'not an ISO 4217 currency'),
  currency('available', 'not an ISO 4217 currency'),
  currency('XAU', 'a currency without a minor unit'),
  currency(203, 'not a string'),
  currency(undefined, 'missing'),

  withData('no transaction', 'transactionId: missing', { transactionId: undefined }),
  withData('a number for a transaction', 'transactionId: not a string', { transactionId: 42 }),
  withData('a transaction that is a path', `transactionId: ${NOT_A_UUID}`, { transactionId: '../../users/x' }),
  withData('a transaction with a zero character', `transactionId: ${NOT_A_UUID}`, { transactionId: '\u0000' }),
  withData('a transaction of zeros', 'transactionId: a UUID of zeros alone, which names nothing', { transactionId: '00000000-0000-0000-0000-000000000000' }),
  withData('no method', 'method: missing', { method: undefined }),
  withData('an unknown method', 'method: not one of CASH, TRANSFER, CARD, INTEREST, OTHER', { method: 'BARTER' }),
  withData('a method with a character that was lost', 'method: not one of CASH, TRANSFER, CARD, INTEREST, OTHER', { method: 'CASH\uFFFD' }),
];

const on = (topic, row) => ({ ...row, topic });

/** What only another authority may say: a source what an operator, the clock or a function of ours says. */
const forged = (topic, type, data) => on(topic, {
  name: type, reason: `type: ${type} isn't published to ${topic}`, sees: ALL,
  event: (event) => ({ ...event, type, data }),
});

/** A topic that several consumers share: the emulator gives all of it to each. Pub/Sub would give it to one, by its attributes. */
const ofOperators = (row) => ({ ...on('operations', row), attributes: { type: 'NoteAdded' }, files: ['kyc', 'leads', 'notes', 'payments'] });

const ofNotes = (row) => ({ ...on('operations', row), attributes: { type: 'NoteAdded' }, files: ['notes'] });

/** The same at the other functions; where two hear a topic, each files a letter of its own. */
export const ELSEWHERE = [
  ...['user-onboarding', 'kyc', 'leads', 'interactions', 'notifications', 'market-data', 'price-alerts'].flatMap((topic) => [
    on(topic, { name: 'nothing at all', reason: 'body: empty', sees: [], bytes: () => '' }),
    on(topic, { name: 'an unknown type', reason: 'type: unknown', sees: ['eventId'], event: (event) => ({ ...event, type: 'Imagined' }) }),
    on(topic, {
      name: 'a payment', reason: `type: PaymentReceived isn't published to ${topic}`,
      sees: ['market-data', 'price-alerts'].includes(topic) ? ['eventId', 'type'] : ALL, // A symbol is no customer who could have paid.
      event: (event) => ({ ...event, type: 'PaymentReceived' }),
    }),
  ]),
  on('user-onboarding', withData('no e-mail address', 'email: missing', { email: undefined })),
  on('user-onboarding', withData('two e-mail addresses', 'email: not one email address', { email: 'zdenka@example.com, mallory@evil.example' })),
  on('user-onboarding', withData('a head line behind the address', 'email: not one email address', { email: 'zdenka@example.com\r\nBcc: everyone@example.com' })),
  on('user-onboarding', withData('a list of names', 'fullName: not a string', { fullName: ['Zdeňka', 'Čermáková z Růžodolu'] })),
  on('user-onboarding', withData('a country by its name', 'country: not an ISO 3166-1 alpha-2 code', { country: 'Česko' })),
  on('user-onboarding', withData('a lead that is a path', `leadId: ${NOT_A_UUID}`, { leadId: '../users/x' })),
  on('user-onboarding', withData('a name with a zero character', 'fullName: a control character, or one that overrides the direction', { fullName: 'Zdeňka\u0000 Čermáková z Růžodolu' })),
  forged('user-onboarding', 'UserActive', { version: 1 }),
  forged('user-onboarding', 'KycReviewed', { decision: 'APPROVED', operator: 'op-1' }),
  forged('kyc', 'KycReviewed', { decision: 'APPROVED', operator: 'op-1' }),
  forged('kyc', 'KycReinstated', { operator: 'op-1' }),
  forged('kyc', 'UserActive', { version: 1 }),
  forged('payments', 'BalanceAdjusted', { direction: 'CREDIT', reason: 'none', operator: 'op-1', approvedBy: 'op-2' }),
  forged('payments', 'WithdrawalExpired', {}),
  forged('leads', 'LeadReopened', { operator: 'op-1' }),
  forged('interactions', 'UserRestricted', { version: 1 }),
  ofOperators({ name: 'nothing at all', reason: 'body: empty', sees: [], bytes: () => '' }),
  ofOperators({ name: 'KycCompleted', reason: "type: KycCompleted isn't published to operations", sees: ALL, event: (event) => ({ ...event, type: 'KycCompleted' }) }),
  ofOperators({ name: 'KycExpired', reason: "type: KycExpired isn't published to operations", sees: ALL, event: (event) => ({ ...event, type: 'KycExpired', data: { kycVersion: 0 } }) }),
  {
    ...on('operations', { name: 'no reason', reason: 'data.reason: missing', sees: ALL, event: (event) => ({ ...event, type: 'KycSuspended', data: { operator: 'op-1' } }) }),
    attributes: { type: 'KycSuspended' }, files: ['kyc'],
  },
  {
    name: 'a payment by the key of another customer', reason: 'orderingKey: not the subject', sees: ALL, key: 'f0000000-0000-4000-8000-000000000001',
    event: (event) => event,
  },
  {
    name: 'what says that it is a replay', reason: "attributes.replayFor: a replay isn't published to payments", sees: ALL,
    attributes: { type: 'PaymentReceived', replayOf: 'payments.0', replayFor: 'payments', replayNumber: '1' }, event: (event) => event,
  },
  on('kyc', withData('an unknown decision', 'decision: not one of APPROVED, REJECTED, RESUBMIT, REVIEW', { decision: 'approved' })),
  on('kyc', withData('reasons that are no strings', 'reasons: not a list of strings', { reasons: [1] })),
  on('kyc', withData('a validity until "soon"', 'validUntil: not an RFC 3339 time', { validUntil: 'soon' })),
  on('leads', withData('a lead that is a path', `leadId: ${NOT_A_UUID}`, { leadId: 'leads/x' })),
  on('interactions', withData('an unknown kind', 'kind: not one of LOGIN, VIEWED, CLICKED, CALLED, MESSAGED', { kind: '__proto__' })),
  on('interactions', withData('a channel that is a map', 'channel: not a string', { channel: { name: 'PHONE' } })),
  ofNotes(withData('a note of 2,001 characters', 'text: more than 2000 characters', { text: 'x'.repeat(2001) })),
  ofNotes(withData('a note that is a path', `noteId: ${NOT_A_UUID}`, { noteId: '../../users/x' })),
  on('notifications', withData('params with a map in them', 'params: not a map of strings', { params: { note: { text: 'x' } } })),
  on('notifications', withData('params by a name of the database', "params: a name that is empty, or the database's own", { params: { __name__: 'x' } })),
  on('notifications', withData('params without a name', "params: a name that is empty, or the database's own", { params: { '': 'x' } })),
  on('market-data', withData('a price that is not a number', 'price: not a decimal number', { price: 'NaN' })),
  on('market-data', withData('a price of 1,000 digits', 'price: more than 38 digits before the point', { price: '9'.repeat(1000) })),
  on('market-data', {
    name: 'a symbol that is a path', reason: 'subject: not a symbol: [A-Z0-9._-]{1,32} with a letter or digit', sees: ['eventId', 'type'],
    event: (event) => ({ ...event, subject: '../USERS' }),
  }),
  on('price-alerts', withData('alerts that are a map', 'alerts: not a list', { alerts: { 0: {} } })),
  on('price-alerts', withData('an alert of nobody', 'alerts.0.alertId: missing', { alerts: [{}] })),
  on('price-alerts', withData('more alerts than there can be', 'alerts.0: not an object', { alerts: Array(1000).fill(null) })),
];
