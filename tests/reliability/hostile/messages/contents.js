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
const ofOneConsumer = (consumer, row) => ({ ...row, files: [consumer] });

/** The same at the other functions; where two hear a topic, each files a letter of its own. */
export const ELSEWHERE = [
  ...['user-onboarding', 'user-lifecycle', 'kyc', 'leads', 'interactions', 'notifications', 'market-data', 'price-alerts', 'operations'].flatMap((topic) => [
    on(topic, { name: 'nothing at all', reason: 'body: empty', sees: [], bytes: () => '' }),
    on(topic, { name: 'an unknown type', reason: 'type: unknown', sees: ['eventId'], event: (event) => ({ ...event, type: 'Imagined' }) }),
    on(topic, {
      name: 'a payment', reason: 'type: PaymentReceived does not belong on this topic',
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
  on('user-lifecycle', ofOneConsumer('profile', withData('an empty region', 'region: empty', { region: '' }))),
  on('user-lifecycle', ofOneConsumer('profile', withData('a name with a zero character', 'fullName: a control character, or one that overrides the direction', { fullName: 'Zdeňka\u0000 Čermáková z Růžodolu' }))),
  on('user-lifecycle', ofOneConsumer('access', {
    name: 'a version that is a string', reason: 'data.version: not a number', sees: ALL,
    event: (event) => ({ ...event, type: 'UserActive', data: { version: '1' } }),
  })),
  on('user-lifecycle', ofOneConsumer('access', {
    name: 'a version beyond 2^53', reason: 'data.version: not an integer from 0 to 2^53 - 1', sees: ALL,
    event: (event) => ({ ...event, type: 'UserRestricted', data: { version: 2 ** 53, reason: 'none' } }),
  })),
  on('kyc', withData('an unknown decision', 'decision: not one of APPROVED, REJECTED, RESUBMIT, REVIEW', { decision: 'approved' })),
  on('kyc', withData('reasons that are no strings', 'reasons: not a list of strings', { reasons: [1] })),
  on('kyc', withData('a validity until "soon"', 'validUntil: not an RFC 3339 time', { validUntil: 'soon' })),
  on('leads', withData('a lead that is a path', `leadId: ${NOT_A_UUID}`, { leadId: 'leads/x' })),
  on('interactions', withData('an unknown kind', 'kind: not one of LOGIN, VIEWED, CLICKED, CALLED, MESSAGED', { kind: '__proto__' })),
  on('interactions', withData('a channel that is a map', 'channel: not a string', { channel: { name: 'PHONE' } })),
  on('operations', withData('a note of 2,001 characters', 'text: more than 2000 characters', { text: 'x'.repeat(2001) })),
  on('operations', withData('a note that is a path', `noteId: ${NOT_A_UUID}`, { noteId: '../../users/x' })),
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
