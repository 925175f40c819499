// A front end like Google's: TLS and HTTP/2 towards the caller, a bearer token asked of each call, and behind it a plain gRPC
// server that does the work, such as an emulator. What it doesn't pass on is what the test's `judge` wants refused.

import { once } from 'node:events';
import http2 from 'node:http2';

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
  const far = http2.connect(`http://${behind}`);
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
    if (verdict === undefined) passOn(stream, headers, far);
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
      far.destroy();
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

function passOn(near, headers, session) {
  const far = session.request({ ...headers, ':scheme': 'http', authorization: 'Bearer owner' });
  let trailers = {};
  far.on('error', () => near.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  near.once('close', () => far.close(http2.constants.NGHTTP2_CANCEL));
  far.once('response', (answered, flags) => {
    if (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) {
      near.respond(answered, { endStream: true });
      return;
    }
    near.respond(answered, { waitForTrailers: true });
    near.once('wantTrailers', () => near.sendTrailers(trailers));
    far.pipe(near);
  });
  far.once('trailers', (received) => {
    trailers = received;
  });
  near.pipe(far);
}
