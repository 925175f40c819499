// The running stack: two emulators (with a warehouse, three), one process with all functions (with a warehouse, one more with the warehouse's), one with the router. When one of them ends, all are
// stopped, unless it was killed on purpose (--faults). While the stack runs, stack.json has its addresses.
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changeTriggersOf, isForConsole, routerConsumers, usesWarehouse } from '../manifest/consumers.js';
import { readFunctions } from '../manifest/functions.js';
import { childrenOf } from './children.js';
import { startConsole } from './console/server.js';
import { findEmulators, heldPort, startFirestore, startPubsub } from './emulators.js';
import { startNode } from './processes.js';
import { createTopicsAndSubscriptions, pubsubClients } from './pubsub.js';
import { functionsEnv, startWarehouse } from './warehouse/start.js';

const program = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * `onCrash(sentence)` is called once, when a process ended unexpectedly and the stack has been stopped. `faults`: { spec, seed }
 * of --faults; the answer's `faults` counts those that struck (see faults/around-stack.js). `warehouse`: { environment } of
 * --warehouse, where its emulator is installed. `isWatched`: operators may look at it, so the functions for their page run; `withConsole`:
 * that page is served, too, which must have been built.
 */
export async function startStack({ project, dist, stateDir, endsAfterReplay = false, isWatched = !endsAfterReplay, withConsole = false, onCrash = () => {}, faults, warehouse: wanted }) {
  const logs = join(stateDir, 'logs');
  const stackFile = join(stateDir, 'stack.json');
  mkdirSync(logs, { recursive: true });
  const { functions: all, topicOf, topics } = readFunctions(dist);
  const functions = all.filter((one) => (wanted || !usesWarehouse(one)) && (isWatched || !isForConsole(one)));
  let ownsFile = false;
  let around;
  let page;

  const children = childrenOf({
    onCrash,
    beforeStop() {
      process.off('exit', killAll);
      around?.stopKilling();
      if (ownsFile) rmSync(stackFile, { force: true });
    },
    afterStop: () => Promise.all([around?.close(), page?.close()]),
  });
  function killAll() {
    if (ownsFile) rmSync(stackFile, { force: true });
    children.killAll();
  }
  process.once('exit', killAll);

  try {
    const triggers = changeTriggersOf(functions);
    const triggersPort = triggers.length > 0 ? await heldPort() : undefined;
    const { firestore, pubsub, warehouse } = await startEmulators({ project, logs, onSpawn: children.add, triggersTo: triggersPort?.port, wanted });
    if (faults) around = await (await import('./faults/around-stack.js')).faultsAround({ ...faults, firestore, pubsub, bigquery: warehouse?.grpc });
    const consumers = routerConsumers(functions, project);
    const start = launchers({ project, dist, logs, functions, separate: !faults, consumers, hosts: around?.hosts ?? { firestore, pubsub, bigquery: warehouse?.grpc }, firestore, pubsub, around, changes: triggersPort && { firestore, port: triggersPort.port, triggers } });
    const clients = pubsubClients({ project, host: pubsub });
    const [{ urls: most }, theirs] = await Promise.all([
      start.functions({}, { onSpawn: children.add }),
      start.warehouse?.({}, { onSpawn: children.add }),
      createTopicsAndSubscriptions(clients, { project, topics, consumers }),
    ]);
    const urls = { ...most, ...theirs?.urls };
    await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
    await triggersPort?.release();
    const { host: router } = await start.router({ urls }, { onSpawn: children.add });

    if (withConsole) page = await startConsole({ project, firestore, operator: urls.operator });

    const pids = () => ({ supervisor: process.pid, ...children.pids() });
    const stack = { project, firestore, pubsub, functions: urls, router, ...(page && { console: page.url }), endsAfterReplay, pids: pids(), ...(warehouse && { warehouse }), ...(around && { faults: around.text }) };
    ownsFile = claim(stackFile, stack);
    if (!ownsFile && !endsAfterReplay) throw new Error('Another stack was started at the same moment: end that one first.');

    const ports = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, portOf(url)]));
    const whereItWas = { functions: { ports }, router: { urls, port: portOf(`http://${router}`), takesOver: true } };
    around?.startKilling({
      router,
      kill: children.kill,
      async start(name) {
        await children.replace(name, (onSpawn) => start[name](whereItWas[name], { onSpawn, goesOn: true }));
        stack.pids = pids();
        if (ownsFile && !children.isStopping) replaceFile(stackFile, stack);
      },
      onFailure: ({ message }) => children.crashed(message),
    });
    return { stack, functions, topicOf, faults: around, stop: children.stop };
  } catch (error) {
    await children.stop();
    throw error;
  }
}

async function startEmulators({ project, logs, onSpawn, triggersTo, wanted }) {
  const jars = findEmulators();
  const started = await Promise.allSettled([
    startFirestore({ jar: jars.firestoreJar, logFile: join(logs, 'firestore.log'), onSpawn, triggersTo }),
    startPubsub({ jar: jars.pubsubJar, logFile: join(logs, 'pubsub.log'), onSpawn }),
    wanted && startWarehouse({ ...wanted, project, logFile: join(logs, 'bigquery.log'), onSpawn }),
  ]);
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  const [firestore, pubsub, warehouse] = started.map(({ value }) => value);
  return { firestore: firestore.host, pubsub: pubsub.host, warehouse };
}

/**
 * Starts, and restarts, the functions' process and the router: { name: (settings, options) => its first message }. `separate`: the
 * warehouse's functions, if there are any, have a process of their own, so that its CPU time is theirs. With faults they are killed with the others.
 */
function launchers({ project, dist, logs, functions, separate, consumers, hosts, firestore, pubsub, around, changes }) {
  const env = { FIRESTORE_EMULATOR_HOST: hosts.firestore, PUBSUB_EMULATOR_HOST: hosts.pubsub, GOOGLE_CLOUD_PROJECT: project, ...functionsEnv(hosts) };
  const host = (process, title, some) => ({ ports }, options) => startNode(process, program('functions-host.js'), { dist, names: some.map(({ name }) => name), ports }, {
    title, logFile: join(logs, `${process}.log`), env, ...options,
  });
  const apart = separate ? functions.filter(usesWarehouse) : [];
  return {
    functions: host('functions', 'the functions\' process', functions.filter((one) => !apart.includes(one))),
    warehouse: apart.length > 0 ? host('warehouse', 'the process of the warehouse\'s functions', apart) : undefined,
    router: ({ urls, port, takesOver }, options) => startNode('router', program('router/main.js'), {
      project, pubsub, consumers: withUrls(consumers, urls), port, takesOver, ...around?.routerSettings,
      eventarc: changes && { ...changes, triggers: withUrls(changes.triggers, urls) },
      clock: urls.clock && { url: urls.clock, firestore },
    }, { title: 'the router', logFile: join(logs, 'router.log'), onMessage: around?.heard, ...options }),
  };
}

const withUrls = (receivers, urls) => receivers.map((receiver) => ({ ...receiver, url: urls[receiver.name] }));
const portOf = (url) => Number(new URL(url).port);

// Whole or not at all, and never over another stack's: of two that start at the same moment, one has the file.
function claim(stackFile, stack) {
  const partial = written(stackFile, stack);
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

function replaceFile(stackFile, stack) {
  renameSync(written(stackFile, stack), stackFile);
}

function written(stackFile, stack) {
  const partial = `${stackFile}.partial-${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(stack, null, 2)}\n`);
  return partial;
}
