// Every command in docs/operations/, in the README and in the documents for publishers and for data scientists is one that can be given. The blocks are run as they stand, in a shell in which no program
// is there but our stubs, which write down with what they were called; each call then goes to the real parser of its program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseArguments as deployArguments } from '../../deploy/arguments.js';
import { parseArguments as startArguments } from '../../local/arguments.js';
import { parseArguments as deadLettersArguments } from '../../ops/dead-letters/arguments.js';
import { parseArguments as operatorsArguments } from '../../ops/operators/arguments.js';
import { parseArguments as trialBalanceArguments } from '../../ops/trial-balance/arguments.js';
import { parseArguments as warehouseArguments } from '../../ops/warehouse/arguments.js';
import { ROOT } from './deploying.js';
import { refusedByGcloud } from './gcloud-parser.js';

const FOLDERS = ['docs/operations', 'docs/operations/alerts'];
const DOCUMENTS = ['README.md', 'docs/analytics.md', 'docs/events.md', ...FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`)).filter((name) => /\.\w+$/.test(name))];
/** What every machine has, with arguments that a reader knows. */
const USUAL = ['git', 'curl'];
const NPM_SCRIPTS = { 'dead-letters': deadLettersArguments, operators: operatorsArguments, 'trial-balance': trialBalanceArguments, warehouse: warehouseArguments, start: startArguments };
const FIELD = '\x1f';
const CALL = '\x1e';

// What a program says may be another's argument: each says a name.
const STUBS = `
  : > calls
  written_down() { printf '%s\\x1f' "$@" >> calls; printf '\\x1e' >> calls; }
  gcloud() { written_down gcloud "$@"; echo a-name; }
  function ./deploy.sh { written_down ./deploy.sh "$@"; }
  command_not_found_handle() { written_down "$@"; echo a-word; }
`;

const blocksOf = (markdown) => [...markdown.matchAll(/^```(?:sh|bash)\n(.*?)^```$/gms)].map(([, block]) => block);

/** The calls that a document's blocks make, one after the other in one shell: each a list of words. */
function callsIn(markdown) {
  const folder = mkdtempSync(join(tmpdir(), 'boma-documented-'));
  try {
    const script = ['set -euo pipefail', STUBS, ...blocksOf(markdown)].join('\n');
    execFileSync('/bin/bash', ['-c', script], { cwd: folder, env: { PATH: '/no-programs' }, stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(join(folder, 'calls'), 'utf8').split(CALL).slice(0, -1).map((call) => call.split(FIELD).slice(0, -1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What stands in these documents for a reader's own. */
const READERS_OWN = { PROJECT: 'a-project', REGION: 'europe-west1', LETTER: `kyc.${'0'.repeat(32)}` };
const filledIn = (word) => word.replaceAll(/\b(PROJECT|REGION|LETTER)\b/g, (name) => READERS_OWN[name]);

function checkOurs([program, ...words]) {
  if (program === './deploy.sh') return deployArguments(words.map(filledIn));
  if (program === 'npm') {
    const [run, script, dashes, ...rest] = words[0] === 'start' ? ['run', ...words] : words;
    assert.equal(run, 'run');
    assert.ok(NPM_SCRIPTS[script], `npm run ${script}: nobody checks its arguments here`);
    assert.equal(dashes, '--');
    return NPM_SCRIPTS[script](rest.map(filledIn));
  }
  if (program === 'node' && words[0] !== '-p') return words.forEach((file) => assert.ok(existsSync(join(ROOT, file)), `node ${file}: there is no such file`));
  return assert.ok([...USUAL, 'node'].includes(program), `${program}: nobody checks its arguments here`);
}

const documents = DOCUMENTS.map((name) => ({ name, calls: callsIn(readFileSync(join(ROOT, name), 'utf8')) }));

for (const { name, calls } of documents) {
  test(`${name}: our own commands are ones that can be given`, () => {
    calls.filter(([program]) => program !== 'gcloud').forEach(checkOurs);
  });
}

const commands = documents.flatMap(({ calls }) => calls).filter(([program]) => program === 'gcloud').map((words) => words.map(filledIn));
const WRONG = [
  [['gcloud', 'firestore', 'databases', 'clone'], /'clone'/],
  [['gcloud', 'firestore', 'databases', 'restore', '--source=b', '--destination-database=restored'], /--source=b/],
  [['gcloud', 'firestore', 'databases', 'create', '--location=eur3', '--type=native'], /--type: .*'native'/],
  [['gcloud', 'firestore', 'databases', 'create', '--type=firestore-native'], /--location: Must be specified/],
];
// One start of gcloud for all.
const refused = refusedByGcloud([...commands, ...WRONG.map(([words]) => words)]);

test('gcloud takes each of its commands, and none is of a track that may change without notice', () => {
  assert.deepEqual(commands.filter(([, track]) => track === 'beta' || track === 'alpha'), []);
  assert.deepEqual(refused.slice(0, -WRONG.length), []);
});

test('what gcloud wouldn\'t take is noticed: a command, a flag, a value, and what is left out', () => {
  const noticed = refused.slice(-WRONG.length);
  assert.deepEqual(noticed.map(({ command }) => command), WRONG.map(([words]) => words.join(' ')));
  WRONG.forEach(([, complaint], index) => assert.match(noticed[index].complaint, complaint));
});
