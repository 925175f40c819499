// The real functions between both emulators, each thing that can come of a delivery brought about on purpose, and the log lines
// that they write about it.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { startStack } from '../../local/stack.js';
import { CALLER } from '../shim/caller-token.js';
import { startFunction } from '../shim/function-child.js';
import { PERSON, registered, uuid } from '../stack/events.js';
import { stateFolder } from '../stack/state-folder.js';
import { ROOT } from './deploying.js';
import { entryOf } from './log-filter.js';

const PROJECT = 'demo-lines';
const FUNCTIONS = ['clock', 'dead-letters', 'kyc', 'payments', 'profile', 'trial-balance'];
const LINE_WITHIN_MS = 10_000;
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const [ANNA, BELA, NOBODY] = [1, 2, 3].map((number) => uuid('a', number));
const event = (number, subject, type, data) => ({
  specversion: '1.0', id: uuid('e', number), source: '//lines/test', type, subject, time: '2026-03-01T10:00:00Z', traceparent: TRACEPARENT, data,
});
const SEVEN = { amount: '7.00', currency: 'CZK', method: 'TRANSFER' };
const paid = (number, subject, more = {}) => event(number, subject, 'PaymentReceived', { transactionId: uuid('d', number), ...SEVEN, ...more });
const poison = event(40, uuid('b', 1), 'UserInteracted', { channel: 'APP', breaks: 'decide' });

/** { name: { service, entry, others } } by what was brought about; `others` are the lines that the same request wrote beside it. */
export async function linesOfFunctions() {
  const stateDir = stateFolder();
  const dist = join(stateDir, 'dist');
  mkdirSync(dist);
  for (const name of FUNCTIONS) cpSync(join(ROOT, 'dist', name), join(dist, name), { recursive: true });
  cpSync(join(ROOT, 'dist-test', 'fragile'), join(dist, 'fragile'), { recursive: true });
  cpSync(join(ROOT, 'dist', 'topics.json'), join(dist, 'topics.json'));
  const own = await startStack({ project: PROJECT, dist, stateDir });
  try {
    return await broughtAbout(own.stack, join(stateDir, 'logs', 'functions.log'));
  } finally {
    await own.stop();
    rmSync(stateDir, { recursive: true });
  }
}

