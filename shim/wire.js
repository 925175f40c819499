'use strict';

// The transport: bytes to a gRPC endpoint and bytes back. The one file that knows grpc-js; only the Wasm knows the
// meaning of the bytes, and only the Wasm decides about retries. The one exception is a token that was refused, because the Wasm knows
// no tokens.

const grpc = require('@grpc/grpc-js');

const { endpointNamed } = require('./config.js');
const { KeptStream } = require('./kept-stream.js');
const { unreachable } = require('./unreachable.js');

const TARGETS = {
  firestore: { usual: 'firestore.googleapis.com:443', setting: 'FIRESTORE_ENDPOINT', emulatorSetting: 'FIRESTORE_EMULATOR_HOST' },
  bigquery: { usual: 'bigquerystorage.googleapis.com:443', setting: 'BIGQUERY_STORAGE_ENDPOINT', emulatorSetting: 'BIGQUERY_STORAGE_EMULATOR_HOST' },
  pubsub: { usual: 'pubsub.googleapis.com:443', setting: 'PUBSUB_ENDPOINT', emulatorSetting: 'PUBSUB_EMULATOR_HOST' },
};

// Kinds of calls. Of the first two each is one request, any number of answers and a status, so they are made alike. Those of the last
// share a stream that is kept.
const KINDS = ['unary', 'serverStream', 'bidi'];

const OPTIONS = {
  'grpc.enable_retries': 0,
  // No counting of calls for gRPC's own introspection, which is unused.
  'grpc.enable_channelz': 0,
  // No lookups of TXT records, which is where a service could ask for retries of its own.
  'grpc.service_config_disable_resolution': 1,
  // Some documents of 1 MiB each may come in one message.
  'grpc.max_receive_message_length': 32 * 1024 * 1024,
  // After an attempt to connect that failed, calls fail at once until the next attempt, which grpc-js by itself puts off for
  // up to two minutes. But the repeats of a delivery come within 0.6 s, and it comes again after a second at the soonest: an
  // outage that is over by then shall be over for it, too.
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 500,
  // Each channel has its own connection. Else one that is made because a connection died would be given just that one, as long
  // as another function of the same process holds it.
  'grpc.use_local_subchannel_pool': 1,
};

// What is on this machine, or near it as an emulator is, isn't reached through a proxy that the environment names.
const DIRECT = { ...OPTIONS, 'grpc.enable_http_proxy': 0 };
const isLoopback = (address) => /^(localhost|127(\.\d+){3}):/.test(address);

// A call that waited this long, until its deadline, while nothing came on its connection, speaks against the connection.
const SILENT_MS = 1_000;

const { DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, UNAUTHENTICATED } = grpc.status;

/** There is no access token; the message says why. */
class NoToken extends Error {}

/**
 * A function that does one rpc: `{target, path, call, timeoutMs, metadata, bytes}` -> `{messages, status, detail}`. It never
 * throws: whatever goes wrong is a gRPC status. `accessToken` is asked before each call that doesn't go to an emulator, and
 * once more, told which token was refused, before such a call is sent a second and last time.
 */
function openWire({ env = process.env, accessToken }) {
  const places = placesOf(env, accessToken);

  async function call(step) {
    const deadline = Date.now() + step.timeoutMs;
    try {
      const place = places.get(step.target);
      if (place === undefined) return failure(UNIMPLEMENTED, `no such target: ${step.target}`);
      if (!KINDS.includes(step.call)) return failure(INTERNAL, `no such kind of call: ${step.call}`);
      const token = await place.token();
      const send = step.call === 'bidi' ? sentOnKept : sent;
      let answer = await send(place, step, token, deadline);
      // A service that doesn't know the caller has done nothing, so this can't make it do something twice.
      if (answer.status === UNAUTHENTICATED) answer = await send(place, step, await place.token(token), deadline);
      const isAnswered = answer.status !== UNAVAILABLE && answer.status !== DEADLINE_EXCEEDED;
      return isAnswered ? answer : { ...answer, detail: unreachable(place.address, answer.detail) };
    } catch (error) {
      // Not UNAUTHENTICATED, which would be final: the next try may well get a token.
      return failure(error instanceof NoToken ? UNAVAILABLE : INTERNAL, error.message);
    }
  }

  function close() {
    for (const place of places.values()) leave(place, place.connection);
  }

  return { call, close };
}

