// An emulator's classes are kept, and an emulator starts without what was kept, too.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { archiveOf, keptClasses } from '../../local/class-archive.js';
import { keepClasses } from '../../local/class-training.js';
import { findEmulators, startFirestore, startPubsub } from '../../local/emulators.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-classes-test-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const { firestoreJar, pubsubJar } = findEmulators();
const EMULATORS = [{ name: 'Firestore', jar: firestoreJar, start: startFirestore }, { name: 'Pub/Sub', jar: pubsubJar, start: startPubsub }];

/** How many classes an emulator takes from this archive. */
async function takenFrom(archive, { jar, start }) {
  const loaded = join(dir, `${basename(jar)}.classes`);
  const { flags, ...rest } = keptClasses(archive);
  let child;
  await start({ jar, logFile: join(dir, `${basename(jar)}.log`), onSpawn: (handle) => { child = handle; }, classes: { ...rest, flags: [...flags, `-Xlog:class+load:file=${loaded}`] } });
  await child.stop();
  return [...readFileSync(loaded, 'utf8').matchAll(/source: shared objects file \(top\)/g)].length;
}

for (const emulator of EMULATORS) {
  test(`${emulator.name}: its classes are taken from what was kept at set-up, and a file that was cut off is forgotten`, async () => {
    assert.match(await keepClasses(), /^(there|kept)$/);
    const archive = archiveOf(emulator.jar);
    assert.ok(await takenFrom(archive, emulator) > 1000);

    const cutOff = join(dir, basename(archive));
    copyFileSync(archive, cutOff);
    truncateSync(cutOff, 1_000_000);
    await takenFrom(cutOff, emulator);
    assert.ok(!existsSync(cutOff), 'else each start would begin with a crash');
  });
}

test('a JVM that writes none is asked once', async (t) => {
  const bin = mkdtempSync(join(dir, 'bin-'));
  const asked = join(bin, 'asked');
  writeFileSync(join(bin, 'java'), `#!/bin/sh\necho "$*" >> '${asked}'\necho 'Unrecognized VM option' >&2\nexit 1\n`, { mode: 0o755 });
  const { PATH } = process.env;
  t.after(() => { process.env.PATH = PATH; });
  process.env.PATH = `${bin}${delimiter}${PATH}`;
  const folder = join(dir, 'refused');
  assert.match(await keepClasses({ folder }), /^not kept/);
  assert.equal(await keepClasses({ folder }), 'there is none, for this JVM writes none');
  const lines = readFileSync(asked, 'utf8').trim().split('\n');
  assert.equal(lines.length, 2, 'once for each emulator');
  for (const line of lines) assert.match(line, /-XX:ArchiveClassesAtExit=/);
  assert.ok(readdirSync(folder).every((name) => name.endsWith('.none')));
});

test('another jar and another JVM have another archive, and a jar that is not there has none', () => {
  const folder = join(dir, 'names');
  const bin = mkdtempSync(join(dir, 'bin-'));
  writeFileSync(join(bin, 'java'), '');
  const names = [archiveOf(firestoreJar, { folder }), archiveOf(pubsubJar, { folder }), archiveOf(firestoreJar, { folder, path: bin })];
  assert.equal(new Set(names).size, 3);
  assert.equal(archiveOf(join(dir, 'no.jar'), { folder }), undefined);
  assert.equal(archiveOf(firestoreJar, { folder, path: dir }), undefined);
  assert.ok(!existsSync(folder));
});
