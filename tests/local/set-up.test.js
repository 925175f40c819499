import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { installPackages, missingTools, packagesAreCurrent } from '../../local/set-up.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-set-up-'));
after(() => rmSync(dir, { recursive: true }));

const noEmulators = () => ({});

test('an empty machine gets one sentence for each missing tool, with the way to get it', () => {
  const missing = missingTools({ nodeVersion: '18.19.0', path: dir, emulators: noEmulators });
  assert.deepEqual(missing.map((sentence) => sentence.split(' ')[0]), ['Node', 'java', 'cargo', 'rustup', 'gcloud']);
  for (const sentence of missing) assert.match(sentence, /https:|install/);
});

test('with gcloud there, the emulators that are missing are named', () => {
  writeFileSync(join(dir, 'gcloud'), '');
  const missing = missingTools({ path: dir, emulators: noEmulators });
  assert.equal(missing.filter((sentence) => /emulator is missing: run gcloud components install/.test(sentence)).length, 2);
});

function project(installed) {
  const root = mkdtempSync(join(dir, 'project-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: {
    '': { version: '1' }, 'node_modules/a': { version: '1.0.0' }, 'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
  } }));
  if (installed) writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  return root;
}

test('packages are current only if every version is the locked one', () => {
  assert.equal(packagesAreCurrent(project(undefined)), false);
  assert.equal(packagesAreCurrent(project({})), false);
  assert.equal(packagesAreCurrent(project({ 'node_modules/a': { version: '0.9.0' } })), false);
  assert.equal(packagesAreCurrent(project({ 'node_modules/a': { version: '1.0.0' } })), true);
});

for (const [where, name, value] of [['for production', 'NODE_ENV', 'production'], ['with npm\'s omit', 'npm_config_omit', 'dev']]) {
  test(`${where}, too, all packages are installed`, async (t) => {
    const root = mkdtempSync(join(dir, 'omitting-'));
    mkdirSync(join(root, 'tool'));
    const devDependencies = { tool: 'file:tool' };
    const write = (path, content) => writeFileSync(join(root, path), JSON.stringify(content));
    write('tool/package.json', { name: 'tool', version: '1.0.0' });
    write('package.json', { devDependencies });
    write('package-lock.json', { lockfileVersion: 3, requires: true, packages: { '': { devDependencies }, 'node_modules/tool': { resolved: 'tool', link: true }, tool: { version: '1.0.0', dev: true } } });
    const before = process.env[name];
    t.after(() => (before === undefined ? delete process.env[name] : (process.env[name] = before)));
    process.env[name] = value;
    await installPackages(root);
    assert.ok(existsSync(join(root, 'node_modules', 'tool', 'package.json')));
  });
}
