// Writes the archives of class-archive.js: each emulator runs once, answers what stacks ask of it, and writes on its end which
// classes that took.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import firestorePackage from '@google-cloud/firestore';
import { subscriptionName, topicName } from '../manifest/names.js';
import { archiveOf } from './class-archive.js';
import { emulatorClient } from './emulator-client.js';
import { findEmulators, startFirestore, startPubsub } from './emulators.js';
import { firestoreDocuments } from './firestore.js';
import { createTopicsAndSubscriptions, pubsubClients } from './pubsub.js';

const PROJECT = 'demo-classes';
// Writing takes two seconds of a core, on a busy machine more; a file that was cut off is none.
const WRITTEN_WITHIN_MS = 60_000;

/** Resolves with what became of it, in words. Nothing here may end a set-up: without an archive an emulator starts as well, if later. */
export async function keepClasses({ signal, folder } = {}) {
  const { firestoreJar, pubsubJar } = findEmulators();
  const emulators = [
    { jar: firestoreJar, start: startFirestore, ask: askFirestore },
    { jar: pubsubJar, start: startPubsub, ask: askPubsub },
  ].map((emulator) => ({ ...emulator, archive: archiveOf(emulator.jar, { folder }) }));
  const open = emulators.filter(({ archive }) => archive && !existsSync(archive));
  const missing = open.filter(({ archive }) => !existsSync(refusal(archive)));
  if (missing.length === 0) return open.length === 0 ? 'there' : 'there is none, for this JVM writes none';
  const kept = await Promise.all(missing.map((emulator) => keep(emulator, signal)));
  signal?.throwIfAborted();
  return kept.includes(false) ? 'not kept: emulators take longer to start' : 'kept';
}

// So that a JVM which can't is not asked again at each start.
const refusal = (archive) => `${archive}.none`;

async function keep({ jar, start, ask, archive }, signal) {
  mkdirSync(dirname(archive), { recursive: true });
  const own = mkdtempSync(join(tmpdir(), 'boma-classes-'));
  const partial = `${archive}.partial-${process.pid}`;
  let child;
  const end = () => child?.stop('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  try {
    const logFile = join(own, 'emulator.log');
    const { host } = await start({ jar, logFile, onSpawn: (handle) => { child = handle; }, classes: { flags: [`-XX:ArchiveClassesAtExit=${partial}`] } });
    await ask(host);
    await child.stop('SIGTERM', WRITTEN_WITHIN_MS);
    if (child.ended === 'SIGKILL' || !existsSync(partial)) throw new Error(`no archive was written: ${readFileSync(logFile, 'utf8').slice(-1000)}`);
    renameSync(partial, archive);
    return true;
  } catch (error) {
    if (!signal?.aborted) writeFileSync(refusal(archive), `${error.message}\n`);
    return false;
  } finally {
    signal?.removeEventListener('abort', end);
    await child?.stop('SIGKILL');
    for (const path of [own, partial]) rmSync(path, { recursive: true, force: true });
  }
}

async function askFirestore(host) {
  const settings = { project: PROJECT, host };
  const database = `projects/${PROJECT}/databases/(default)`;
  const writer = new firestorePackage.v1.FirestoreClient(emulatorClient(settings));
  const update = { name: `${database}/documents/users/one`, fields: { name: { stringValue: 'One' }, cents: { integerValue: 1 } } };
  await writer.commit({ database, writes: [{ update, currentDocument: { exists: false } }] }, { otherArgs: { headers: { authorization: 'Bearer owner' } } });
  await writer.close();

  const documents = firestoreDocuments(settings);
  await documents.read(['users/one'], ['name']);
  await documents.equal('users', { name: 'One' }, ['name']);
  for await (const { path } of documents.all()) if (path !== 'users/one') throw new Error(`${path} is of nobody`);
  await documents.close();
}

async function askPubsub(host) {
  const clients = pubsubClients({ project: PROJECT, host });
  const { publisher, subscriber } = clients;
  const topic = topicName(PROJECT, 'users');
  const subscription = subscriptionName(PROJECT, 'profile', 'users');
  await createTopicsAndSubscriptions(clients, { project: PROJECT, topics: ['users'], consumers: [{ subscriptions: [subscription] }] });
  await publisher.publish({ topic, messages: [{ data: Buffer.from('{}'), orderingKey: 'one', attributes: { type: 'none' } }] });
  const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: 1 });
  await subscriber.acknowledge({ subscription, ackIds: receivedMessages.map(({ ackId }) => ackId) });
  await Promise.all([publisher.close(), subscriber.close()]);
}
