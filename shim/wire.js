'use strict';

// The transport: bytes to a gRPC endpoint and bytes back. Only the Wasm knows the meaning of the bytes, and only the Wasm decides about
// retries, with two exceptions that can't make a service do something twice: a call that it hasn't looked at, and a token that it refused,
// because the Wasm knows neither connections nor tokens.

const { endpointNamed } = require('./config.js');
const { RESET } = require('./connection.js');
const { Endpoint, NoConnection } = require('./endpoint.js');
const { framed } = require('./grpc-frames.js');
const { STATUS } = require('./grpc-status.js');
const { listenTo } = require('./grpc-stream.js');
const { KeptStream } = require('./kept-stream.js');
const { unreachable } = require('./unreachable.js');

const { OK, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, UNAUTHENTICATED } = STATUS;

const TARGETS = {
  firestore: { usual: 'firestore.googleapis.com:443', setting: 'FIRESTORE_ENDPOINT', emulatorSetting: 'FIRESTORE_EMULATOR_HOST' },
  bigquery: { usual: 'bigquerystorage.googleapis.com:443', setting: 'BIGQUERY_STORAGE_ENDPOINT', emulatorSetting: 'BIGQUERY_STORAGE_EMULATOR_HOST' },
  pubsub: { usual: 'pubsub.googleapis.com:443', setting: 'PUBSUB_ENDPOINT', emulatorSetting: 'PUBSUB_EMULATOR_HOST' },
};

// Kinds of calls. Of the first two each is one request, any number of answers and a status, so they are made alike. Those of the last
// share a stream that is kept.
const KINDS = ['unary', 'serverStream', 'bidi'];

const AGENT = 'grpc-node-http2/1';

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
      return told(place, answer);
    } catch (error) {
      // Not UNAUTHENTICATED, which would be final: the next try may well get a token.
      return failure(error instanceof NoToken ? UNAVAILABLE : INTERNAL, error.message);
    }
  }

  function close() {
    for (const place of places.values()) place.endpoint?.close();
  }

  return { call, close };
}

/** Where each target is, how it is connected to, and its endpoint, once it was called. */
function placesOf(env, accessToken) {
  const emulatorsToken = async () => 'owner';
  const realToken = (refused) => accessToken(refused).catch((error) => {
    throw new NoToken(error.message);
  });
  const placeOf = ({ usual, setting, emulatorSetting }) => {
    const address = endpointNamed(setting, usual, env);
    const emulator = env[emulatorSetting];
    return emulator
      ? { address: emulator, isSecure: false, env, token: emulatorsToken, endpoint: null, kept: new Map() }
      : { address, isSecure: true, env, token: realToken, endpoint: null, kept: new Map() };
  };
  return new Map(Object.entries(TARGETS).map(([name, target]) => [name, placeOf(target)]));
}

function endpointOf(place) {
  place.endpoint ??= new Endpoint(place.address, place);
  return place.endpoint;
}

function headersOf(path, entries, token, deadline) {
  const headers = {
    ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc', 'user-agent': AGENT,
    'grpc-accept-encoding': 'identity', authorization: `Bearer ${token}`,
  };
  if (deadline !== null) headers['grpc-timeout'] = `${Math.max(1, deadline - Date.now())}m`;
  for (const name in entries) {
    // Node looks at names alone. A line break would end the connection, for all that is on it.
    if (!/^[\x20-\x7e]*$/.test(entries[name])) throw new Error(`metadata ${name}: not printable ASCII`);
    headers[name] = entries[name];
  }
  return headers;
}

/** One request, the answers and the status. A call that the service hasn't looked at goes to it again, once. */
async function sent(place, step, token, deadline) {
  const answer = await sentOnce(place, step, token, deadline);
  return answer.isUnseen ? sentOnce(place, step, token, deadline) : answer;
}

async function sentOnce(place, { path, metadata: entries, bytes }, token, deadline) {
  const endpoint = endpointOf(place);
  let connection;
  try {
    while ((connection = endpoint.take()) === null) await endpoint.untilReady(deadline);
  } catch (error) {
    if (error instanceof NoConnection) return failure(error.status, error.message);
    throw error;
  }
  return exchanged(endpoint, connection, streamOn(connection, headersOf(path, entries, token, deadline)), bytes, deadline);
}

/** On a connection that is held, which is given back if there is no stream. */
function streamOn(connection, headers) {
  try {
    return connection.request(headers);
  } catch (error) {
    connection.release();
    throw error;
  }
}

function exchanged(endpoint, connection, stream, bytes, deadline) {
  const sentAtMs = Date.now();
  return new Promise((resolve) => {
    const messages = [];
    const timer = setTimeout(() => {
      endpoint.leaveIfSilent(connection, sentAtMs);
      resolve(failure(DEADLINE_EXCEEDED, `it did not answer in time (${(deadline - sentAtMs) / 1_000}s)`));
      stream.close(RESET.CANCEL);
    }, deadline - sentAtMs);
    listenTo(stream, connection, {
      onMessage: (message) => messages.push(message),
      onEnd({ status, detail, isUnseen }) {
        clearTimeout(timer);
        resolve({ messages, status, detail, isUnseen });
      },
    });
    stream.end(framed(bytes));
  });
}

/** On the stream that is kept for the like of it. One that ended of itself meanwhile is followed by another, once. */
async function sentOnKept(place, step, token, deadline) {
  let answer = await askedOnKept(place, step, token, deadline);
  if (answer.isUntold) answer = await askedOnKept(place, step, token, deadline);
  return answer;
}

async function askedOnKept(place, step, token, deadline) {
  const sentAtMs = Date.now();
  const endpoint = endpointOf(place);
  let stream;
  try {
    while ((stream = keptStream(place, endpoint, step, token)) === null) await endpoint.untilReady(deadline);
  } catch (error) {
    if (error instanceof NoConnection) return failure(error.status, error.message);
    throw error;
  }
  const answer = await stream.ask(step.bytes, deadline - Date.now());
  if (answer.status === DEADLINE_EXCEEDED) endpoint.leaveIfSilent(stream.connection, sentAtMs);
  return answer;
}

/** A new token makes a new stream: a stream is only as good as the token that it was opened with. Null where there is no connection yet. */
function keptStream(place, endpoint, { path, metadata: entries }, token) {
  let name = path;
  for (const key in entries) name += `\n${key}\n${entries[key]}`;
  const kept = place.kept.get(name);
  if (kept?.stream.isFree && kept.token === token) return kept.stream;
  const headers = headersOf(path, entries, token, null);
  const connection = endpoint.take();
  if (connection === null) return null;
  kept?.stream.end();
  const stream = keptOn(connection, headers);
  place.kept.set(name, { stream, token });
  return stream;
}

function keptOn(connection, headers) {
  try {
    return new KeptStream(connection, headers);
  } catch (error) {
    connection.release();
    throw error;
  }
}

/** As the Wasm and the log are told of it. */
function told({ address }, { messages, status, detail }) {
  if (status === OK) return { messages, status, detail };
  return { messages, status, detail: status === UNAVAILABLE || status === DEADLINE_EXCEEDED ? unreachable(address, detail) : detail };
}

function failure(status, detail) {
  return { messages: [], status, detail };
}

module.exports = { openWire };
