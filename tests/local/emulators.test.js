// Another process may take a port between the look for a free one and the emulator's start: other stacks and tests run on the
// same machine. The answer on that port then comes from it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findEmulators, freePorts, startFirestore, startPubsub } from '../../local/emulators.js';
import { until } from '../stack/until.js';

const logs = mkdtempSync(join(tmpdir(), 'boma-taken-ports-'));
const { firestoreJar, pubsubJar } = findEmulators();
const EMULATORS = [
  { name: 'Firestore', start: startFirestore, jar: firestoreJar },
  { name: 'Pub/Sub', start: startPubsub, jar: pubsubJar },
];
const GONE_WITHIN_MS = 10_000;
/** As ready as an emulator looks. */
const somebodyElse = createServer((_, response) => response.end('Ok'));
let takenPort;

before(async () => {
  somebodyElse.listen(0, '127.0.0.1');
  await once(somebodyElse, 'listening');
  takenPort = somebodyElse.address().port;
});
after(() => {
  somebodyElse.close();
  rmSync(logs, { recursive: true, force: true });
});

for (const { name, start, jar } of EMULATORS) {
  const logFile = join(logs, `${name.replace('/', '')}.log`);

  test(`${name}: a port that was lost to somebody else is left to him, and another one taken`, async () => {
    const lostOnce = [takenPort];
    const ports = async (count) => [...lostOnce.splice(0), ...await freePorts(count)].slice(0, count);
    const spawned = [];
    const { host } = await start({ jar, logFile, ports, onSpawn: (child) => spawned.push(child) });
    try {
      assert.notEqual(host, `127.0.0.1:${takenPort}`);
      assert.equal((await fetch(`http://${host}/`)).status, 200);
      assert.equal(spawned.length, 1, 'only the one that stays is told of');
    } finally {
      await spawned[0].stop();
    }
  });

  test(`${name}: where every port is lost it says so, and leaves no process behind`, async () => {
    const ports = async (count) => [takenPort, ...await freePorts(count)].slice(0, count);
    const told = await start({ jar, logFile, ports, onSpawn: () => assert.fail('none of them started') }).then(() => 'started', ({ message }) => message);
    assert.equal(told, `the ${name} emulator found its port taken, 5 times; its log is ${logFile}`);
    assert.match(readFileSync(logFile, 'utf8'), /BindException/);
    // Killed they are by now; to be gone takes a JVM a moment.
    await until('no process is left', () => javaWith(`--port=${takenPort}`).length === 0, { withinMs: GONE_WITHIN_MS, everyMs: 20 });
  });

  test(`${name}: one that ends while it starts is told with what it said`, async () => {
    const told = await start({ jar: join(logs, 'no.jar'), logFile, onSpawn: () => assert.fail('it never started') }).then(() => 'started', ({ message }) => message);
    assert.match(told, /ended while it was starting; its log is .*, and ends: .*(no\.jar|ClassNotFoundException)/s);
  });
}

/** The processes whose command line has this flag; where the machine doesn't tell, none. */
function javaWith(flag) {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLineOf(pid).includes(flag));
}

function commandLineOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // It has ended meanwhile.
  }
}
