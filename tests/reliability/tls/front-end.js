// A front end like Google's: TLS and HTTP/2 towards the caller, which sends a bearer token with each call, and behind it a
// gRPC server without TLS, such as an emulator. A call that the test's `judge` refuses isn't forwarded.

import { once } from 'node:events';
import http2 from 'node:http2';
import { connectUpstream } from '../../../local/faults/upstream.js';

/**
 * `judge({path, token})` says what becomes of a call: nothing and it goes through, or `{status, message, afterMs}` of gRPC, or
 * `{httpStatus}`, or `{isSilent: true}`. Answers `{host, port, calls, connections(), goAway(), stop()}`; `calls` has of each the
 * path, the token, and how long the caller waits.
 */
export async function startFrontEnd({ identity, behind, judge = () => undefined, port = 0 }) {
  const calls = [];
  const sockets = new Set();
  const sessions = new Set();
  let connections = 0;
  const upstream = connectUpstream(behind);
  const server = http2.createSecureServer({ ...identity, ALPNProtocols: ['h2'] });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    connections += 1;
    sessions.add(session);
    session.on('error', () => {});
    session.once('close', () => sessions.delete(session));
  });
  // A caller that doesn't trust the certificate hangs up.
  server.on('tlsClientError', () => {});
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const call = {
      path: headers[':path'],
      token: headers.authorization?.replace(/^Bearer /, ''),
      timeoutMs: Number(/^(\d+)m$/.exec(headers['grpc-timeout'])?.[1]),
    };
    calls.push(call);
    const verdict = judge(call);
    if (verdict === undefined) upstream.forward(stream, { ...headers, ':scheme': 'http', authorization: 'Bearer owner' });
    else setTimeout(() => refuse(stream, verdict), verdict.afterMs ?? 0);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    host: `localhost:${server.address().port}`,
    port: server.address().port,
    calls,
    connections: () => connections,
    /** As a server does before it is replaced: what runs may end, nothing new is taken. */
    async goAway() {
      const open = [...sessions];
      await Promise.all(open.map((session) => {
        const closed = once(session, 'close');
        session.close();
        return closed;
      }));
    },
    async stop() {
      upstream.close();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(stream, { status, message, httpStatus, isSilent }) {
  stream.resume();
  if (isSilent || stream.destroyed) return;
  if (httpStatus !== undefined) {
    stream.respond({ ':status': httpStatus, 'content-type': 'text/html' });
    stream.end(`<html><body>${httpStatus}</body></html>`);
    return;
  }
  const answered = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': status, 'grpc-message': encodeURIComponent(message) };
  stream.respond(answered, { endStream: true });
}
