// A gRPC proxy without TLS in front of an emulator. It forwards bytes, metadata and trailers unchanged, and knows only the
// method of a call. The plan decides which calls fail (see plan.js). Calls can be held while a test does something to their caller.
import { once } from 'node:events';
import http2 from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import { LATE, LOST, NO_FAULTS, STATUSES } from './plan.js';
import { connectUpstream, onFrames } from './upstream.js';

const { NGHTTP2_INTERNAL_ERROR } = http2.constants;

/** Methods whose streams are kept: each message is a call of its own, with a card of its own. */
const KEPT = new Set(['AppendRows']);

/** Resolves with { host, hold(method, when), close() }. `target` is a host:port. */
export async function startGrpcProxy({ target, plan = NO_FAULTS }) {
  const upstream = connectUpstream(target);
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
  server.on('stream', (downstream, headers) => {
    downstream.on('error', () => {}); // The caller that broke it knows.
    const method = headers[':path'].split('/').at(-1);
    if (KEPT.has(method)) {
      handleKept({ downstream, headers, method });
      return;
    }
    const card = plan.decide(method);
    const isHeld = [...holds].some((hold) => hold.method === method);
    if (card || isHeld) handleFaulty({ downstream, headers, method, card }).catch(() => downstream.close(NGHTTP2_INTERNAL_ERROR));
    else upstream.forward(downstream, headers);
  });

  /** Only for calls that end: the whole request is taken in before anything happens, and the whole answer before it is given. */
  async function handleFaulty({ downstream, headers, method, card }) {
    const request = await gathered(downstream);
    await whileHeld(method, 'before');
    if (downstream.destroyed) return; // A caller that was killed meanwhile never sent it.
    if (card?.when === 'before' && await applyFault(downstream, method, card)) return;
    const answer = await upstream.call(headers, request);
    await whileHeld(method, 'after');
    if (downstream.destroyed) return;
    if (card?.when === 'after' && await applyFault(downstream, method, card)) return;
    respond(downstream, answer);
  }

  /** One message after the other, as the server answers them. A fault that ends one ends the stream, and with it those behind. */
  function handleKept({ downstream, headers, method }) {
    const conversation = upstream.converse(headers);
    let before = Promise.resolve();
    onFrames(downstream, (frame) => {
      before = before.then(() => exchange(frame)).catch(() => downstream.close(NGHTTP2_INTERNAL_ERROR));
    });
    downstream.once('end', () => before.then(() => { if (!isOver(downstream)) end(downstream, { 'grpc-status': 0 }); }));
    downstream.once('close', () => before.then(conversation.end));

    async function exchange(frame) {
      const card = plan.decide(method);
      await whileHeld(method, 'before');
      if (isOver(downstream)) return;
      if (card?.when === 'before' && await applyFault(downstream, method, card)) return;
      const answer = await conversation.ask(frame);
      await whileHeld(method, 'after');
      if (isOver(downstream)) return;
      if (card?.when === 'after' && await applyFault(downstream, method, card)) return;
      if (!answer.frame) {
        if (downstream.headersSent && answer.trailers) end(downstream, answer.trailers);
        else respond(downstream, { pieces: [], ...answer });
        return;
      }
      if (!downstream.headersSent) downstream.respond(answer.headers, { waitForTrailers: true, sendDate: false });
      downstream.write(answer.frame);
    }
  }

  /** Applies the fault. Resolves with whether that ended the call. */
  async function applyFault(downstream, method, card) {
    plan.noteStruck(method, card);
    switch (card.fault) {
      case 'delay':
        await wait(card.delayMs);
        return downstream.destroyed;
      case LATE:
        if (!downstream.destroyed) await once(downstream, 'close');
        return false;
      case 'drop':
        return true;
      case 'reset':
      case LOST:
        downstream.close(NGHTTP2_INTERNAL_ERROR);
        return true;
      case 'cut':
        sockets.get(downstream.session.socket.remotePort)?.resetAndDestroy();
        return true;
      default:
        end(downstream, { 'grpc-status': STATUSES[card.fault], 'grpc-message': `${card.fault} by plan` });
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
      upstream.close();
    },
  };
}

// `for await` would destroy the stream at its end, and the response has yet to be sent on it.
function gathered(stream) {
  return new Promise((resolve) => {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    for (const end of ['end', 'close']) stream.once(end, () => resolve(Buffer.concat(pieces)));
  });
}

const isOver = (downstream) => downstream.destroyed || downstream.writableEnded;

/** With a status: alone, or behind what was answered before. */
function end(downstream, status) {
  if (!downstream.headersSent) {
    downstream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
    return;
  }
  downstream.once('wantTrailers', () => downstream.sendTrailers(status));
  downstream.end();
}

function respond(downstream, { headers, pieces, trailers, rstCode }) {
  if (!headers || rstCode !== 0) {
    downstream.close(rstCode || NGHTTP2_INTERNAL_ERROR);
  } else if (!trailers) {
    downstream.respond(headers, { endStream: true, sendDate: false }); // A status alone.
  } else {
    downstream.respond(headers, { waitForTrailers: true, sendDate: false });
    downstream.once('wantTrailers', () => downstream.sendTrailers(trailers));
    downstream.end(Buffer.concat(pieces));
  }
}
