'use strict';

// A stream that stays open from one request to the next, because to open one costs more than a row does. The service answers each
// request with one message, in their order.

// An answer that takes longer than this holds up those behind it: who comes later is better off on another stream.
const PUNCTUAL_MS = 1_000;

class KeptStream {
  #call;
  #codes;
  #onHeard;
  #unsent = [];
  #unanswered = [];
  #isSending = false;
  #isOver = false;
  #hasAnswered = false;

  #isOpen = true;

  /** `call`: one of the transport's that has not begun. `codes`: its statuses by name. `onHeard` is called for each sign of life. */
  constructor(call, metadata, { codes, onHeard }) {
    this.#call = call;
    this.#codes = codes;
    this.#onHeard = onHeard;
    call.start(metadata, {
      onReceiveMetadata: onHeard,
      onReceiveMessage: (message) => this.#received(message),
      onReceiveStatus: ({ code, details }) => this.#ended(code, details),
    });
    call.startRead();
  }

  /** Whether it takes requests, and answers them soon. */
  get isFree() {
    const oldest = this.#unanswered[0] ?? this.#unsent[0];
    return this.#isOpen && (oldest === undefined || Date.now() - oldest.askedAtMs < PUNCTUAL_MS);
  }

  /**
   * `{messages, status, detail, isUntold}`. The last: the stream had answered others and ended before it answered this one. It may
   * have ended of itself, so the same request may well succeed on a new one.
   */
  ask(bytes, timeoutMs) {
    return new Promise((resolve) => {
      const request = { bytes, askedAtMs: Date.now(), answer: (answer) => {
        clearTimeout(timer);
        resolve(answer);
      } };
      const timer = setTimeout(() => this.#tooLate(request), timeoutMs);
      this.#unsent.push(request);
      this.#sendNext();
    });
  }

  /** It takes no more requests. What is under way is answered. */
  end() {
    this.#isOpen = false;
    this.#sendNext();
  }

  /** One at a time: the call has a place for one, until it is on its way. */
  #sendNext() {
    if (this.#isSending || this.#isOver) return;
    const request = this.#unsent.shift();
    if (request === undefined) {
      if (this.#isOpen) return;
      this.#isOver = true;
      this.#call.halfClose();
      return;
    }
    this.#isSending = true;
    this.#unanswered.push(request);
    const callback = () => {
      this.#isSending = false;
      this.#sendNext();
    };
    const { buffer, byteOffset, byteLength } = request.bytes;
    this.#call.sendMessageWithContext({ callback }, Buffer.from(buffer, byteOffset, byteLength));
  }

  #received(message) {
    this.#onHeard();
    this.#hasAnswered = true;
    this.#unanswered.shift()?.answer({ messages: [message], status: this.#codes.OK, detail: 'OK' });
    this.#call.startRead();
  }

  /** The service ended it because of the first that waits, if because of any: what is wrong with that one isn't wrong with those behind. */
  #ended(code, details) {
    this.#isOpen = false;
    this.#isOver = true;
    const { OK, UNAVAILABLE, UNAUTHENTICATED } = this.#codes;
    const [status, detail] = code === OK ? [UNAVAILABLE, 'the stream ended without an answer'] : [code, details];
    const isForAll = status === UNAVAILABLE || status === UNAUTHENTICATED;
    const behind = isForAll ? { status, detail } : { status: UNAVAILABLE, detail: `the stream ended at the request before this one: ${detail}` };
    const waiting = [...this.#unanswered.splice(0), ...this.#unsent.splice(0)];
    waiting.forEach(({ answer }, place) => answer({ messages: [], ...(place === 0 ? { status, detail } : behind), isUntold: this.#hasAnswered }));
  }

  /** Its answer, should it still come, would be taken for that of the next. So the stream ends here, for all that wait in it. */
  #tooLate(request) {
    for (const list of [this.#unanswered, this.#unsent]) {
      const place = list.indexOf(request);
      if (place >= 0) list.splice(place, 1);
    }
    request.answer({ messages: [], status: this.#codes.DEADLINE_EXCEEDED, detail: 'Deadline exceeded' });
    this.#isOpen = false;
    this.#call.cancelWithStatus(this.#codes.UNAVAILABLE, 'another request of the stream was not answered in time');
  }
}

module.exports = { KeptStream };
