// Bytes in which no event can be read. `bytes` makes them of a good event, so that there is something in them to keep quiet.
import { PERSON } from '../../../stack/events.js';

const KIB = 1024;
const json = JSON.stringify;
const text = (event) => json(event);
const beginning = (event, more) => text(event).replace('{', `{${more},`);
const ending = (event, more) => text(event).replace(/}$/, `,${more}}`);
const dataBeginning = (event, more) => text(event).replace('"data":{', `"data":{${more},`);
const withData = (event, more) => json({ ...event, data: { ...event.data, ...more } });
const padded = (event, bytes) => withData(event, { padding: Array.from({ length: Math.ceil(bytes / KIB) }, () => 'x'.repeat(KIB)) });
const filled = (event, bytes) => text(event) + ' '.repeat(bytes - Buffer.byteLength(text(event)));
const nested = (levels) => '['.repeat(levels) + ']'.repeat(levels);

const unreadable = (name, reason, bytes) => ({ name, reason, bytes, sees: [] });

const LONE = 'body: not JSON: lone leading surrogate in hex escape at line 1 column 15';

export const BYTES = [
  unreadable('nothing at all', 'body: empty', () => ''),
  unreadable('only white space', 'body: not JSON: EOF while parsing a value at line 2 column 0', () => '  \n'),
  unreadable('text that is not JSON', 'body: not JSON: expected value at line 1 column 1', () => `Dear ${PERSON.fullName}`),
  unreadable('XML', 'body: not JSON: expected value at line 1 column 1', () => `<person>${PERSON.fullName}</person>`),
  unreadable('a form', 'body: not JSON: expected value at line 1 column 1', () => `email=${PERSON.email}`),
  unreadable('JSON in base64', 'body: not JSON: expected value at line 1 column 1', (event) => Buffer.from(text(event)).toString('base64')),
  unreadable('JSON with a byte order mark', 'body: not JSON: expected value at line 1 column 1', (event) => `\uFEFF${text(event)}`),
  unreadable('half an event', 'body: not JSON: EOF while parsing a string at line 1 column 40', (event) => text(event).slice(0, 40)),
  unreadable('two events', 'body: not JSON: trailing characters at line 2 column 1', () => '{}\n{}'),
  unreadable('a comma too many', 'body: not JSON: trailing comma at line 1 column 17', () => '{"amount": "1", }'),
  unreadable('single quotes', 'body: not JSON: key must be a string at line 1 column 2', () => `{'email': '${PERSON.email}'}`),
  unreadable('the number NaN', 'body: not JSON: expected value at line 1 column 12', () => '{"amount": NaN}'),
  unreadable('a number beyond any float', 'body: not JSON: number out of range at line 1 column 16', () => '{"amount": 1e400}'),
  unreadable('a line break inside a string',
    'body: not JSON: control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0',
    () => `{"note": "${PERSON.note}\n"}`),
  unreadable('a zero byte', 'body: not JSON: expected value at line 1 column 1', () => '\u0000'),
  unreadable('Latin-1', 'body: not UTF-8', (event) => Buffer.from(withData(event, { name: 'Dvořák' }), 'latin1')),
  unreadable('UTF-16', 'body: not UTF-8', (event) => Buffer.from(`\uFEFF${text(event)}`, 'utf16le')),
  unreadable('a slash in two bytes', 'body: not UTF-8', () => Buffer.from([0x22, 0xc0, 0xaf, 0x22])),
  unreadable('half a surrogate pair in three bytes', 'body: not UTF-8', () => Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
  unreadable('half a surrogate pair, escaped', 'body: not JSON: unexpected end of hex escape at line 1 column 16', () => '{"note":"\\ud83d"}'),
  unreadable('the other half of a pair, escaped', LONE, () => '{"note":"\\ude00"}'),
  unreadable('two halves in the wrong order', LONE, () => '{"note":"\\ude00\\ud83d"}'),
  unreadable('null', 'body: not an object', () => 'null'),
  unreadable('true', 'body: not an object', () => 'true'),
  unreadable('a number', 'body: not an object', () => '12.5'),
  unreadable('a string', 'body: not an object', () => json(PERSON.email)),
  unreadable('an empty list', 'body: not an object', () => '[]'),
  unreadable('a list of events', 'body: not an object', (event) => json([event])),
  unreadable('an event in a string', 'body: longer than 1024 characters', (event) => json(padded(event, KIB))),
  unreadable('300 KiB', 'body: larger than 262144 bytes', (event) => padded(event, 300 * KIB)),
  unreadable('one byte more than 256 KiB', 'body: larger than 262144 bytes', (event) => filled(event, 256 * KIB + 1)),
  unreadable('380 KiB, nearly as much as a push body brings whole', 'body: larger than 262144 bytes', (event) => padded(event, 380 * KIB)),
  unreadable('17 levels', 'body: deeper than 16 levels', (event) => withData(event, { deep: JSON.parse(nested(15)) })),
  unreadable('120,000 levels of lists', 'body: deeper than 16 levels', () => nested(120_000)),
  unreadable('120,000 levels that are never closed', 'body: deeper than 16 levels', () => '['.repeat(120_000)),
  unreadable('30,000 levels of objects', 'body: deeper than 16 levels', () => `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`),
  unreadable('a string of more than 1,024 characters', 'data.note: longer than 1024 characters', (event) => withData(event, { note: 'ř'.repeat(1025) })),
  unreadable('a key of more than 1,024 characters', 'data.?: longer than 1024 characters', (event) => withData(event, { ['k'.repeat(KIB + 1)]: 1 })),
  unreadable('a key twice', 'id: duplicate key', (event) => beginning(event, `"id":"${event.id}"`)),
  unreadable('a subject twice, of two customers', 'subject: duplicate key', (event) => ending(event, `"subject":"${event.id}"`)),
  unreadable('data twice', 'data: duplicate key', (event) => ending(event, '"data":{}')),
  unreadable('an amount twice', 'data.amount: duplicate key', (event) => dataBeginning(event, '"amount":"1.00"')),
  unreadable('an amount twice, once escaped', 'data.amount: duplicate key', (event) => dataBeginning(event, '"\\u0061mount":"1.00"')),
  unreadable('a key twice in what nobody reads', 'data.meta.2.?: duplicate key', (event) => dataBeginning(event, '"meta":[0,1,{"ř":1,"ř":1}]')),
  unreadable('the key __proto__ twice', 'data.__proto__: duplicate key', (event) => dataBeginning(event, '"__proto__":{},"__proto__":{}')),
];
