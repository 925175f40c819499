// Firestore's rules for indexes, one by one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexesOf } from '../../deploy/firestore-indexes.js';
import { missingFor, superfluousIn } from './needed.js';

const asked = (where, orderBy = [], collection = 'letters') => ({ name: 'q', collection, where, orderBy });
const index = (...fields) => ({ collectionGroup: 'letters', queryScope: 'COLLECTION', fields: fields.map(([fieldPath, word]) => ({ fieldPath, ...(word === 'contains' ? { arrayConfig: 'CONTAINS' } : { order: word === 'desc' ? 'DESCENDING' : 'ASCENDING' }) })) });
const exempted = (fieldPath, ...orders) => ({ collectionGroup: 'letters', fieldPath, indexes: orders.map((order) => ({ order })) });
const missing = (query, { indexes = [], fieldOverrides = [] } = {}) => missingFor(query, indexesOf({ indexes, fieldOverrides }));

const STATUS = ['status', '=='];
const NEWEST = [['at', 'desc']];
const WANTS = 'q: no index of letters by status ASCENDING, at DESCENDING';

const ANSWERED = [
  ['a whole collection', asked([])],
  ['the order of one field', asked([], NEWEST)],
  ['one field within bounds, in its order', asked([['at', '>='], ['at', '<']], [['at', 'asc']])],
  ['equalities', asked([STATUS, ['kind', 'in'], ['a.b', '==']])],
  ['equalities and an element', asked([STATUS, ['tags', 'array-contains']])],
  ['equalities by name', asked([STATUS], [['__name__', 'desc']])],
  ['an equality and an order that have an index', asked([STATUS], NEWEST), { indexes: [index(['status'], ['at', 'desc'])] }],
  ['that index with the name at its end', asked([STATUS], NEWEST), { indexes: [index(['status'], ['at', 'desc'], ['__name__', 'desc'])] }],
  ['two equalities in the other order', asked([STATUS, ['kind', '==']], NEWEST), { indexes: [index(['kind'], ['status', 'desc'], ['at', 'desc'])] }],
  ['two equalities merged from two indexes', asked([STATUS, ['kind', '==']], NEWEST), { indexes: [index(['kind'], ['at', 'desc']), index(['status'], ['at', 'desc'])] }],
  ['an element and an order', asked([['tags', 'array-contains']], NEWEST), { indexes: [index(['tags', 'contains'], ['at', 'desc'])] }],
  ['a composite index of a field that is exempted', asked([STATUS], NEWEST), { indexes: [index(['status'], ['at', 'desc'])], fieldOverrides: [exempted('at')] }],
  ['a field of a map that is exempted, which is indexed itself', asked([['profile.email', '==']]), { fieldOverrides: [exempted('profile'), exempted('profile.email', 'ASCENDING')] }],
  ['bounds of a second field', asked([['at', '>='], ['size', '>']]), { indexes: [index(['at'], ['size'])] }],
];
for (const [what, query, file] of ANSWERED) {
  test(`answered: ${what}`, () => assert.deepEqual(missing(query, file), []));
}

