// JSON that isn't the event it should be. `event` changes a good one; `sees` says what can still be read of it.

const ALL = ['eventId', 'type', 'subject'];
const NOT_A_UUID = 'not a UUID in lower case with hyphens';

const changed = (name, reason, change, sees = ALL) =>
  ({ name, reason, event: (event) => ({ ...event, ...change(event) }), sees });
const withId = (name, id) =>
  changed(`an id ${name}`, `id: ${NOT_A_UUID}`, (event) => ({ id: id(event.id) }), ['type', 'subject']);
const withSubject = (name, subject) =>
  changed(`a subject ${name}`, `subject: ${NOT_A_UUID}`, (event) => ({ subject: subject(event.subject) }), ['eventId', 'type']);
const withTime = (name, time, reason = 'time: not an RFC 3339 time') =>
  changed(`a time ${name}`, reason, () => ({ time }));
const without = (field, sees) => changed(`no ${field}`, `${field}: missing`, () => ({ [field]: undefined }), sees);
const notAString = (field, value, sees) =>
  changed(`${JSON.stringify(value)} as ${field}`, `${field}: not a string`, () => ({ [field]: value }), sees);

export const ENVELOPES = [
  { name: 'an empty object', reason: 'specversion: missing', event: () => ({}), sees: [] },
  { name: 'what is not a CloudEvent', reason: 'specversion: missing', event: ({ data }) => data, sees: [] },
  without('specversion'),
  changed('an older CloudEvent', 'specversion: not 1.0', () => ({ specversion: '0.3' })),
  notAString('specversion', 1),

  without('id', ['type', 'subject']),
  notAString('id', 7, ['type', 'subject']),
  changed('an empty id', 'id: empty', () => ({ id: '' }), ['type', 'subject']),
  withId('in upper case', (id) => id.toUpperCase()),
  withId('in braces', (id) => `{${id}}`),
  withId('as a URN', (id) => `urn:uuid:${id}`),
  withId('without hyphens', (id) => id.replaceAll('-', '')),
  withId('with a line break', (id) => `${id}\n`),
  withId('with a zero character', (id) => `${id}\u0000`),
  withId('that is a path', () => '../../users/x'),
  withId('that climbs out of its collection', (id) => `${id}/../../users/${id}`),
  changed('an id of zeros', 'id: a UUID of zeros alone, which names nothing', () => ({ id: '00000000-0000-0000-0000-000000000000' }), ['type', 'subject']),
  changed('an id of f', 'id: a UUID of nothing but f, which names nothing', () => ({ id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }), ['type', 'subject']),
  withId('called __proto__', () => '__proto__'),
  withId('called __reserved__', () => '__id7__'),

  without('source'),
  changed('an empty source', 'source: empty', () => ({ source: '' })),

  without('type', ['eventId']),
  changed('an unknown type', 'type: unknown', () => ({ type: 'PaymentImagined' }), ['eventId']),
  changed('a type in another spelling', 'type: unknown', () => ({ type: 'paymentreceived' }), ['eventId']),
  changed('a type with a namespace', 'type: unknown', () => ({ type: 'com.example.PaymentReceived' }), ['eventId']),
  changed('the type __proto__', 'type: unknown', () => ({ type: '__proto__' }), ['eventId']),
  changed('the type constructor', 'type: unknown', () => ({ type: 'constructor' }), ['eventId']),
  notAString('type', ['PaymentReceived'], ['eventId']),
  changed('a type of another topic', 'type: KycCompleted isn\'t published to payments', () => ({ type: 'KycCompleted' })),
  changed('a type of a topic that nobody here hears', 'type: KycRequested isn\'t published to payments', () => ({ type: 'KycRequested' })),

  without('subject', ['eventId', 'type']),
  changed('null as subject', 'subject: missing', () => ({ subject: null }), ['eventId', 'type']),
  withSubject('in upper case', (subject) => subject.toUpperCase()),
  withSubject('with a slash', (subject) => `${subject}/transactions`),
  withSubject('that is a path', () => '../processed_events/payments'),
  withSubject('called __proto__', () => '__proto__'),
  withSubject('with a zero character', () => '\u0000'),
  withSubject('of two dots', () => '..'),

  without('time'),
  notAString('time', 1_772_359_198),
  withTime('of "yesterday"', 'yesterday'),
  withTime('without a zone', '2026-03-01T09:59:58'),
  withTime('of the 30th of February', '2026-02-30T09:59:58Z'),
  withTime('in the year 0', '0000-01-01T00:00:00Z', 'time: outside the years 1 to 9999'),
  withTime('just before the year 1', '0001-01-01T00:00:00+00:01', 'time: outside the years 1 to 9999'),
  withTime('in the year 292278995', '292278995-01-01T00:00:00Z'),
  withTime('in the year +292278995', '+292278995-01-01T00:00:00Z'),
  withTime('of the last day of the last year', '9999-12-31T23:59:59.999999999Z', 'time: in the future'),
  withTime('of tomorrow', new Date(Date.now() + 86_400_000).toISOString(), 'time: in the future'),
  notAString('correlationid', 7),
  notAString('causationid', {}),
  notAString('traceparent', ['00']),

  changed('null as data', 'data.transactionId: missing', () => ({ data: null })),
  ...['text', 7, true, []].map((data) => changed(`${JSON.stringify(data)} as data`, 'data: not an object', () => ({ data }))),
];
