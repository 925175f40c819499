// The warehouse's function beside the same work by Google's own libraries: CPU per row, rows per second, memory.
//
//   npm run bench:warehouse [-- --rounds 5 --rows 2000 --json FILE]
//
// BigQuery is a process that answers at once, so what is measured is the function. Before that each contender appends the same changes to
// the emulator, and their rows must be equal. Rounds are by turns, so that what else runs on the machine falls on all alike.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = fileURLToPath(new URL('.', import.meta.url));
if (!existsSync(`${HERE}node_modules`)) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HERE, stdio: 'inherit' });

// These need what was just installed.
const { measure } = await import('./measure.js');
const { tableOf } = await import('./figures.js');

const { values } = parseArgs({ options: {
  rounds: { type: 'string', default: '5' }, rows: { type: 'string', default: '2000' }, json: { type: 'string' },
} });

const stateDir = fileURLToPath(new URL('../../.boma', import.meta.url));
const logFolder = `${stateDir}/logs`;
mkdirSync(logFolder, { recursive: true });
const figures = await measure({ rounds: Number(values.rounds), rows: Number(values.rows), stateDir, logFolder });
const result = { at: new Date().toISOString(), machine: `${cpus().length} x ${cpus()[0].model.trim()}`, ...figures };
if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
console.log(tableOf(result));
