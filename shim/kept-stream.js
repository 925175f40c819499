'use strict';

// A stream that stays open from one request to the next, because to open one costs more than a row does. The service answers each
// request with one message, in their order.

const { RESET } = require('./connection.js');
const { framed } = require('./grpc-frames.js');
const { STATUS } = require('./grpc-status.js');
const { listenTo } = require('./grpc-stream.js');

// An answer that takes longer than this holds up those behind it: who comes later is better off on another stream.
const PUNCTUAL_MS = 1_000;

// A service that was told that no more requests come ends the stream. One that doesn't isn't waited for.
const ENDS_WITHIN_MS = 10_000;

class KeptStream {
  #stream;
  #connection;
  #unanswered = [];
  #hasAnswered = false;
  #isOpen = true;

  /** `connection` is held for it. */
  constructor(connection, headers) {
    this.#connection = connection;
    this.#stream = connection.request(headers);
    connection.kept.add(this);
    listenTo(this.#stream, connection, {
      onMessage: (message) => this.#received(message),
      onEnd: (outcome) => this.#ended(outcome),
    });
  }

  get connection() {
    return this.#connection;
  }

  /** Whether it takes requests, and answers them soon. */
  get isFree() {
    return this.#isOpen && (this.#unanswered.length === 0 || Date.now() - this.#unanswered[0].askedAtMs < PUNCTUAL_MS);
  }

  /**
   * `{messages, status, detail, isUntold}`. The last: the stream had answered others and ended before it answered this one, or was never
   * looked at. It may have ended of itself, so the same request may well succeed on a new one.
   */
  ask(bytes, timeoutMs) {
    return new Promise((resolve) => {
      const request = { askedAtMs: Date.now(), answer: (answer) => {
        clearTimeout(timer);
        resolve(answer);
      } };
      const timer = setTimeout(() => this.#tooLate(request, timeoutMs), timeoutMs);
      this.#unanswered.push(request);
      this.#stream.write(framed(bytes));
    });
  }

  /** It takes no more requests. What is under way is answered: a service that hears of the end may think that nobody waits. */
  end() {
    this.#isOpen = false;
    if (this.#unanswered.length > 0 || this.#stream.writableEnded) return;
    this.#stream.end();
    setTimeout(() => this.#stream.close(RESET.CANCEL), ENDS_WITHIN_MS).unref();
  }

  #received(message) {
    this.#hasAnswered = true;
    this.#unanswered.shift()?.answer({ messages: [message], status: STATUS.OK, detail: 'OK' });
    if (!this.#isOpen) this.end();
  }

  /** The service ended it because of the first that waits, if because of any: what is wrong with that one isn't wrong with those behind. */
  #ended({ status: code, detail: words, isUnseen = false }) {
    this.#isOpen = false;
    this.#connection.kept.delete(this);
    const { OK, UNAVAILABLE, UNAUTHENTICATED } = STATUS;
    const [status, detail] = code === OK ? [UNAVAILABLE, 'the stream ended without an answer'] : [code, words];
    const isForAll = status === UNAVAILABLE || status === UNAUTHENTICATED;
    const behind = isForAll ? { status, detail } : { status: UNAVAILABLE, detail: `the stream ended at the request before this one: ${detail}` };
    const isUntold = this.#hasAnswered || isUnseen;
    this.#unanswered.splice(0).forEach(({ answer }, place) => answer({ messages: [], ...(place === 0 ? { status, detail } : behind), isUntold }));
    // A service may end it though it could be asked more. Then our side is still open.
    this.#stream.close(RESET.CANCEL);
  }

  /** Its answer, should it still come, would be taken for that of the next. So the stream ends here, for all that wait in it. */
  #tooLate(request, timeoutMs) {
    this.#unanswered.splice(this.#unanswered.indexOf(request), 1);
    request.answer({ messages: [], status: STATUS.DEADLINE_EXCEEDED, detail: `it did not answer in time (${timeoutMs / 1_000}s)` });
    this.#isOpen = false;
    const words = 'another request of the stream was not answered in time';
    for (const { answer } of this.#unanswered.splice(0)) answer({ messages: [], status: STATUS.UNAVAILABLE, detail: words, isUntold: this.#hasAnswered });
    this.#stream.close(RESET.CANCEL);
  }
}

module.exports = { KeptStream };