/** Where each target is, how it is connected to, and the connection, once there is one. */
function placesOf(env, accessToken) {
  const emulatorsToken = async () => 'owner';
  const realToken = (refused) => accessToken(refused).catch((error) => {
    throw new NoToken(error.message);
  });
  const placeOf = ({ usual, setting, emulatorSetting }) => {
    const address = endpointNamed(setting, usual, env);
    const emulator = env[emulatorSetting];
    return emulator
      ? { address: emulator, credentials: grpc.credentials.createInsecure, token: emulatorsToken, options: DIRECT, connection: null }
      : { address, credentials: grpc.credentials.createSsl, token: realToken, options: isLoopback(address) ? DIRECT : OPTIONS, connection: null };
  };
  return new Map(Object.entries(TARGETS).map(([name, target]) => [name, placeOf(target)]));
}

function connectionTo(place) {
  place.connection ??= { channel: new grpc.Channel(place.address, place.credentials(), place.options), heardAtMs: 0, kept: new Map() };
  return place.connection;
}

/** The next call gets a new connection. What is under way on this one may end there. */
function leave(place, connection) {
  if (connection === null || place.connection !== connection) return;
  place.connection = null;
  for (const { stream } of connection.kept.values()) stream.end();
  connection.channel.close();
}

/**
 * A peer that is gone without a word, or one that takes connections and then says nothing, would keep every later call waiting
 * as well: the kernel sends again for a quarter of an hour, and grpc-js waits for ever for a TLS handshake to end. Its
 * keepalive would cost pings that Google's servers count, and wouldn't help with a handshake.
 */
function leaveIfSilent(place, connection, sentAtMs) {
  if (Date.now() - Math.max(sentAtMs, connection.heardAtMs) >= SILENT_MS) leave(place, connection);
}

function metadataOf(entries, token) {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/**
 * Sends the one message and gathers the answers until the status, which always comes last. This is the layer below
 * grpc.Client, whose stream objects, interceptors and stack traces would cost a tenth of a delivery and are not needed.
 */
function sent(place, { path, metadata: entries, bytes }, token, deadline) {
  const metadata = metadataOf(entries, token);
  const connection = connectionTo(place);
  const call = connection.channel.createCall(path, deadline, null, null, null);
  const sentAtMs = Date.now();
  return new Promise((resolve) => {
    const messages = [];
    call.start(metadata, {
      onReceiveMetadata() {
        connection.heardAtMs = Date.now();
      },
      onReceiveMessage(message) {
        connection.heardAtMs = Date.now();
        messages.push(message);
        call.startRead();
      },
      onReceiveStatus({ code, details }) {
        if (code === DEADLINE_EXCEEDED) leaveIfSilent(place, connection, sentAtMs);
        resolve({ messages, status: code, detail: details });
      },
    });
    call.startRead();
    call.sendMessageWithContext({}, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    call.halfClose();
  });
}

/** On the stream that is kept for the like of it. One that ended of itself meanwhile is followed by another, once. */
async function sentOnKept(place, step, token, deadline) {
  const sentAtMs = Date.now();
  const connection = connectionTo(place);
  const ask = () => keptStream(connectionTo(place), step, token).ask(step.bytes, deadline - Date.now());
  let answer = await ask();
  if (answer.isUntold) answer = await ask();
  if (answer.status === DEADLINE_EXCEEDED) leaveIfSilent(place, connection, sentAtMs);
  return { messages: answer.messages, status: answer.status, detail: answer.detail };
}

/** A new token makes a new stream: a stream is only as good as the token that it was opened with. */
function keptStream(connection, { path, metadata: entries }, token) {
  const name = JSON.stringify([path, entries]);
  const kept = connection.kept.get(name);
  if (kept?.stream.isFree && kept.token === token) return kept.stream;
  kept?.stream.end();
  const onHeard = () => {
    connection.heardAtMs = Date.now();
  };
  const stream = new KeptStream(connection.channel.createCall(path, Infinity, null, null, null), metadataOf(entries, token), { codes: grpc.status, onHeard });
  connection.kept.set(name, { stream, token });
  return stream;
}

function failure(status, detail) {
  return { messages: [], status, detail };
}

module.exports = { openWire };
