// The tables as docs/analytics.md shows them: `npm run tables` writes that part anew, and a test says so when it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fieldOf } from './fields.js';
import { isPersonal } from './personal.js';
import { columnsOf, historyOf, readTables } from './tables.js';

const DOCUMENT = new URL('../docs/analytics.md', import.meta.url);
const MARK = '<!-- What follows is made of analytics/tables by `npm run tables`. -->\n';

/** The document's text as it should be. */
export function documented(text = readFileSync(DOCUMENT, 'utf8')) {
  return `${text.slice(0, text.indexOf(MARK) + MARK.length)}${readTables().map(tableText).join('')}`;
}

const tableText = (table) => `
### ${historyOf(table)}

${table.description}

| column | type | |
|---|---|---|
${columnsOf(table).flatMap((column) => lines(table, column)).join('\n')}
`;

function lines({ collection, columns }, column, way = '') {
  const { type, mode } = fieldOf(column);
  const isOfDocument = columns.includes(column);
  const mark = isOfDocument && isPersonal(collection, column) ? ' *Personal.*' : '';
  const name = `${way}${column.name}`;
  const inner = (column.fields ?? []).flatMap((field) => lines({ collection, columns: [] }, field, `${name}.`));
  return [`| \`${name}\` | ${type}${mode === 'NULLABLE' ? '' : ` ${mode}`} | ${column.description}${mark} |`, ...inner];
}

if (process.argv[1] === import.meta.filename) writeFileSync(DOCUMENT, documented());
