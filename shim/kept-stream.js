'use strict';

// A stream that stays open from one request to the next, because to open one costs more than a row does. The service answers each
// request with one message, in their order.

class KeptStream {
  #call;
  #codes;
  #onHeard;
  #unsent = [];
  #unanswered = [];
  #isSending = false;
  #isOver = false;
  #hasAnswered = false;

  /** Whether it takes requests. */
  isOpen = true;

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

  /**
   * `{messages, status, detail, isUntold}`. The last: the stream had answered others and ended before it answered this one. It may
   * have ended of itself, so the same request may well succeed on a new one.
   */
  ask(bytes, timeoutMs) {
    return new Promise((resolve) => {
      const request = { bytes, answer: (answer) => {
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
    this.isOpen = false;
    this.#sendNext();
  }

  /** One at a time: the call has a place for one, until it is on its way. */
  #sendNext() {
    if (this.#isSending || this.#isOver) return;
    const request = this.#unsent.shift();
    if (request === undefined) {
      if (this.isOpen) return;
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

  #ended(code, details) {
    this.isOpen = false;
    this.#isOver = true;
    const isOrderly = code === this.#codes.OK;
    const [status, detail] = isOrderly ? [this.#codes.UNAVAILABLE, 'the stream ended without an answer'] : [code, details];
    for (const { answer } of [...this.#unanswered.splice(0), ...this.#unsent.splice(0)]) answer({ messages: [], status, detail, isUntold: this.#hasAnswered });
  }

  /** Its answer, should it still come, would be taken for that of the next. So the stream ends here, for all that wait in it. */
  #tooLate(request) {
    for (const list of [this.#unanswered, this.#unsent]) {
      const place = list.indexOf(request);
      if (place >= 0) list.splice(place, 1);
    }
    request.answer({ messages: [], status: this.#codes.DEADLINE_EXCEEDED, detail: 'Deadline exceeded' });
    this.isOpen = false;
    this.#call.cancelWithStatus(this.#codes.UNAVAILABLE, 'another request of the stream was not answered in time');
  }
}

module.exports = { KeptStream };
