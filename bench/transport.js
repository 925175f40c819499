// The transport beside grpc-js's channel, called the leanest way: CPU of a process to its first answer, and per call afterwards.
//
//   node bench/transport.js [--rounds 7] [--calls 3000]
//
// Both ask the same server, which is in a process of its own and sends back what comes. By turns, so that what else runs on the machine falls
// on both alike; medians. Each is in a process of its own, without TLS and tokens.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { deployedNode } from '../tests/stack/deployed-node.js';
import { median } from './warehouse/figures.js';

const SELF = fileURLToPath(import.meta.url);
const BYTES = Buffer.alloc(600, 7); // A row of a table, or a short document.
const TIMEOUT_MS = 10_000;
const METADATA = { 'x-goog-request-params': 'database=projects/p/databases/d' };
const MODES = [['one request, alone', 'unary', 1], ['one request, 16 at once', 'unary', 16], ['kept stream, alone', 'bidi', 1], ['kept stream, 16 at once', 'bidi', 16]];

const roles = { server, ours: () => client(oursOf), theirs: () => client(theirsOf) };
const [, , role] = process.argv;
await (roles[role] ?? measure)();

async function server() {
  const { startEchoServer } = await import('../tests/shim/echo-server.js');
  process.send((await startEchoServer()).host);
}

/** Does what it is asked for and says how much CPU that took; first one call, and what the process has taken until its answer. */
async function client(callsOf) {
  const [, , , host] = process.argv;
  const call = callsOf(createRequire(import.meta.url), host);
  await call('unary');
  process.send(cpuMs());
  process.on('message', async ({ kind, atOnce, calls }) => {
    const before = cpuMs();
    let left = calls;
    await Promise.all(Array.from({ length: atOnce }, async () => {
        while (left > 0) {
        left -= 1;
        await call(kind);
      }
    }));
    process.send((cpuMs() - before) / calls);
  });
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function oursOf(require, host) {
  const wire = require('../shim/wire.js').openWire({ env: { FIRESTORE_EMULATOR_HOST: host } });
  return async (kind) => {
    const path = kind === 'bidi' ? '/probe.Echo/Bidi' : '/probe.Echo/Unary';
    checked(await wire.call({ target: 'firestore', path, call: kind, timeoutMs: TIMEOUT_MS, metadata: METADATA, bytes: BYTES }));
  };
}

/** A channel and its calls, without grpc-js's client, streams and interceptors; the stream is kept, and its answers come in order. */
function theirsOf(require, host) {
  const grpc = require('@grpc/grpc-js');
  const options = { 'grpc.enable_retries': 0, 'grpc.enable_channelz': 0, 'grpc.service_config_disable_resolution': 1 };
  const channel = new grpc.Channel(host, grpc.credentials.createInsecure(), options);
  const metadata = () => {
    const entries = new grpc.Metadata();
    for (const [name, value] of Object.entries({ ...METADATA, authorization: 'Bearer owner' })) entries.set(name, value);
    return entries;
  };
  const begun = (path, deadline, onMessage, onStatus) => {
    const call = channel.createCall(path, deadline, null, null, null);
    call.start(metadata(), {
      onReceiveMetadata() {},
      onReceiveMessage(message) {
        onMessage(message);
        call.startRead();
      },
      onReceiveStatus: onStatus,
    });
    call.startRead();
    return call;
  };
  const waiting = [];
  let kept;
  let unsent = 0;
  let isSending = false;
  // A call has a place for one message, until it is on its way.
  const sendNext = (more = 1) => {
    unsent += more;
    if (isSending || unsent === 0) return;
    isSending = true;
    unsent -= 1;
    kept.sendMessageWithContext({ callback() {
      isSending = false;
      sendNext(0);
    } }, BYTES);
  };
  return (kind) => new Promise((resolve) => {
    if (kind === 'bidi') {
      kept ??= begun('/probe.Echo/Bidi', Infinity, (message) => waiting.shift()(message), () => {});
      waiting.push(resolve);
      sendNext();
      return;
    }
    const messages = [];
    const call = begun('/probe.Echo/Unary', Date.now() + TIMEOUT_MS, (message) => messages.push(message), ({ code }) => resolve(checked({ status: code, messages })));
    call.sendMessageWithContext({}, BYTES);
    call.halfClose();
  });
}

function checked({ status, messages }) {
  if (status !== 0 || messages.length !== 1 || messages[0].length !== BYTES.length) throw new Error(`a call came to status ${status}`);
}

async function measure() {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' }, calls: { type: 'string', default: '3000' } } });
  const [rounds, calls] = [Number(values.rounds), Number(values.calls)];
  const begin = async (name, ...args) => {
    const child = fork(SELF, [name, ...args], { execPath: deployedNode(), env: { PATH: process.env.PATH } });
    const [said] = await once(child, 'message');
    return { child, said };
  };
  const echo = await begin('server');
  const sides = [['shim/wire.js', 'ours'], ['@grpc/grpc-js', 'theirs']].map(([name, which]) => ({ name, which, cold: [], taken: MODES.map(() => []) }));
  for (let round = 0; round < rounds; round += 1) {
    for (const side of sides) {
      side.running?.kill();
      const { child, said } = await begin(side.which, echo.said);
      side.cold.push(said);
      side.running = child;
    }
  }
  const asked = async ({ running }, kind, atOnce, count) => {
    running.send({ kind, atOnce, calls: count });
    return (await once(running, 'message'))[0];
  };
  for (const side of sides) for (const [, kind] of MODES) await asked(side, kind, 16, calls);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, [, kind, atOnce]] of MODES.entries()) {
      for (const side of sides) side.taken[at].push(await asked(side, kind, atOnce, calls));
    }
  }
  console.log(`| CPU-ms | to the first answer | ${MODES.map(([name]) => name).join(' | ')} |`);
  console.log(`|---|---|${MODES.map(() => '---').join('|')}|`);
  for (const { name, cold, taken, running } of sides) {
    console.log(`| \`${name}\` | ${median(cold).toFixed(0)} | ${taken.map((each) => median(each).toFixed(3)).join(' | ')} |`);
    running.kill();
  }
  echo.child.kill();
}
