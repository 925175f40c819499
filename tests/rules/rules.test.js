// firestore.rules in the emulator, as a browser meets them: each collection, role and operation of tests/rules/table.json, and those who have no role.
import { assertFails, assertSucceeds, initializeTestEnvironment } from '@firebase/rules-unit-testing';
import { collection, collectionGroup, deleteDoc, doc, getDoc, getDocs, limit, onSnapshot, query, runTransaction, setDoc, setLogLevel, updateDoc, where, writeBatch } from 'firebase/firestore';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findEmulators, startFirestore } from '../../local/emulators.js';
import { RULES, TABLE } from './collections.js';

const dir = mkdtempSync(join(tmpdir(), 'boma-rules-'));
const spawned = [];
let environment;

before(async () => {
  // It says each refusal, and refusals are what is wanted here.
  setLogLevel('silent');
  const { host: address } = await startFirestore({ jar: findEmulators().firestoreJar, logFile: join(dir, 'firestore.log'), onSpawn: (child) => spawned.push(child) });
  const [host, port] = address.split(':');
  environment = await initializeTestEnvironment({ projectId: 'demo-boma', firestore: { host, port: Number(port), rules: RULES } });
  await environment.withSecurityRulesDisabled(async (context) => {
    const database = context.firestore();
    await Promise.all(Object.keys(TABLE.collections).map((name) => setDoc(doc(database, `${pathOf(name)}/there`), { region: 'Prague' })));
  });
});
after(async () => {
  await environment?.cleanup();
  for (const child of spawned) await child.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** users.timeline -> users/there/timeline */
const pathOf = (name) => name.replaceAll('.', '/there/');
const groupOf = (name) => name.split('.').at(-1);

const OPERATIONS = {
  get: (database, name) => getDoc(doc(database, `${pathOf(name)}/there`)),
  list: (database, name) => getDocs(query(collection(database, pathOf(name)), limit(50))),
  create: (database, name) => setDoc(doc(database, `${pathOf(name)}/new`), { region: 'Prague' }),
  update: (database, name) => updateDoc(doc(database, `${pathOf(name)}/there`), { region: 'Brno' }),
  delete: (database, name) => deleteDoc(doc(database, `${pathOf(name)}/there`)),
};
const ALL = Object.keys(OPERATIONS);
const isAllowed = (allowed, work) => (allowed ? assertSucceeds(work) : assertFails(work));

const databases = new Map();
/** One client for each that asks; `claims` null is signed out. */
function databaseOf(claims) {
  const key = JSON.stringify(claims);
  if (!databases.has(key)) databases.set(key, (claims === null ? environment.unauthenticatedContext() : environment.authenticatedContext('somebody', claims)).firestore());
  return databases.get(key);
}

for (const [name, row] of Object.entries(TABLE.collections)) {
  describe(name, () => {
    for (const [role, allowed] of Object.entries(row)) {
      test(`${role}: ${allowed.join(' and ') || 'nothing'}`, async () => {
        for (const operation of TABLE.operations) await isAllowed(allowed.includes(operation), OPERATIONS[operation](databaseOf({ role }), name));
      });
    }
  });
}

const NOBODY = {
  'who is signed out': null,
  'a token without a role': { email: 'ada@example.com', email_verified: true },
  'an empty role': { role: '' },
  'a role that nobody knows': { role: 'admin' },
  'a role in capitals': { role: 'SUPERVISOR' },
  'a role that begins like one': { role: 'operators' },
  'a list of roles': { role: ['operator', 'supervisor'] },
  'a map for a role': { role: { operator: true } },
  'a role that is true': { role: true },
  'a role by another name': { roles: 'operator', Role: 'operator' },
};
for (const [who, claims] of Object.entries(NOBODY)) {
  test(`${who}: nothing, anywhere`, async () => {
    for (const name of Object.keys(TABLE.collections)) {
      for (const operation of ALL) await assertFails(OPERATIONS[operation](databaseOf(claims), name));
    }
  });
}

for (const role of ['viewer', 'supervisor']) {
  test(`${role}: nothing across all customers, nor of a collection or a level that isn't named`, async () => {
    const database = databaseOf({ role });
    for (const name of Object.keys(TABLE.collections).filter((each) => each.includes('.') || each === 'processed_events')) {
      await assertFails(getDocs(query(collectionGroup(database, groupOf(name)), limit(1))));
    }
    for (const path of ['secrets/a', 'users/there/secrets/a', 'users/there/timeline/there/more/a', 'pulse/there/more/a', 'notes/a', 'timeline/a']) {
      await assertFails(getDoc(doc(database, path)));
      await assertFails(setDoc(doc(database, path), { a: 1 }));
    }
  });
}

test('a listener gets what a list gets: documents, or the refusal', async () => {
  const first = (database, name) => new Promise((resolve, reject) => {
    const stop = onSnapshot(query(collection(database, name), where('region', '==', 'Prague'), limit(50)), (snapshot) => {
      stop();
      resolve(snapshot);
    }, reject);
  });
  await assertSucceeds(first(databaseOf({ role: 'operator' }), 'users'));
  await assertFails(first(databaseOf({ role: 'viewer' }), 'users'));
});

test('what isn\'t there yet is read by those who may, and is refused to the others', async () => {
  await assertSucceeds(getDoc(doc(databaseOf({ role: 'auditor' }), 'approvals/none')));
  await assertFails(getDoc(doc(databaseOf({ role: 'viewer' }), 'approvals/none')));
});

test('a batch and a transaction write no more than their parts', async () => {
  const database = databaseOf({ role: 'supervisor' });
  const approval = doc(database, 'approvals/there');
  await assertFails(writeBatch(database).update(approval, { status: 'APPROVED' }).commit());
  await assertFails(runTransaction(database, async (transaction) => {
    await transaction.get(approval);
    transaction.update(approval, { status: 'APPROVED' });
  }));
});
