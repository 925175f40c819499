'use strict';

// The transport: bytes to a gRPC endpoint and bytes back. The one file that knows grpc-js; what the bytes mean is known in
// the Wasm alone. Nor does this file retry: when to do so is decided there, too.

const grpc = require('@grpc/grpc-js');

const TARGETS = {
  firestore: { address: 'firestore.googleapis.com:443', emulatorSetting: 'FIRESTORE_EMULATOR_HOST' },
  pubsub: { address: 'pubsub.googleapis.com:443', emulatorSetting: 'PUBSUB_EMULATOR_HOST' },
};

const OPTIONS = {
  'grpc.enable_retries': 0,
  // No lookups of TXT records, which is where a service could ask for retries of its own.
  'grpc.service_config_disable_resolution': 1,
  // Some documents of 1 MiB each may come in one message.
  'grpc.max_receive_message_length': 32 * 1024 * 1024,
};

const asBuffer = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asItIs = (bytes) => bytes;

/**
 * A function that does one rpc: `{target, path, call, timeoutMs, metadata, bytes}` -> `{messages, status, detail}`. It never
 * throws: whatever goes wrong is a gRPC status. `accessToken` is asked before each call that doesn't go to an emulator.
 */
function openWire({ env = process.env, accessToken }) {
  const endpoints = new Map();

  function endpoint(name) {
    if (!endpoints.has(name)) endpoints.set(name, connected(TARGETS[name], env, accessToken));
    return endpoints.get(name);
  }

  async function call(step) {
    const deadline = Date.now() + step.timeoutMs;
    try {
      if (!Object.hasOwn(TARGETS, step.target)) return failure(grpc.status.UNIMPLEMENTED, `no such target: ${step.target}`);
      const { client, token } = endpoint(step.target);
      const metadata = metadataOf(step.metadata);
      try {
        metadata.set('authorization', `Bearer ${await token()}`);
      } catch (error) {
        // Not UNAUTHENTICATED, which would be final: the next try may well get a token.
        return failure(grpc.status.UNAVAILABLE, error.message);
      }
      return await answerOf(started(client, step, metadata, { deadline }));
    } catch (error) {
      return failure(grpc.status.INTERNAL, error.message);
    }
  }

  function close() {
    for (const { client } of endpoints.values()) client.close();
    endpoints.clear();
  }

  return { call, close };
}

function connected({ address, emulatorSetting }, env, accessToken) {
  const emulator = env[emulatorSetting];
  if (emulator) {
    return { client: new grpc.Client(emulator, grpc.credentials.createInsecure(), OPTIONS), token: async () => 'owner' };
  }
  return { client: new grpc.Client(address, grpc.credentials.createSsl(), OPTIONS), token: accessToken };
}

function metadataOf(entries) {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
}

/** The call, begun: a readable stream of messages that ends with a status. */
function started(client, { call, path, bytes }, metadata, options) {
  switch (call) {
    // A unary call is a server stream of one message on the wire, and read as such there is one way to read them all.
    case 'unary':
    case 'serverStream':
      return client.makeServerStreamRequest(path, asBuffer, asItIs, bytes, metadata, options);
    case 'bidi': {
      const stream = client.makeBidiStreamRequest(path, asBuffer, asItIs, metadata, options);
      stream.write(bytes);
      stream.end();
      return stream;
    }
    default:
      throw new Error(`no such kind of call: ${call}`);
  }
}

/** All messages and the status. Both ends are waited for, since the status may overtake the last message. */
function answerOf(stream) {
  return new Promise((resolve) => {
    const messages = [];
    let status = null;
    let hasEnded = false;
    const settleOnce = () => {
      if (status !== null && hasEnded) resolve({ messages, status: status.code, detail: status.details });
    };
    stream.on('data', (message) => messages.push(message));
    stream.on('end', () => {
      hasEnded = true;
      settleOnce();
    });
    stream.on('status', (received) => {
      status = received;
      settleOnce();
    });
    // What it says, the status says too.
    stream.on('error', () => {});
  });
}

function failure(status, detail) {
  return { messages: [], status, detail };
}

module.exports = { openWire };
