// What the rules look at: a plain description of a tree of files and crates.
//
//   files     [{path, text}]: everything that is, or soon may be, in the repository; paths with "/", texts only
//   packages  [{name, folder, dependencies: {normal, dev, build}, function}]: the crates of the workspace; a dependency is the
//             name of a crate, `function` the table [package.metadata.function] or null
//   resolved  {crate: {dependencies, features}}: what cargo made of it for wasm32, without dev-dependencies
//   topics    {event type: topic}, as the build wrote it
//   authorities  {topic: {publishers}}, as the build wrote it

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const FIXTURES = 'tests/architecture/fixtures/';
const ANSWERS = ['cargo.json', 'topics.json', 'authorities.json'];
const LARGEST_TEXT_BYTES = 1_000_000;

/** The repository that stands in this folder. */
export function readRepository(root) {
  return { files: readFiles(root, tracked(root)), ...readCargo(root), topics: readBuilt(join(root, 'dist/topics.json')), authorities: readBuilt(join(root, 'dist/authorities.json')).topics };
}

/** A tree that stands in a folder of fixtures: its files, and `cargo.json`, `topics.json` and `authorities.json` in place of tools' answers. */
export function readFixture(folder) {
  const all = readdirSync(folder, { recursive: true }).map((path) => path.replaceAll('\\', '/'));
  const files = all.filter((path) => !ANSWERS.includes(path) && statSync(join(folder, path)).isFile());
  const json = (name) => (existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), 'utf8')) : {});
  const { packages = [], resolved = {} } = json('cargo.json');
  return { files: readFiles(folder, files), packages, resolved, topics: json('topics.json'), authorities: json('authorities.json').topics };
}

/** The clean tree with the differences laid over it: files by path, packages by name. */
export function overlaid(clean, differences) {
  const by = (key, ...lists) => [...new Map(lists.flat().map((entry) => [entry[key], entry])).values()];
  return {
    files: by('path', clean.files, differences.files),
    packages: by('name', clean.packages, differences.packages),
    resolved: { ...clean.resolved, ...differences.resolved },
    topics: { ...clean.topics, ...differences.topics },
    authorities: { ...clean.authorities, ...differences.authorities },
  };
}

/** Files that git knows, and those that it doesn't ignore: a file is judged before it's committed. */
function tracked(root) {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = list.toString('utf8').split('\0').filter((path) => path !== '' && !path.startsWith(FIXTURES));
  return [...new Set(paths)].filter((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile());
}

function readFiles(root, paths) {
  const read = (path) => ({ path, bytes: readFileSync(join(root, path)) });
  const isText = ({ bytes }) => bytes.length <= LARGEST_TEXT_BYTES && !bytes.subarray(0, 8_000).includes(0);
  return paths.map(read).filter(isText).map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));
}

function readCargo(root) {
  const options = ['metadata', '--format-version=1', '--locked', '--offline', '--filter-platform=wasm32-unknown-unknown'];
  const output = execFileSync('cargo', options, { cwd: root, maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] });
  const metadata = JSON.parse(output);
  const members = new Set(metadata.workspace_members);
  const packages = metadata.packages.filter(({ id }) => members.has(id)).map((each) => described(each, root));
  return { packages, resolved: resolvedBy(metadata) };
}

function described({ name, manifest_path: manifest, dependencies, metadata }, root) {
  const ofKind = (wanted) => dependencies.filter(({ kind }) => kind === wanted).map((dependency) => dependency.name);
  return {
    name,
    folder: relative(root, manifest).replaceAll('\\', '/').replace(/\/Cargo\.toml$/, ''),
    dependencies: { normal: ofKind(null), dev: ofKind('dev'), build: ofKind('build') },
    function: metadata?.function ?? null,
  };
}

/** By name, the versions of a crate taken together: a rule that forbids a crate forbids every version of it. */
function resolvedBy({ packages, resolve }) {
  const nameOf = new Map(packages.map(({ id, name }) => [id, name]));
  const resolved = {};
  for (const { id, deps, features } of resolve.nodes) {
    const used = deps.filter(({ dep_kinds: kinds }) => kinds.some(({ kind }) => kind === null));
    const entry = (resolved[nameOf.get(id)] ??= { dependencies: [], features: [] });
    entry.dependencies.push(...used.map(({ pkg }) => nameOf.get(pkg)));
    entry.features.push(...features);
  }
  return resolved;
}

function readBuilt(path) {
  if (!existsSync(path)) throw new Error(`${path} is missing; \`cargo run --manifest-path xtask/Cargo.toml\` writes it`);
  return JSON.parse(readFileSync(path, 'utf8'));
}
