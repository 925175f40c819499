// The tables of the warehouse, from their files: tables/{collection}.json, and envelope.json with the columns that each of
// them begins and ends with.
import { readFileSync, readdirSync } from 'node:fs';

const TABLES = new URL('tables/', import.meta.url);
const parsed = (url) => JSON.parse(readFileSync(url, 'utf8'));

const ENVELOPE = parsed(new URL('envelope.json', import.meta.url));

/** What each file says, by collection. */
export const readTables = () => readdirSync(TABLES).filter((name) => name.endsWith('.json')).sort().map((name) => parsed(new URL(name, TABLES)));

/** Every column of a history table, in its order. */
export const columnsOf = (table) => [...ENVELOPE.first, ...table.columns, ...ENVELOPE.last];

export const historyOf = ({ collection }) => `${collection}_history`;
export const latestOf = ({ collection }) => `${collection}_latest`;

/** The columns that are about the change and not of the document. */
export const ENVELOPE_COLUMNS = [...ENVELOPE.first, ...ENVELOPE.last].map(({ name }) => name);
