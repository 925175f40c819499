// What events for unknown customers cost others: a bystander's payments one by one, at first undisturbed, and then beside a flood of
// events that are all filed. Prints the bystander's latencies, how long the flood took, and its function time.
//
//   node bench/waiting.js [--flood 2000] [--seconds 30]
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pubsubClients } from '../local/pubsub.js';
import { listen } from '../local/router/client.js';
import { startStack } from '../local/stack.js';
import { topicName } from '../manifest/names.js';

const ANOTHER_EVERY_MS = 50;
const AT_ONCE = 500;
const PROJECT = 'demo-waiting';

const { values } = parseArgs({ options: { flood: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '30' } } });
const [FLOOD, SECONDS] = [Number(values.flood), Number(values.seconds)];

const event = (type, subject, data) => ({ specversion: '1.0', id: randomUUID(), source: '//bench', type, subject, time: new Date().toISOString(), data });
const paid = (subject) => event('PaymentReceived', subject, { transactionId: randomUUID(), amount: '7.00', currency: 'EUR', method: 'TRANSFER' });
const registered = (subject) => event('UserRegistered', subject, { email: 'ada@example.com', fullName: 'Ada L', country: 'CZ', region: 'Praha' });

const stateDir = mkdtempSync(join(tmpdir(), 'boma-waiting-'));
const own = await startStack({ project: PROJECT, dist: fileURLToPath(new URL('../dist', import.meta.url)), stateDir });
const { publisher, subscriber } = pubsubClients({ project: PROJECT, host: own.stack.pubsub });
const acked = new Map(); // event id -> its notice at payments or profile
const listener = listen(own.stack.router, (notice) => {
  if (notice.acked && ['payments', 'profile'].includes(notice.consumer)) acked.set(notice.eventId, notice);
});
await listener.opened;

const publish = (topic, events) => publisher.publish({
  topic: topicName(PROJECT, topic),
  messages: events.map((each) => ({ data: Buffer.from(JSON.stringify(each)), orderingKey: each.subject, attributes: { type: each.type } })),
});

async function settled(events) {
  while (!events.every(({ id }) => acked.has(id))) await wait(20);
  return events.map(({ id }) => acked.get(id));
}

/** Payments of one customer, one after the other, for so long. */
async function bystander(subject) {
  const sent = [];
  const untilMs = Date.now() + SECONDS * 1_000;
  while (Date.now() < untilMs) {
    const payment = paid(subject);
    sent.push(payment);
    await publish('payments', [payment]);
    await wait(ANOTHER_EVERY_MS);
  }
  return (await settled(sent)).map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
}

async function flood() {
  const events = Array.from({ length: FLOOD }, () => paid(randomUUID()));
  const beganMs = Date.now();
  for (let from = 0; from < FLOOD; from += AT_ONCE) await publish('payments', events.slice(from, from + AT_ONCE));
  const notices = await settled(events);
  return { tookMs: Date.now() - beganMs, notices };
}

const at = (sorted, share) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] * 10) / 10;
const told = (name, sorted) => console.log(`${name.padEnd(22)} ${sorted.length} payments: p50 ${at(sorted, 0.5)} ms, p95 ${at(sorted, 0.95)} ms, p99 ${at(sorted, 0.99)} ms`);

try {
  const subject = randomUUID();
  const registration = registered(subject);
  await publish('user-onboarding', [registration]);
  await settled([registration]);
  await bystander(subject); // Once for nothing: caches, connections.
  told('undisturbed', await bystander(subject));
  const [beside, { tookMs, notices }] = await Promise.all([bystander(subject), flood()]);
  told(`beside ${FLOOD} that wait`, beside);
  const functionMs = notices.reduce((sum, { ms }) => sum + ms, 0);
  const waited = notices.filter(({ ms }) => ms > 900).length;
  console.log(`the flood was filed within ${tookMs} ms: ${Math.round(functionMs / FLOOD)} ms of function time each, ${waited} of them waited`);
} finally {
  listener.close();
  await Promise.all([publisher.close(), subscriber.close()]);
  await own.stop();
  rmSync(stateDir, { recursive: true });
}
