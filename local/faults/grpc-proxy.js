// A gRPC proxy without TLS, to stand before an emulator. It passes bytes, metadata and trailers on as they are, and knows of
// a call only its method. What goes wrong is up to the plan (see plan.js); and calls can be held, for as long as something
// is done to their caller.
import { once } from 'node:events';
import http2 from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import { farSide } from './far-side.js';
import { LATE, LOST, NO_FAULTS, STATUSES } from './plan.js';

const { NGHTTP2_INTERNAL_ERROR } = http2.constants;

/** Resolves with { host, hold(method, when), close() }. `target` is a host:port. */
export async function startGrpcProxy({ target, plan = NO_FAULTS }) {
  const far = farSide(target);
  const sockets = new Map(); // the caller's port -> socket
  const holds = new Set();

  const server = http2.createServer();
  server.on('connection', (socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(remotePort));
  });
  server.on('session', (session) => session.on('error', () => {}));
  server.on('stream', (near, headers) => {
    near.on('error', () => {}); // Whoever broke it knows.
    const method = headers[':path'].split('/').at(-1);
    const card = plan.decide(method);
    const isHeld = [...holds].some((hold) => hold.method === method);
    if (card || isHeld) stepByStep({ near, headers, method, card }).catch(() => near.close(NGHTTP2_INTERNAL_ERROR));
    else far.passOn(near, headers);
  });

  /** Only for calls that end: the whole request is taken in before anything happens, and the whole answer before it is given. */
  async function stepByStep({ near, headers, method, card }) {
    const request = await gathered(near);
    await whileHeld(method, 'before');
    if (near.destroyed) return; // A caller that was killed meanwhile never sent it.
    if (card?.when === 'before' && await struckDown(near, method, card)) return;
    const answer = await far.ask(headers, request);
    await whileHeld(method, 'after');
    if (near.destroyed) return;
    if (card?.when === 'after' && await struckDown(near, method, card)) return;
    give(near, answer);
  }

  /** Whether that was the end of the call. */
  async function struckDown(near, method, card) {
    plan.noteStruck(method, card);
    switch (card.fault) {
      case 'delay':
        await wait(card.delayMs);
        return near.destroyed;
      case LATE:
        if (!near.destroyed) await once(near, 'close');
        return false;
      case 'drop':
        return true;
      case 'reset':
      case LOST:
        near.close(NGHTTP2_INTERNAL_ERROR);
        return true;
      case 'cut':
        sockets.get(near.session.socket.remotePort)?.resetAndDestroy();
        return true;
      default:
        near.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': STATUSES[card.fault], 'grpc-message': `${card.fault} by plan` }, { endStream: true });
        return true;
    }
  }

  /**
   * Holds every call of the method, from now on and until `release()`: before it is passed on, or with its answer in hand.
   * `held` counts them, `reached` resolves with the first. A held call whose caller goes meanwhile goes nowhere.
   */
  function hold(method, when) {
    let release;
    let reach;
    const entry = { method, when, held: 0, reached: new Promise((resolve) => { reach = resolve; }) };
    entry.released = new Promise((resolve) => { release = resolve; });
    entry.reach = () => { entry.held += 1; reach(); };
    entry.release = () => { holds.delete(entry); release(); };
    holds.add(entry);
    return entry;
  }

  async function whileHeld(method, when) {
    const holding = [...holds].filter((entry) => entry.method === method && entry.when === when);
    for (const entry of holding) entry.reach();
    await Promise.all(holding.map((entry) => entry.released));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${server.address().port}`,
    hold,
    close() {
      for (const entry of holds) entry.release();
      server.close();
      for (const socket of sockets.values()) socket.destroy();
      far.close();
    },
  };
}

// Not by `for await`, which would destroy the stream at its end, and the answer has yet to go that way.
function gathered(stream) {
  return new Promise((resolve) => {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    for (const end of ['end', 'close']) stream.once(end, () => resolve(Buffer.concat(pieces)));
  });
}

function give(near, { headers, pieces, trailers, rstCode }) {
  if (!headers || rstCode !== 0) {
    near.close(rstCode || NGHTTP2_INTERNAL_ERROR);
  } else if (!trailers) {
    near.respond(headers, { endStream: true, sendDate: false }); // A status alone.
  } else {
    near.respond(headers, { waitForTrailers: true, sendDate: false });
    near.once('wantTrailers', () => near.sendTrailers(trailers));
    near.end(Buffer.concat(pieces));
  }
}
