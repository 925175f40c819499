// `npm run fuzz -- TARGET [--minutes N]`: libFuzzer on one target, from the corpus that the tests run. What it finds stays in
// tests/fuzz/libfuzzer/artifacts/; once mended, it belongs into the corpus.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const CORPUS = join(FOLDER, 'corpus');
const LONGEST_INPUT_BYTES = 300_000;
const MOST_MEMORY_MB = 512;
const EXIT_WRONG_ARGUMENTS = 2;

const targets = readdirSync(CORPUS).sort();
const { target, minutes } = wanted();
if (spawnSync('cargo', ['fuzz', '--version']).status !== 0) {
  fail('cargo-fuzz is missing: install it with cargo install cargo-fuzz --locked.');
}

// libFuzzer adds to the folder that it is given, and only what a person chose belongs into the repository.
const grown = join(FOLDER, 'libfuzzer', 'corpus', target);
mkdirSync(grown, { recursive: true });
cpSync(join(CORPUS, target), grown, { recursive: true });

const options = [`-max_total_time=${Math.round(minutes * 60)}`, `-max_len=${LONGEST_INPUT_BYTES}`, `-rss_limit_mb=${MOST_MEMORY_MB}`];
const { status } = spawnSync('cargo', ['fuzz', 'run', '--fuzz-dir', join(FOLDER, 'libfuzzer'), target, grown, '--', ...options], {
  stdio: 'inherit',
  // The sanitizers are behind a flag that a stable compiler takes only when it is told so.
  env: { ...process.env, RUSTC_BOOTSTRAP: '1' },
});
process.exit(status ?? 1);

function wanted() {
  try {
    const { values, positionals } = parseArgs({ options: { minutes: { type: 'string', default: '1' } }, allowPositionals: true });
    const [named] = positionals;
    if (!targets.includes(named)) fail(`Which target? One of ${targets.join(', ')}.`, EXIT_WRONG_ARGUMENTS);
    const number = Number(values.minutes);
    if (!(number > 0)) fail(`--minutes ${values.minutes}: not a number above 0.`, EXIT_WRONG_ARGUMENTS);
    return { target: named, minutes: number };
  } catch (error) {
    return fail(error.message, EXIT_WRONG_ARGUMENTS);
  }
}

function fail(sentence, status = 1) {
  console.error(sentence);
  process.exit(status);
}
