// A service of which each answer is written by hand, frame by frame, for what no gRPC server does by itself.

import { once } from 'node:events';
import http2 from 'node:http2';

/**
 * `onStream(stream, headers)` answers. Resolves with `{host, port, streams, sessions, taken(), close()}`: the headers of each stream that came,
 * the sessions that are open, and how many connections there were.
 */
export async function startScriptedService(onStream, { settings = {}, port = 0 } = {}) {
  const streams = [];
  const sessions = new Set();
  let taken = 0;
  const server = http2.createServer({ settings });
  server.on('session', (session) => {
    taken += 1;
    sessions.add(session);
    session.on('error', () => {});
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {}); // The caller that left it knows.
    streams.push(headers);
    onStream(stream, headers);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${server.address().port}`,
    port: server.address().port,
    streams,
    sessions,
    taken: () => taken,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

export const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

/** A message as gRPC frames it. */
export function frame(bytes, { isCompressed = false, length = bytes.length } = {}) {
  const prefix = Buffer.alloc(5);
  prefix[0] = isCompressed ? 1 : 0;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** These pieces, each in a DATA frame of its own, and then the trailers; without them the answer just ends. */
export async function answer(stream, pieces, trailers = { 'grpc-status': '0' }) {
  stream.resume();
  stream.respond(HEADERS, { waitForTrailers: trailers !== null });
  if (trailers !== null) stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  for (const piece of pieces) await new Promise((resolve) => stream.write(piece, resolve));
  stream.end();
}

/** A status alone. */
export function refuse(stream, headers) {
  stream.resume();
  stream.respond({ ...HEADERS, ...headers }, { endStream: true });
}
