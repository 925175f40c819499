// What the checkers judge by: the lines that were sent, the exported documents, and what the functions said that they did.
// Nothing of the product's reads them here.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExactly } from '../../../local/exact-json.js';

const EFFECTS = ['APPLIED', 'IGNORED', 'REFUSED'];

/**
 * Resolves to { sent, records, letters, users, transactions, effects }: `sent` and each record's `owes` are facts
 * { id, type, subject, data, hash }, `effects` pairs `{consumer}.{eventId}`, as often as somebody said so.
 */
export function readEvidence({ files, exportDir, logs }) {
  const documents = (collection) => {
    const file = join(exportDir, `${collection}.ndjson`);
    return existsSync(file) ? linesOf(file).map(parseExactly) : [];
  };
  return {
    sent: files.flatMap(linesOf).map(factOf),
    records: documents('processed_events').map(({ outgoing, ...record }) => ({ ...record, owes: owedIn(outgoing) })),
    letters: documents('dead_letters'),
    users: documents('users'),
    transactions: documents('transactions'),
    effects: logs.flatMap(effectsIn),
  };
}

export function factOf(text) {
  const { id, type, subject, data } = JSON.parse(text);
  return { id, type, subject, data, hash: createHash('sha256').update(text).digest('hex').slice(0, 32) };
}

function owedIn(outgoing) {
  const text = Buffer.from(outgoing ?? '', 'base64').toString('utf8');
  return text === '' ? [] : JSON.parse(text).map(({ data }) => factOf(data));
}

function effectsIn(log) {
  // A process that was killed may have left half a line.
  return linesOf(log).filter((line) => line.startsWith('{') && line.endsWith('}')).flatMap((line) => {
    const { consumer, eventId, outcome } = JSON.parse(line);
    return EFFECTS.includes(outcome) ? [`${consumer}.${eventId}`] : [];
  });
}

const linesOf = (file) => readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
