// `npm test`: sets up what is missing, then runs every check and every test, and stops at the first stage that is red.
//
//   npm test -- --only NAME     one stage, or the JavaScript tests whose path has NAME in it (such as `architecture`)
//   npm run test:long           the long variants instead, `tests/**/*.long.js`; --only NAME as above

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { setUp } from '../local/set-up.js';
import { chromium } from './console/chromium.js';
import { cargoTally, nodeTally, runAndTally, slowestTen } from './runner/tally.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const XTASK = ['--manifest-path', 'xtask/Cargo.toml'];
const DENY_WARNINGS = ['--', '--deny', 'warnings'];
/** What is in tests/ of each crate. A library as a test binary of its own would be all of it compiled once more, for no test. */
const TESTS = ['--test', '*'];
const ESLINT = join('node_modules', 'eslint', 'bin', 'eslint.js');

// Most wait for emulators and leases now and then.
const FILES_AT_ONCE = 3;
/** It builds what others run. */
const ALONE = ['tests/build/build.test.js'];

// Nothing of a run on a fresh machine is compiled a second time.
if (process.env.CI) process.env.CARGO_INCREMENTAL ??= '0';

const cargo = (...options) => ({ command: 'cargo', options, tally: cargoTally });
const node = (...options) => ({ command: process.execPath, options, tally: nodeTally });

/** Each stage with its commands; the quick ones come first. */
const stages = [
  { name: 'format', commands: [cargo('fmt', '--all', '--check'), cargo('fmt', ...XTASK, '--check')] },
  { name: 'eslint', commands: [node(ESLINT, '.')] },
  {
    name: 'clippy',
    commands: [
      cargo('clippy', '--quiet', '--workspace', '--lib', '--bins', ...TESTS, '--locked', ...DENY_WARNINGS),
      cargo('clippy', '--quiet', ...XTASK, '--all-targets', '--locked', ...DENY_WARNINGS),
    ],
  },
  {
    name: 'rust',
    commands: [
      cargo('test', '--quiet', '--workspace', ...TESTS, '--locked', '--no-fail-fast'),
      cargo('test', '--quiet', ...XTASK, '--locked'),
    ],
  },
  // Functions that only tests know, through the same build as those that are deployed.
  { name: 'test-crates', commands: [cargo('run', '--quiet', ...XTASK, '--locked', '--', '--test-crates')] },
  { name: 'javascript', commands: nodeTests('') },
];

/** Three files at a time; and one at a time what shares a folder with the others. */
function nodeTests(inPath, ending = '.test.js') {
  const all = readdirSync(join(ROOT, 'tests'), { recursive: true }).map((path) => `tests/${path.replaceAll('\\', '/')}`);
  const files = all.filter((path) => path.endsWith(ending) && !path.includes('/fixtures/') && path.includes(inPath)).sort();
  const isAlone = (file) => ending === '.long.js' || ALONE.includes(file);
  const groups = [[files.filter(isAlone), 1], [files.filter((file) => !isAlone(file)), FILES_AT_ONCE]];
  const together = ([some, atOnce]) => node('--test', `--test-concurrency=${atOnce}`, '--test-reporter=spec', ...some);
  return groups.filter(([some]) => some.length > 0).map(together);
}

/** Tests that run for minutes or hours: the same as the others, with more events, kills and seeds. */
function longStages(only = '') {
  const tests = nodeTests(only, '.long.js');
  if (tests.length === 0) throw new Error(`--only ${only}: there is no long test with it in its path`);
  return [...stages.filter(({ name }) => name === 'test-crates'), { name: 'long', commands: tests }];
}

const needsBrowser = ({ commands }) => commands.some(({ options }) => options.some((option) => option.startsWith('tests/console/')));

function stagesFor(only) {
  if (only === undefined) return stages;
  const named = stages.filter(({ name }) => name === only);
  if (named.length > 0) return named;
  const tests = nodeTests(only);
  if (tests.length === 0) throw new Error(`--only ${only}: there is no such stage and no test with it in its path`);
  return [...stages.filter(({ name }) => name === 'test-crates'), { name: `javascript: ${only}`, commands: tests }];
}

async function runStage({ name, commands }, totals) {
  heading(name);
  const beganAt = performance.now();
  let isGreen = true;
  for (const { command, options, tally } of commands) {
    const { code, counts } = await runAndTally(command, options, tally, ROOT);
    totals.passed += counts.passed;
    totals.failed += counts.failed;
    totals.timed.push(...counts.timed);
    // A red command without a failed test, such as a lint, counts as one.
    if (code !== 0 && counts.failed === 0) totals.failed += 1;
    isGreen &&= code === 0 && counts.failed === 0;
  }
  console.log(`${isGreen ? 'green' : 'RED'}: ${name}, ${seconds(beganAt)}`);
  return isGreen;
}

const seconds = (beganAt) => `${((performance.now() - beganAt) / 1000).toFixed(1)} s`;
const heading = (name) => console.log(`\n=== ${name} ${'='.repeat(Math.max(3, 60 - name.length))}`);

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, long: { type: 'boolean' } } });
  const wanted = values.long ? longStages(values.only) : stagesFor(values.only);
  const beganAt = performance.now();
  const totals = { passed: 0, failed: 0, timed: [] };
  heading('set-up');
  await setUp({ warehouse: true, withConsole: true, testCrates: true });
  // Before several files look for it at once: a package manager works for one at a time.
  if (wanted.some(needsBrowser)) console.log(`  browser: ${chromium()}`);

  let red = null;
  for (const stage of wanted) {
    if (!(await runStage(stage, totals))) {
      red = stage.name;
      break;
    }
  }
  if (totals.timed.length > 0) console.log(`\nThe slowest ten tests:\n${slowestTen(totals.timed).join('\n')}`);
  const verdict = red === null ? 'Everything is green' : `The stage "${red}" is red; what comes after it was not run`;
  console.log(`\n${verdict}, ${seconds(beganAt)}.`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = red === null ? 0 : 1;
}

try {
  await main();
} catch (error) {
  console.error(`npm test: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
