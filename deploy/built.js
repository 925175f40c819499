// The stamp of a finished dist/: of what sources it was built, and of what bytes it is. A job that holds credentials runs neither a
// compiler nor anybody's package: it deploys what another job built, and the stamp says whether that is this tree's, and whole.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Complaint } from './complaint.js';
import { digestOfFiles } from './digest.js';

/** What the build reads. */
const SOURCES = ['Cargo.lock', 'Cargo.toml', 'analytics/tables', 'crates', 'functions', 'package-lock.json', 'rust-toolchain.toml', 'shim', 'xtask'];
const STAMP = 'built.json';
/** Results of earlier builds, and the build's own notes, which begin with a point. */
const PASSED_OVER = ['target', 'node_modules', STAMP];

/** Written when dist/ is finished. */
export function stampBuilt(root) {
  writeFileSync(join(root, 'dist', STAMP), `${JSON.stringify(stampOf(root), null, 2)}\n`);
}

/** Refuses a dist/ that isn't finished, isn't as it was built, or was built of another tree than this. */
export function checkBuilt(root) {
  const file = join(root, 'dist', STAMP);
  if (!existsSync(file)) throw wrong(`there is no finished dist/ (no dist/${STAMP})`);
  const is = parsed(readFileSync(file, 'utf8'));
  const should = stampOf(root);
  if (is.sources !== should.sources) throw wrong('dist/ was built of other sources than these');
  if (is.built !== should.built) throw wrong('dist/ is not as it was built: files are missing, or others than were built');
}

const wrong = (what) => new Complaint(`--built: ${what}: ./deploy.sh build makes it.`);

const stampOf = (root) => ({ sources: digest(root, SOURCES), built: digest(join(root, 'dist'), ['.']) });

const digest = (root, places) => digestOfFiles(root, places.flatMap((place) => filesIn(root, place)));

/** The files of a place below the root, itself or all that is in it, in one order everywhere. */
function filesIn(root, place) {
  if (!statSync(join(root, place)).isDirectory()) return [place];
  const names = readdirSync(join(root, place)).filter((name) => !name.startsWith('.') && !PASSED_OVER.includes(name)).sort();
  return names.flatMap((name) => filesIn(root, place === '.' ? name : `${place}/${name}`));
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
