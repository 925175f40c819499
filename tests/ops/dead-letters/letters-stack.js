// A stack of the real functions, letters in its Firestore, and the command as an operator would call it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pubsubClients } from '../../../local/pubsub.js';
import { messagesHeld, routerState } from '../../../local/router/client.js';
import { startStack } from '../../../local/stack.js';
import { readFunctions } from '../../../manifest/functions.js';
import { subscriptionName, topicName } from '../../../manifest/names.js';
import { deadLetters } from '../../../ops/dead-letters/letters.js';
import { openTarget } from '../../../ops/target.js';
import { letterId } from '../../stack/documents.js';
import { pulled } from '../../stack/pulled.js';
import { until } from '../../stack/until.js';
import { startCommand } from '../command.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const COMMAND = join(ROOT, 'ops', 'dead-letters', 'main.js');
const ALL_TOPICS = ['user-onboarding', 'kyc', 'payments', 'user-lifecycle', 'leads', 'operations', 'replays'];

export async function lettersStack() {
  const stateDir = mkdtempSync(join(tmpdir(), 'boma-letters-'));
  const own = await startStack({ project: 'demo-letters', dist: join(ROOT, 'dist'), stateDir, isWatched: false });
  const target = await openTarget({ stateDir });
  const { firestore, publisher, project, database, options } = target;
  const store = deadLetters({ client: firestore, database, options, stopped: new AbortController().signal });
  const root = `${database}/documents`;

  const stack = {
    target, store, own, stateDir,
    /** `{path: fields}` of the protocol's own values, without preconditions. */
    async put(documents) {
      const writes = Object.entries(documents).map(([path, fields]) => ({ update: { name: `${root}/${path}`, fields } }));
      for (let from = 0; from < writes.length; from += 500) await firestore.commit({ database, writes: writes.slice(from, from + 500) }, options);
    },
    async get(path) {
      for await (const { found } of firestore.batchGetDocuments({ database, documents: [`${root}/${path}`] }, options)) {
        if (found) return plain(found);
      }
      return undefined;
    },
    /** Every document there is, as JSON by path. */
    async everything() {
      const all = {};
      const stream = firestore.runQuery({ parent: root, structuredQuery: { from: [{ allDescendants: true }] } }, options);
      for await (const { document } of stream) if (document) all[document.name.slice(root.length + 1)] = JSON.stringify(document);
      return all;
    },
    publish: (topic, event) => publisher.publish({
      topic: topicName(project, topic),
      messages: [{ data: bodyOf(event), attributes: { 'content-type': 'application/cloudevents+json', ...(event.type && { type: event.type }) }, ...(event.subject && { orderingKey: event.subject }) }],
    }),
    /** The router has nothing, nor is anything on its way to it: what is published and not pulled yet, only its record tells of. */
    idle: () => until('the stack is idle', async () => {
      return messagesHeld(await routerState(own.stack.router)) === 0 && unheard(await stack.everything()).length === 0;
    }),
    ...commands(stateDir),
    ...watching({ project, host: own.stack.pubsub }),
    async stop() {
      await target.close();
      await own.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
  return stack;
}

/** The follow-ups that some function here hears, and that none has a record of. */
function unheard(all) {
  const { functions } = readFunctions(join(ROOT, 'dist'));
  const isHeard = (consumer) => {
    const { publishes = {} } = functions.find(({ name }) => name === consumer) ?? {};
    return Object.entries(publishes).some(([topic, types]) => functions.some(({ topics = {} }) => types.some((type) => topics[topic]?.includes(type))));
  };
  const records = Object.entries(all).filter(([path]) => path.startsWith('processed_events/'));
  const handled = new Set(records.map(([path]) => path.slice(path.indexOf('.') + 1)));
  return records.map(([, json]) => JSON.parse(json).fields)
    .filter(({ consumer }) => isHeard(consumer.stringValue))
    .flatMap(({ outgoingIds }) => (outgoingIds?.arrayValue.values ?? []).map(({ stringValue }) => stringValue))
    .filter((id) => !handled.has(id));
}

function commands(stateDir) {
  /** Starts `npm run dead-letters -- ...args`; see startCommand. */
  function started(...args) {
    // A letter that is never settled shall fail its test in one minute, not in five.
    const hurry = args[0] === 'replay' && !args.includes('--no-wait') && !args.includes('--settle-within') ? ['--settle-within', '60'] : [];
    return startCommand(COMMAND, [...args, ...hurry], { stateDir });
  }
  return { started, command: (...args) => started(...args).ended };
}

// A listener of our own on every topic: what was published, when and with which attributes.
function watching({ project, host }) {
  return {
    async watch(name) {
      const { subscriber } = pubsubClients({ project, host });
      const subscriptions = ALL_TOPICS.map((topic) => ({ name: subscriptionName(project, `watch-${name}`, topic), topic }));
      for (const each of subscriptions) await subscriber.createSubscription({ name: each.name, topic: topicName(project, each.topic), ackDeadlineSeconds: 60 });
      return {
        /** What wasn't answered before: [{ topic, key, attributes, body, publishedMs }], oldest first. */
        async published() {
          const messages = [];
          for (const { name: subscription, topic } of subscriptions) {
            for (const message of await pulled(subscriber, subscription)) {
              messages.push({
                topic, key: message.orderingKey, attributes: message.attributes, body: message.data,
                publishedMs: Number(message.publishTime.seconds) * 1000 + message.publishTime.nanos / 1e6,
              });
            }
          }
          return messages.sort((a, b) => a.publishedMs - b.publishedMs);
        },
        close: () => subscriber.close(),
      };
    },
  };
}

export const bodyOf = (event) => Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));

/** A letter as a function would have filed it: { path, id, fields }. */
export function letterOf(consumer, from, { kind = 'EXHAUSTED', status = 'OPEN', reason = 'out of attempts', receivedMs = Date.now(), truncated = false, replays = 0, ...others } = {}) {
  const body = bodyOf(from);
  const id = letterId(consumer, body);
  const text = (value) => ({ stringValue: value });
  const known = { eventId: from.id, type: from.type, subject: from.subject, ...others };
  return {
    id, path: `dead_letters/${id}`,
    fields: {
      consumer: text(consumer), kind: text(kind), status: text(status), reason: text(reason), body: { bytesValue: body },
      bodyBytes: { integerValue: String(body.length) }, truncated: { booleanValue: truncated },
      receivedAt: { timestampValue: { seconds: String(Math.floor(receivedMs / 1000)), nanos: Math.round((receivedMs % 1000) * 1e6) } },
      replays: { integerValue: String(replays) },
      ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined).map(([name, value]) => [name, text(value)])),
    },
  };
}

export const asDocuments = (letters) => Object.fromEntries(letters.map(({ path, fields }) => [path, fields]));

// A document as plain values, as far as these tests look at them.
function plain({ fields, updateTime }) {
  const value = (each) => {
    if (each.valueType === 'integerValue') return Number(each.integerValue);
    if (each.valueType === 'mapValue') return Object.fromEntries(Object.entries(each.mapValue.fields).map(([name, inner]) => [name, value(inner)]));
    return each[each.valueType];
  };
  return {
    ...Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, value(each)])),
    updatedMs: Number(updateTime.seconds) * 1000 + updateTime.nanos / 1e6,
  };
}