async function broughtAbout(stack, logFile) {
  const lines = {};
  const logged = () => readFileSync(logFile, 'utf8').split('\n').slice(0, -1);

  const posted = (name, service, body) => said(name, service, () => (
    fetch(stack.functions[service], { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  ));
  async function said(name, service, request) {
    const before = logged().length;
    await request();
    const giveUpAtMs = Date.now() + LINE_WITHIN_MS;
    for (;;) {
      const entries = logged().slice(before).map((line) => entryOf(line, service));
      const entry = entries.find(({ jsonPayload }) => jsonPayload.outcome !== undefined);
      if (entry) return void (lines[name] = { service, entry, others: entries.filter((each) => each !== entry) });
      if (Date.now() > giveUpAtMs) throw new Error(`${name}: ${service} wrote no line`);
      await wait(50);
    }
  }
  const delivered = (name, service, topic, message, how) => posted(name, service, push(service, topic, message, how));

  const anna = { ...registered({ number: 1, subject: ANNA }), traceparent: TRACEPARENT };
  await delivered('MALFORMED', 'profile', 'user-onboarding', { ...anna, subject: 'no id' });
  await delivered('APPLIED', 'profile', 'user-onboarding', anna);
  await delivered('DUPLICATE', 'profile', 'user-onboarding', anna, { attempt: 2 });
  await delivered('CONFLICT', 'profile', 'user-onboarding', { ...anna, data: { ...anna.data, region: 'Praha' } });
  await delivered('PASSED', 'profile', 'user-lifecycle', event(2, ANNA, 'UserActive', { version: 1 }));
  await delivered('REFUSED', 'kyc', 'operations', event(3, ANNA, 'KycReleased', { operator: 'op-1' }));
  await delivered('AWAITED', 'payments', 'payments', paid(4, NOBODY));
  await delivered('AWAITED again', 'payments', 'payments', paid(5, NOBODY), { ageMs: 120_000, attempt: 7 });
  await posted('EXHAUSTED', 'dead-letters', push('dead-letters', 'dead-letters', paid(6, ANNA), { attributes: {
    CloudPubSubDeadLetterSourceSubscription: 'payments.payments', CloudPubSubDeadLetterSourceDeliveryCount: '100',
  } }));
  await delivered('FAULT of a trap', 'fragile', 'interactions', poison);
  await delivered('CRASHED', 'fragile', 'interactions', poison, { attempt: 5 });

  await posted('FINISHED clock', 'clock', '{}');
  const [letter] = await lettersOf(stack, 'AWAITED');
  await edit(stack, `dead_letters/${letter}`, 'receivedAt', { timestampValue: new Date(Date.now() - 2 * 3_600_000).toISOString() });
  await posted('FINISHED clock, with an overdue letter', 'clock', '{}');
  await posted('FINISHED trial-balance', 'trial-balance', '{}');
  await delivered('APPLIED payment', 'payments', 'payments', paid(7, ANNA));
  await delivered('CONFLICT of a fact', 'payments', 'payments', paid(7, ANNA, { amount: '8.00' }));
  await delivered('REFUSED fact', 'payments', 'payments', paid(10, ANNA, { transactionId: uuid('d', 7), amount: '9.00' }));
  await delivered('REFUSED request', 'payments', 'payments', event(11, ANNA, 'WithdrawalRequested', { transactionId: uuid('d', 7), ...SEVEN }));
  await said('ABORTED', 'payments', () => leftEarly(stack.functions.payments));
  lines.FORBIDDEN = await forbidden();
  await edit(stack, `users/${ANNA}`, 'balances', { mapValue: { fields: {} } });
  await posted('FINISHED trial-balance, with a difference', 'trial-balance', '{}');

  await delivered('APPLIED second', 'profile', 'user-onboarding', registered({ number: 8, subject: BELA }));
  await edit(stack, `users/${BELA}`, 'kycStatus', { integerValue: '7' });
  await delivered('FAULT', 'kyc', 'kyc', event(9, BELA, 'KycSubmitted', { provider: 'sumsub' }));
  return lines;
}

/** Leaves in the middle of a body. */
async function leftEarly(url) {
  const { hostname, port, pathname } = new URL(url);
  const socket = net.connect({ host: hostname, port });
  socket.on('error', () => {});
  socket.write(`POST ${pathname} HTTP/1.1\r\nhost: f\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`);
  await wait(100);
  socket.resetAndDestroy();
}

/** A function that checks its caller, as deployed, and a request without a token. */
async function forbidden() {
  const { delivered, stop } = await startFunction({ ...CALLER, K_SERVICE: 'probe', GCE_METADATA_HOST: '127.0.0.1:9' });
  const { lines: [line] } = await delivered('echo:a', {});
  stop();
  return { service: 'probe', entry: entryOf(JSON.stringify(line), 'probe'), others: [] };
}

/** As Pub/Sub would post it. */
function push(service, topic, message, { attempt = 1, ageMs = 0, attributes = {} } = {}) {
  return JSON.stringify({
    message: {
      data: Buffer.from(JSON.stringify(message)).toString('base64'), attributes: { type: message.type, ...attributes }, messageId: message.id,
      publishTime: new Date(Date.now() - ageMs).toISOString(), orderingKey: message.subject,
    },
    subscription: `projects/${PROJECT}/subscriptions/${service}.${topic}`, deliveryAttempt: attempt,
  });
}

/** The names of the letters of this kind. */
async function lettersOf({ firestore }, kind) {
  const url = `http://${firestore}/v1/projects/${PROJECT}/databases/(default)/documents/dead_letters?mask.fieldPaths=kind`;
  const { documents } = await (await fetch(url, { headers: { authorization: 'Bearer owner' } })).json();
  return documents.filter(({ fields }) => fields.kind.stringValue === kind).map(({ name }) => name.split('/').at(-1));
}

/** A stored field as nobody of ours would write it. */
async function edit({ firestore }, path, field, value) {
  const url = `http://${firestore}/v1/projects/${PROJECT}/databases/(default)/documents/${path}?updateMask.fieldPaths=${field}`;
  const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ fields: { [field]: value } }) });
  if (!response.ok) throw new Error(await response.text());
}

/** What no line may say. */
export const PERSONAL = Object.values(PERSON);