const REFUSED = [
  ['an equality and an order', asked([STATUS], NEWEST), {}, WANTS],
  ['`in` and an order', asked([['status', 'in']], NEWEST), {}, WANTS],
  ['the other direction', asked([STATUS], NEWEST), { indexes: [index(['status'], ['at'])] }, WANTS],
  ['the fields the wrong way round', asked([STATUS], NEWEST), { indexes: [index(['at', 'desc'], ['status'])] }, WANTS],
  ['an index with a field more', asked([STATUS], NEWEST), { indexes: [index(['status'], ['kind'], ['at', 'desc'])] }, WANTS],
  ['the name in the other direction', asked([STATUS], [...NEWEST, ['__name__', 'asc']]), { indexes: [index(['status'], ['at', 'desc'])] }, 'q: no index of letters by status ASCENDING, at DESCENDING, __name__ ASCENDING'],
  ['one order with the name against it', asked([], [...NEWEST, ['__name__', 'asc']]), {}, 'q: no index of letters by at DESCENDING, __name__ ASCENDING'],
  ['two orders', asked([], [['kind', 'asc'], ['at', 'asc']]), {}, 'q: no index of letters by kind ASCENDING, at ASCENDING'],
  ['bounds of one field in the order of another', asked([['size', '>']], NEWEST), {}, 'q: no index of letters by at DESCENDING, size DESCENDING'],
  ['two equalities of which an index has one', asked([STATUS, ['kind', '==']], NEWEST), { indexes: [index(['status'], ['at', 'desc'])] }, 'q: no index of letters by status ASCENDING, kind ASCENDING, at DESCENDING'],
  ['a field that is exempted', asked([], NEWEST), { fieldOverrides: [exempted('at')] }, 'q: letters.at isn\'t indexed DESCENDING'],
  ['a direction that is exempted', asked([], NEWEST), { fieldOverrides: [exempted('at', 'ASCENDING')] }, 'q: letters.at isn\'t indexed DESCENDING'],
  ['a field of a map that is exempted', asked([['profile.email', '==']]), { fieldOverrides: [exempted('profile')] }, 'q: letters.profile.email isn\'t indexed ASCENDING'],
  ['a collection that is exempted', asked([STATUS]), { fieldOverrides: [exempted('*')] }, 'q: letters.status isn\'t indexed ASCENDING'],
  ['an element of a list that has orders only', asked([['tags', 'array-contains']]), { fieldOverrides: [exempted('tags', 'ASCENDING')] }, 'q: letters.tags isn\'t indexed CONTAINS'],
  ['an element in place of an equality', asked([['tags', 'array-contains']], NEWEST), { indexes: [index(['tags'], ['at', 'desc'])] }, 'q: no index of letters by tags CONTAINS, at DESCENDING'],
];
for (const [what, query, file, sentence] of REFUSED) {
  test(`not answered: ${what}`, () => assert.deepEqual(missing(query, file), [sentence]));
}

const WRONG = [
  ['an order of what is equal', asked([['at', '==']], NEWEST), 'q: at is equal in all that it finds, and has an order or bounds'],
  ['bounds of what is equal', asked([['at', '=='], ['at', '>']]), 'q: at is equal in all that it finds, and has an order or bounds'],
  ['two elements', asked([['a', 'array-contains'], ['b', 'array-contains']]), 'q: more than one array-contains'],
  ['an operator that there isn\'t', asked([['a', '=']]), 'q: a = is nothing that Firestore knows'],
  ['a direction that there isn\'t', asked([], [['a', 'DESCENDING']]), 'q: a DESCENDING is nothing that Firestore knows'],
];
for (const [what, query, message] of WRONG) {
  test(`refused by Firestore: ${what}`, () => assert.throws(() => missing(query), { message }));
}

test('an index of a collection below a document is of its last name', () => {
  assert.deepEqual(missing(asked([], NEWEST, 'users.letters'), { fieldOverrides: [exempted('at')] }), ['q: letters.at isn\'t indexed DESCENDING']);
});

test('what nobody asks for is superfluous: an index, one that others stand in for, and what an exemption leaves', () => {
  const file = indexesOf({
    indexes: [index(['status'], ['at', 'desc']), index(['kind'], ['at', 'desc']), index(['kind'], ['status'], ['at', 'desc']), index(['size'], ['at', 'desc'])],
    fieldOverrides: [exempted('at', 'ASCENDING', 'DESCENDING')],
  });
  const queries = [asked([STATUS], NEWEST), asked([['kind', '==']], NEWEST), asked([STATUS, ['kind', '==']], NEWEST), asked([], NEWEST)];
  assert.deepEqual(superfluousIn(file, queries), [
    'index of letters by kind ASCENDING, status ASCENDING, at DESCENDING', 'index of letters by size ASCENDING, at DESCENDING', 'letters.at ASCENDING',
  ]);
});
