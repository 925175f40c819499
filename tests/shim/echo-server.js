// A gRPC server on loopback that knows bytes only, for the tests of the transport. What it does is in the path.

import grpc from '@grpc/grpc-js';

const asItIs = (bytes) => bytes;
const method = (path, kind) => ({
  path,
  requestStream: kind === 'bidi',
  responseStream: kind !== 'unary',
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
});

const service = {
  unary: method('/probe.Echo/Unary', 'unary'),
  stream: method('/probe.Echo/Stream', 'serverStream'),
  bidi: method('/probe.Echo/Bidi', 'bidi'),
  appendRows: method('/probe.Echo/AppendRows', 'bidi'),
  once: method('/probe.Echo/Once', 'bidi'),
  seldom: method('/probe.Echo/Seldom', 'bidi'),
  picky: method('/probe.Echo/Picky', 'bidi'),
  refuse: method('/probe.Echo/Refuse', 'unary'),
  breakOff: method('/probe.Echo/BreakOff', 'serverStream'),
  never: method('/probe.Echo/Never', 'unary'),
};

/** Answers `{host, seen, close}`; `seen` has the metadata of each call. */
export async function startEchoServer() {
  const seen = [];
  const noticed = (call) => seen.push(call.metadata.getMap());
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(service, {
    unary(call, answer) {
      noticed(call);
      answer(null, call.request);
    },
    stream(call) {
      noticed(call);
      for (let copy = 0; copy < 3; copy += 1) call.write(call.request);
      call.end();
    },
    bidi(call) {
      noticed(call);
      call.on('data', (message) => call.write(message));
      call.on('end', () => call.end());
    },
    appendRows(call) {
      call.on('data', (message) => {
        noticed(call);
        call.write(message);
      });
      call.on('end', () => call.end());
    },
    once(call) {
      noticed(call);
      call.once('data', (message) => {
        call.write(message);
        call.end();
      });
      call.resume();
    },
    seldom(call) {
      noticed(call);
      call.on('data', (message) => message[0] > 0 && call.write(message));
      call.on('end', () => call.end());
      call.on('error', () => {}); // Who waits in vain leaves.
    },
    picky(call) {
      noticed(call);
      let isOver = false; // What is answered behind the status would hold up the status.
      call.on('data', (message) => {
        if (isOver) return;
        isOver = message[0] === 0;
        if (!isOver) call.write(message);
        else call.emit('error', { code: grpc.status.INVALID_ARGUMENT, details: 'a nought' });
      });
      call.on('end', () => call.end());
    },
    refuse(call, answer) {
      noticed(call);
      answer({ code: grpc.status.FAILED_PRECONDITION, details: 'the stored version does not match' });
    },
    breakOff(call) {
      noticed(call);
      call.write(call.request);
      call.emit('error', { code: grpc.status.ABORTED, details: 'broken off' });
    },
    never(call) {
      noticed(call);
    },
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { host: `127.0.0.1:${port}`, seen, close: () => server.forceShutdown() };
}
