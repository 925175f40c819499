'use strict';

// One HTTP/2 connection: how it comes about, how many calls are on it, and how it ends.

const http2 = require('node:http2');
const net = require('node:net');
const tls = require('node:tls');

const { tunnelTo } = require('./tunnel.js');

const ALPN = 'h2';
// Of the addresses that a name has, each is given so long. Node's own 250 ms are less than a packet takes around the world.
const ADDRESS_WITHIN_MS = 2_500;
// With HTTP/2's own 64 KiB an answer of a megabyte would wait for the network sixteen times.
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;

/** Why a stream was ended before its time, by HTTP/2's names. */
const RESET = {
  NO_ERROR: http2.constants.NGHTTP2_NO_ERROR,
  REFUSED_STREAM: http2.constants.NGHTTP2_REFUSED_STREAM,
  CANCEL: http2.constants.NGHTTP2_CANCEL,
  ENHANCE_YOUR_CALM: http2.constants.NGHTTP2_ENHANCE_YOUR_CALM,
  INADEQUATE_SECURITY: http2.constants.NGHTTP2_INADEQUATE_SECURITY,
};

const OPTIONS = {
  settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
  // What is under way is bounded by how many requests a function takes at once. By itself Node refuses streams from 10 MB on.
  maxSessionMemory: Number.MAX_SAFE_INTEGER,
};

class Connection {
  /** Whether calls may go: the peer has said its settings. */
  isReady = false;
  /** Resolves then, and rejects with the reason if that doesn't come about. */
  ready;
  /** When something came on it last. */
  heardAtMs = 0;
  /** The streams that are kept on it. */
  kept = new Set();
  /** Why it ended, or undefined, and whether nobody here wanted that. */
  why;
  isFailed = false;

  #onOver;
  #settle;
  #socket = null;
  #session = null;
  #isOver = false;
  #calls = 0;
  /** The last of our streams that the peer has looked at, once it has said goodbye. */
  #lastSeen = Infinity;

  /** `secureContext` is null without TLS, `proxy` without a proxy. `onOver` is told once, when it takes no more calls. */
  constructor({ host, port, secureContext, proxy }, onOver) {
    this.#onOver = onOver;
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever waited for it may have had no more time.
    this.ready.catch(() => {});
    this.#connect({ host, port, secureContext, proxy }).catch((error) => this.#lost(error));
  }

  async #connect({ host, port, secureContext, proxy }) {
    const place = { host, port, autoSelectFamilyAttemptTimeout: ADDRESS_WITHIN_MS };
    const tunnel = proxy === null ? null : await tunnelTo(host, port, proxy);
    if (secureContext === null) {
      this.#watch(tunnel ?? net.connect(place));
      this.#speak(`http://${authorityOf(host, port)}`);
      return;
    }
    const servername = net.isIP(host) === 0 ? host : '';
    const socket = tls.connect({ ...(tunnel === null ? place : { host, socket: tunnel }), servername, secureContext, ALPNProtocols: [ALPN] });
    this.#watch(socket);
    socket.once('secureConnect', () => {
      if (socket.alpnProtocol === ALPN) this.#speak(`https://${authorityOf(host, port)}`);
      else this.#lost(new Error('no application protocol'));
    });
  }

  #watch(socket) {
    this.#socket = socket;
    // A call holds the process by its timer. A connection without a call holds nothing.
    socket.unref();
    socket.on('error', (error) => this.#lost(error));
    socket.once('close', () => this.#lost(new Error('the connection was closed')));
    if (this.#isOver) socket.destroy();
  }

  #speak(authority) {
    if (this.#isOver) return;
    const session = http2.connect(authority, { ...OPTIONS, createConnection: () => this.#socket });
    this.#session = session;
    session.once('remoteSettings', () => {
      if (this.#isOver) return;
      session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
      this.heardAtMs = Date.now();
      this.isReady = true;
      this.#settle.resolve();
    });
    session.on('goaway', (code, lastSeen, why) => {
      this.#lastSeen = lastSeen;
      this.#over(`it said goodbye with code ${code}${why?.length > 0 ? ` (${why.toString('latin1').slice(0, 100)})` : ''}`);
      if (this.#calls === 0) this.#destroy();
    });
    session.on('error', (error) => this.#lost(error));
    session.once('close', () => this.#lost(new Error('the connection was closed')));
  }

  /** Whether it has as many calls as the peer wants at once. */
  get isFull() {
    return this.isReady && this.#calls >= this.#session.remoteSettings.maxConcurrentStreams;
  }

  get calls() {
    return this.#calls;
  }

  /** Nothing comes from it any more, and nothing goes. */
  get isLost() {
    return this.#session.destroyed || this.#socket.destroyed;
  }

  /** Each call holds it from before it asks for its stream until it has its status. */
  hold() {
    this.#calls += 1;
  }

  release() {
    this.#calls -= 1;
    if (this.#calls === 0 && this.#isOver) this.#destroy();
  }

  request(headers) {
    return this.#session.request(headers);
  }

  /** Whether the peer has said that it never looked at this stream. */
  isUnseen(stream) {
    return stream.id === undefined || stream.id > this.#lastSeen;
  }

  /** It takes no more calls; those that are under way may end. */
  leave(why) {
    this.#over(why);
    if (this.#calls === 0) this.#destroy();
  }

  #lost(error) {
    if (!this.#isOver) this.isFailed = true;
    this.#over(textOf(error));
    this.#destroy();
  }

  #over(why) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.why = why;
    this.#settle.reject(new Error(why));
    this.#onOver(this);
    for (const stream of this.kept) stream.end();
  }

  #destroy() {
    this.#session?.destroy();
    this.#socket?.destroy();
  }
}

const authorityOf = (host, port) => `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;

/** A name with several addresses has an error for each, and all of them together have no text. */
const textOf = (error) => error.message || error.errors?.at(-1)?.message || error.code;

module.exports = { Connection, RESET };
