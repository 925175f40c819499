'use strict';

// The body of a request as it streams in: its beginning is kept, the rest is counted.

const v8 = require('node:v8');
const vm = require('node:vm');

// What a dead letter keeps of a body, and more than any event has.
const KEPT_BYTES = 512 * 1024;

// The end is kept too: behind a long text in a message's JSON stand the fields that say which message it is.
const END_BYTES = 4 * 1024;

// What is dropped is garbage that V8 doesn't count at once: on Node 24 16 messages of 10 MB took 240 to 259 MB
// (tests/shim/large-bodies.test.js prints it). Where so much was dropped, by all
// requests together, it is collected.
const COLLECTED_EVERY_BYTES = 4 * 1024 * 1024;
let uncollectedBytes = 0;

/** The sender left before the body was whole. */
class Aborted extends Error {
  constructor(receivedBytes) {
    super(`the sender left after ${receivedBytes} bytes of the body`);
    this.name = 'Aborted';
  }
}

/**
 * The first bytes. Nearly every body is one chunk, which is kept as it is. Of more they are copied: a chunk may be one byte, and would keep
 * alive the 64 KiB that Node read it into.
 */
class Beginning {
  #bytes = Buffer.alloc(0);
  length = 0;

  take(part) {
    if (this.length === 0) {
      this.#bytes = part;
    } else {
      const needed = this.length + part.length;
      if (needed > this.#bytes.length) this.#grow(Math.min(2 * needed, KEPT_BYTES));
      part.copy(this.#bytes, this.length);
    }
    this.length += part.length;
  }

  bytes() {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(length) {
    const bytes = Buffer.allocUnsafeSlow(length);
    this.bytes().copy(bytes);
    this.#bytes = bytes;
  }
}

/** The last bytes, in a ring. */
class Ending {
  #ring;
  #next = 0;
  #isFull = false;

  take(part) {
    this.#ring ??= Buffer.allocUnsafeSlow(END_BYTES);
    const last = part.subarray(-END_BYTES);
    const before = last.subarray(0, END_BYTES - this.#next);
    before.copy(this.#ring, this.#next);
    last.copy(this.#ring, 0, before.length);
    this.#isFull ||= this.#next + last.length >= END_BYTES;
    this.#next = (this.#next + last.length) % END_BYTES;
  }

  bytes() {
    if (this.#ring === undefined) return Buffer.alloc(0);
    const newest = this.#ring.subarray(0, this.#next);
    return this.#isFull ? Buffer.concat([this.#ring.subarray(this.#next), newest]) : newest;
  }
}

/** `{bytes, end, droppedBytes}`: the first 512 KiB; of a longer body also its last 4 KiB at most, and how many bytes aren't in `bytes`. */
function readBody(stream) {
  const beginning = new Beginning();
  const ending = new Ending();
  let droppedBytes = 0;

  function take(chunk) {
    const kept = chunk.subarray(0, KEPT_BYTES - beginning.length);
    if (kept.length > 0) beginning.take(kept);
    const rest = chunk.subarray(kept.length);
    if (rest.length === 0) return;
    droppedBytes += rest.length;
    dropped(rest.length);
    ending.take(rest);
  }

  return new Promise((resolve, reject) => {
    const left = () => reject(new Aborted(beginning.length + droppedBytes));
    if (stream.destroyed) {
      left();
      return;
    }
    stream.on('data', take);
    stream.once('end', () => {
      // It closes after its end, too, and to make an error for each would cost 3 % of a delivery.
      stream.removeListener('close', left);
      resolve({ bytes: beginning.bytes(), end: ending.bytes(), droppedBytes });
    });
    stream.once('error', left);
    stream.once('close', left);
  });
}

function dropped(bytes) {
  uncollectedBytes += bytes;
  if (uncollectedBytes < COLLECTED_EVERY_BYTES) return;
  uncollectedBytes = 0;
  collectYoung();
}

let collector;

/** By V8's own collector, which it names only to whoever asks for it. */
function collectYoung() {
  if (collector === undefined) {
    v8.setFlagsFromString('--expose-gc');
    collector = vm.runInNewContext('gc');
    v8.setFlagsFromString('--no-expose-gc');
  }
  collector({ type: 'minor' });
}

module.exports = { readBody, Aborted };
