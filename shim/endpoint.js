'use strict';

// A service's endpoint: its connections, which of them takes the next call, and when another attempt to connect is made.

const tls = require('node:tls');

const { Connection } = require('./connection.js');
const { STATUS } = require('./grpc-status.js');
const { proxyFor } = require('./tunnel.js');

const USUAL_PORT = 443;

// After an attempt to connect that failed, calls fail at once until the next attempt. The repeats of a delivery come within 0.6 s, and it comes
// again after a second at the soonest: an outage that is over by then shall be over for it, too.
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;
const GROWTH = 1.6;
// Of many instances that lost the same service not all come back at the same moment.
const JITTER = 0.2;

// A call that waited this long, until its deadline, while nothing came on its connection, speaks against the connection.
const SILENT_MS = 1_000;

// A peer says how many calls it takes at once on a connection; Google's services say 100. Beyond these connections calls wait for one another.
const MOST_CONNECTIONS = 8;

/** There is no connection for a call, which therefore was not made. */
class NoConnection extends Error {
  constructor(status, message) {
    super(message);
    this.name = 'NoConnection';
    this.status = status;
  }
}

class Endpoint {
  #place;
  #connections = [];
  #failures = 0;
  #nextAttemptAtMs = 0;
  #lastError;
  #isClosed = false;

  constructor(address, { isSecure, env }) {
    const [host, port] = hostAndPort(address);
    this.#place = { host, port, secureContext: isSecure ? tls.createSecureContext() : null, proxy: isSecure ? proxyFor(host, env) : null };
  }

  /** A connection that is held for one call, or null where `untilReady` has to be waited for. Throws NoConnection. */
  take() {
    const connection = this.#next();
    if (!connection.isReady) return null;
    connection.hold();
    return connection;
  }

  /** Until a connection may be ready. Throws NoConnection, at the deadline at the latest. */
  async untilReady(deadline) {
    const beganAtMs = Date.now();
    const connection = this.#next();
    if (connection.isReady) return;
    let timer;
    const tooLate = new Promise((resolve) => {
      timer = setTimeout(resolve, deadline - beganAtMs, 'too late');
    });
    try {
      if (await Promise.race([connection.ready, tooLate]) !== 'too late') return;
    } catch (error) {
      if (connection.isFailed) throw new NoConnection(STATUS.UNAVAILABLE, error.message);
      return; // Another call, with less time, gave it up. There is another one for this call.
    } finally {
      clearTimeout(timer);
    }
    this.leaveIfSilent(connection, beganAtMs);
    throw new NoConnection(STATUS.DEADLINE_EXCEEDED, `there was no connection to it in time (${(deadline - beganAtMs) / 1_000}s)`);
  }

  /** One with room, else another one while there may be more, else the one with the fewest calls. */
  #next() {
    if (this.#isClosed) throw new NoConnection(STATUS.UNAVAILABLE, 'it was left');
    const free = this.#connections.find((connection) => !connection.isFull);
    if (free !== undefined) return free;
    const mayConnect = this.#connections.length < MOST_CONNECTIONS && Date.now() >= this.#nextAttemptAtMs;
    if (mayConnect) {
      const connection = new Connection(this.#place, (over) => this.#ended(over));
      this.#connections.push(connection);
      return connection;
    }
    if (this.#connections.length > 0) return this.#connections.reduce((least, each) => (each.calls < least.calls ? each : least));
    throw new NoConnection(STATUS.UNAVAILABLE, this.#lastError);
  }

  #ended(connection) {
    this.#connections = this.#connections.filter((each) => each !== connection);
    if (connection.isReady) this.#failures = 0;
    if (connection.isReady || !connection.isFailed) return;
    const pauseMs = Math.min(FIRST_PAUSE_MS * GROWTH ** this.#failures, LONGEST_PAUSE_MS) * (1 + JITTER * (2 * Math.random() - 1));
    this.#failures += 1;
    this.#nextAttemptAtMs = Date.now() + pauseMs;
    this.#lastError = connection.why;
  }

  /**
   * A peer that is gone without a word, or one that takes connections and then says nothing, would keep every later call waiting
   * as well: the kernel sends again for a quarter of an hour, and a TLS handshake has no end of its own. Pings would be counted by
   * Google's servers, and wouldn't help with a handshake.
   */
  leaveIfSilent(connection, sentAtMs) {
    if (Date.now() - Math.max(sentAtMs, connection.heardAtMs) >= SILENT_MS) connection.leave('it was silent');
  }

  close() {
    this.#isClosed = true;
    for (const connection of this.#connections) connection.leave('it was left');
  }
}

/** `firestore.googleapis.com:443`, `[::1]:8080`, or a name alone. */
function hostAndPort(address) {
  const [, bracketed, bare, port] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(address) ?? [undefined, address];
  return [bracketed ?? bare, Number(port ?? USUAL_PORT)];
}

module.exports = { Endpoint, NoConnection };
