// The running stack: two emulators, one process with all functions, one with the router. Whatever of it ends, everything
// ends. While it runs, stack.json says where it is.
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEmulators, startFirestore, startPubsub } from './emulators.js';
import { consumersOf, readFunctions } from './functions.js';
import { killGroup, startNode } from './processes.js';
import { createTopicsAndSubscriptions, pubsubClients } from './pubsub.js';

const program = (file) => fileURLToPath(new URL(file, import.meta.url));

/** `onCrash(sentence)` is called once, when a part ends by itself; the stack has been stopped by then. */
export async function startStack({ project, dist, stateDir, endsAfterReplay = false, onCrash = () => {} }) {
  const logs = join(stateDir, 'logs');
  const stackFile = join(stateDir, 'stack.json');
  mkdirSync(logs, { recursive: true });
  const { functions, topicOf, topics } = readFunctions(dist);
  const children = [];
  let stopping;
  let ownsFile = false;

  // Last started, first stopped: nobody then misses what they talk to. The file goes first of all.
  function stop() {
    stopping ??= (async () => {
      process.off('exit', killAll);
      if (ownsFile) rmSync(stackFile, { force: true });
      for (const child of children.toReversed()) child.onEnd = () => {};
      for (const child of children.toReversed()) await child.stop();
    })();
    return stopping;
  }
  function killAll() {
    if (ownsFile) rmSync(stackFile, { force: true });
    for (const { pid } of children) killGroup(pid, 'SIGKILL');
  }
  process.once('exit', killAll);

  function owned(child) {
    children.push(child);
    child.onEnd = async () => {
      if (stopping) return;
      await stop();
      onCrash(`${child.title} ended by itself (${child.ended}); its log is ${child.logFile}.`);
    };
    return child;
  }

  try {
    const jars = findEmulators();
    const started = await Promise.allSettled([
      startFirestore({ jar: jars.firestoreJar, logFile: join(logs, 'firestore.log'), onSpawn: owned }),
      startPubsub({ jar: jars.pubsubJar, logFile: join(logs, 'pubsub.log'), onSpawn: owned }),
    ]);
    const failed = started.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    const [firestore, pubsub] = started.map(({ value }) => value.host);

    const consumers = consumersOf(functions, project);
    const clients = pubsubClients({ project, host: pubsub });
    const host = startNode('functions', program('functions-host.js'), { dist, names: functions.map(({ name }) => name) }, {
      title: 'the functions\' process',
      logFile: join(logs, 'functions.log'),
      env: { FIRESTORE_EMULATOR_HOST: firestore, PUBSUB_EMULATOR_HOST: pubsub, GOOGLE_CLOUD_PROJECT: project },
      onSpawn: owned,
    });
    const [{ urls }] = await Promise.all([host, createTopicsAndSubscriptions(clients, { project, topics, consumers })]);
    await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
    const router = await startNode('router', program('router/main.js'), {
      project, pubsub, consumers: consumers.map((consumer) => ({ ...consumer, url: urls[consumer.name] })),
    }, { title: 'the router', logFile: join(logs, 'router.log'), onSpawn: owned });

    const pids = Object.fromEntries(children.map(({ name, pid }) => [name, pid]));
    const stack = { project, firestore, pubsub, functions: urls, router: router.host, endsAfterReplay, pids: { supervisor: process.pid, ...pids } };
    ownsFile = claim(stackFile, stack);
    if (!ownsFile && !endsAfterReplay) throw new Error('Another stack was started at the same moment: end that one first.');
    return { stack, functions, topicOf, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// Whole or not at all, and never over another stack's: of two that start at the same moment, one has the file.
function claim(stackFile, stack) {
  const partial = `${stackFile}.partial-${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(stack, null, 2)}\n`);
  try {
    linkSync(partial, stackFile);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(partial);
  }
}
