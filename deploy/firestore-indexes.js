// Reads firestore.indexes.json, in Firebase's format: composite indexes, and exemptions of single fields from automatic indexing.
// Settings that gcloud has no command for are refused here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Complaint } from './complaint.js';

const FILE = 'firestore.indexes.json';
const ORDERS = ['ASCENDING', 'DESCENDING'];
const SCOPES = ['COLLECTION', 'COLLECTION_GROUP'];

/**
 * { composites: [{collection, scope, fields: [{path, order?, contains?}]}], fields: [{collection, path, indexes: [word], ttl}] },
 * where an index of one field is a word: ASCENDING, DESCENDING, CONTAINS.
 */
export function readIndexes(root) {
  return indexesOf(JSON.parse(readFileSync(join(root, FILE), 'utf8')));
}

export function indexesOf({ indexes = [], fieldOverrides = [] }) {
  const fields = fieldOverrides.map(fieldOf);
  const names = fields.map(({ collection, path }) => `${collection}.${path}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) wrong('fieldOverrides', `${twice} is there twice`);
  return { composites: indexes.map(compositeOf), fields };
}

function fieldOf({ collectionGroup, fieldPath, indexes, ttl = false }, number) {
  const at = `fieldOverrides[${number}]`;
  named(collectionGroup, `${at}.collectionGroup`);
  named(fieldPath, `${at}.fieldPath`);
  if (!Array.isArray(indexes)) wrong(`${at}.indexes`, 'must be a list; an empty one is no index');
  if (ttl && fieldPath === '*') wrong(`${at}.ttl`, 'needs one field');
  return { collection: collectionGroup, path: fieldPath, indexes: indexes.map((index, of) => singleOf(index, `${at}.indexes[${of}]`)), ttl };
}

function singleOf({ order, arrayConfig, queryScope = 'COLLECTION' }, at) {
  if (queryScope !== 'COLLECTION') wrong(`${at}.queryScope`, `gcloud makes indexes of one field for COLLECTION only, not for ${queryScope}`);
  return wordOf({ order, arrayConfig }, at);
}

function compositeOf({ collectionGroup, queryScope, fields }, number) {
  const at = `indexes[${number}]`;
  named(collectionGroup, `${at}.collectionGroup`);
  if (!SCOPES.includes(queryScope)) wrong(`${at}.queryScope`, `must be ${SCOPES.join(' or ')}`);
  if (!Array.isArray(fields) || fields.length < 2) wrong(`${at}.fields`, 'must be two or more: one field has its index by itself');
  return {
    collection: collectionGroup,
    scope: queryScope,
    fields: fields.map(({ fieldPath, ...config }, of) => {
      named(fieldPath, `${at}.fields[${of}].fieldPath`);
      return { path: fieldPath, word: wordOf(config, `${at}.fields[${of}]`) };
    }),
  };
}

function wordOf({ order, arrayConfig }, at) {
  if (order === undefined && arrayConfig === 'CONTAINS') return arrayConfig;
  if (arrayConfig === undefined && ORDERS.includes(order)) return order;
  return wrong(at, `must have an order (${ORDERS.join(', ')}) or arrayConfig CONTAINS`);
}

function named(value, at) {
  if (typeof value !== 'string' || value === '') wrong(at, 'must be a name');
}

function wrong(at, what) {
  throw new Complaint(`${FILE}: ${at}: ${what}.`);
}
