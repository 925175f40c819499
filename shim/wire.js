'use strict';

// The transport: bytes to a gRPC endpoint and bytes back. The one file that knows grpc-js; what the bytes mean is known in
// the Wasm alone. Nor does this file retry: when to do so is decided there, too.

const grpc = require('@grpc/grpc-js');

const TARGETS = {
  firestore: { address: 'firestore.googleapis.com:443', emulatorSetting: 'FIRESTORE_EMULATOR_HOST' },
  pubsub: { address: 'pubsub.googleapis.com:443', emulatorSetting: 'PUBSUB_EMULATOR_HOST' },
};

// Kinds of calls. One request, any number of answers and a status are what they all come to here, so all are done alike.
const KINDS = ['unary', 'serverStream', 'bidi'];

const OPTIONS = {
  'grpc.enable_retries': 0,
  // No counting of calls for gRPC's own introspection, which nobody asks.
  'grpc.enable_channelz': 0,
  // No lookups of TXT records, which is where a service could ask for retries of its own.
  'grpc.service_config_disable_resolution': 1,
  // Some documents of 1 MiB each may come in one message.
  'grpc.max_receive_message_length': 32 * 1024 * 1024,
};

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
      if (!KINDS.includes(step.call)) return failure(grpc.status.INTERNAL, `no such kind of call: ${step.call}`);
      const { channel, token } = endpoint(step.target);
      const metadata = metadataOf(step.metadata);
      try {
        metadata.set('authorization', `Bearer ${await token()}`);
      } catch (error) {
        // Not UNAUTHENTICATED, which would be final: the next try may well get a token.
        return failure(grpc.status.UNAVAILABLE, error.message);
      }
      return await answerOf(channel.createCall(step.path, deadline, null, null, null), metadata, step.bytes);
    } catch (error) {
      return failure(grpc.status.INTERNAL, error.message);
    }
  }

  function close() {
    for (const { channel } of endpoints.values()) channel.close();
    endpoints.clear();
  }

  return { call, close };
}

function connected({ address, emulatorSetting }, env, accessToken) {
  const emulator = env[emulatorSetting];
  if (emulator) {
    return { channel: new grpc.Channel(emulator, grpc.credentials.createInsecure(), OPTIONS), token: async () => 'owner' };
  }
  return { channel: new grpc.Channel(address, grpc.credentials.createSsl(), OPTIONS), token: accessToken };
}

function metadataOf(entries) {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
}

/**
 * Sends the one message and gathers the answers until the status, which always comes last. This is the layer below
 * grpc.Client, whose stream objects, interceptors and stack traces would cost a tenth of a delivery and are not needed.
 */
function answerOf(call, metadata, bytes) {
  return new Promise((resolve) => {
    const messages = [];
    call.start(metadata, {
      onReceiveMetadata() {},
      onReceiveMessage(message) {
        messages.push(message);
        call.startRead();
      },
      onReceiveStatus({ code, details }) {
        resolve({ messages, status: code, detail: details });
      },
    });
    call.startRead();
    call.sendMessageWithContext({}, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    call.halfClose();
  });
}

function failure(status, detail) {
  return { messages: [], status, detail };
}

module.exports = { openWire };
