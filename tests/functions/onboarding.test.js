// A registration is four functions' business. Each of them runs in a process of its own here; one is killed, and the others
// do their part of the registration all the same. Once it is back, it does its own.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { createTopicsAndSubscriptions, pubsubClients } from '../../local/pubsub.js';
import { routerConsumers } from '../../manifest/consumers.js';
import { readFunctions } from '../../manifest/functions.js';
import { subscriptionName } from '../../manifest/names.js';
import { leadCreated, registered, uuid } from '../stack/events.js';
import { stackParts } from '../stack/parts.js';
import { pulled } from '../stack/pulled.js';
import { DIST, clientOf, message } from '../stack/real-stack.js';
import { stateFolder } from '../stack/state-folder.js';

const PROJECT = 'demo-onboarding';
const SETTLED_WITHIN_MS = 90_000;
// Nobody here tests how long one waits between attempts.
const RETRY = { maxAttempts: 1000, firstMs: 100, longestMs: 500 };

/** Of each worker the document that is its part, and what it says once that is done. */
const PARTS = {
  'profile': ({ subject }) => ({ path: `users/${subject}`, says: { kycStatus: 'PENDING', tradingEnabled: false } }),
  'kyc-request': ({ subject }) => ({ path: `kyc_cases/${subject}`, says: { check: 'PENDING', cycle: 1, attempt: 1 } }),
  'welcome': ({ subject }) => ({ path: `mail/welcome.${subject}`, says: { to: 'zdenka.cermakova@posta.example' } }),
  'leads': ({ subject, data }) => ({ path: `leads/${data.leadId}`, says: { status: 'CONVERTED', userId: subject } }),
};
const WORKERS = Object.keys(PARTS);

const requests = subscriptionName(PROJECT, 'listener', 'kyc-requests');
const closing = [];
const processes = new Map(); // worker -> { urls, end }
let parts;
let emulators;
let client;
let subscriber;

before(async () => {
  const stateDir = stateFolder();
  closing.push(() => rmSync(stateDir, { recursive: true }));
  parts = stackParts({ project: PROJECT, dist: DIST, stateDir });
  closing.push(() => parts.stop());
  const [pubsub, firestore] = await Promise.all([parts.pubsub(), parts.firestore()]);
  emulators = { pubsub, firestore };
  const all = readFunctions(DIST);
  const functions = all.functions.filter(({ name }) => WORKERS.includes(name));
  const consumers = routerConsumers(functions, PROJECT);
  const clients = pubsubClients({ project: PROJECT, host: pubsub });
  closing.push(() => Promise.all([clients.publisher.close(), clients.subscriber.close()]));
  ({ subscriber } = clients);
  await createTopicsAndSubscriptions(clients, { project: PROJECT, topics: all.topics, consumers: [...consumers, { subscriptions: [requests] }] });
  for (const worker of WORKERS) processes.set(worker, await parts.functionsProcess([worker], emulators));
  const urlOf = (name) => processes.get(name).urls[name];
  const router = await parts.router({ pubsub, retry: RETRY, consumers: consumers.map((each) => ({ ...each, url: urlOf(each.name) })) });
  client = await clientOf({ project: PROJECT, ...emulators, router: router.host, functions });
  closing.push(() => client.close());
});
after(async () => { for (const close of closing.toReversed()) await close(); });

const settled = async (pairs) => assert.deepEqual(await client.unacknowledged(pairs, SETTLED_WITHIN_MS), [], 'not acknowledged');

async function restarted(worker) {
  const { urls } = processes.get(worker);
  const ports = { [worker]: Number(new URL(urls[worker]).port) };
  processes.set(worker, await parts.functionsProcess([worker], { ...emulators, ports }));
}

/** Which workers have done their part of a registration. */
async function done(registration) {
  const documents = await client.documents();
  return WORKERS.filter((worker) => {
    const { path, says } = PARTS[worker](registration);
    const found = documents.get(path) ?? {};
    return Object.entries(says).every(([name, value]) => found[name] === value);
  });
}

/** The checks that were asked for since the last time: [[customer, cycle]]. */
async function requested() {
  const messages = await pulled(subscriber, requests);
  return messages.map(({ data, orderingKey }) => [orderingKey, JSON.parse(data).data.cycle]);
}

WORKERS.forEach((worker, index) => {
  test(`while ${worker} is dead, the other three do their part of a registration, and it does its own when it is back`, async () => {
    const [subject, leadId] = [uuid('a', index), uuid('b', index)];
    await settled(await client.publish('leads', [message(leadCreated({ number: 10 + index, subject: leadId }))]));
    const registration = registered({ number: 20 + index, subject });
    registration.data.leadId = leadId;

    await processes.get(worker).end('SIGKILL');
    const pairs = await client.publish('user-onboarding', [message(registration)]);
    const isDead = ({ consumer }) => consumer === worker;
    assert.deepEqual(pairs.map(({ consumer }) => consumer).sort(), [...WORKERS].sort());
    await settled(pairs.filter((pair) => !isDead(pair)));
    assert.deepEqual(await done(registration), WORKERS.filter((name) => name !== worker));

    await restarted(worker);
    await settled(pairs.filter(isDead));
    assert.deepEqual(await done(registration), WORKERS);
    assert.deepEqual(await requested(), [[subject, 1]]);
  });
});
