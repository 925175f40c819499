'use strict';

// gRPC's framing: each message has a byte that says whether it is compressed, then its length in four bytes.

const { STATUS } = require('./grpc-status.js');

const PREFIX_BYTES = 5;
// Some documents of 1 MiB each may come in one message.
const MOST_BYTES = 32 * 1024 * 1024;

/** The message as it is sent. A copy: the bytes may be a part of memory that is soon used for something else. */
function framed(bytes) {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + bytes.length);
  frame[0] = 0;
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, PREFIX_BYTES);
  return frame;
}

/** Puts messages together from the pieces that they come in, and hands each on. */
class Unframer {
  #onMessage;
  /** Pieces of a message that isn't whole, and how many bytes they have. */
  #pieces = [];
  #length = 0;

  constructor(onMessage) {
    this.#onMessage = onMessage;
  }

  /** Whether all that came were whole messages. */
  get isBetweenMessages() {
    return this.#length === 0;
  }

  /** Why this can't be gone on with, `{status, detail}`, or undefined. */
  take(piece) {
    let rest = piece;
    if (this.#length > 0) {
      this.#pieces.push(piece);
      this.#length += piece.length;
      if (this.#length < PREFIX_BYTES) return undefined;
      // Put together once its prefix is there, and once the message is: not for each piece of a large one.
      if (this.#pieces[0].length < PREFIX_BYTES) this.#pieces = [Buffer.concat(this.#pieces)];
      const wrong = wrongIn(this.#pieces[0], 0);
      if (wrong !== undefined) return wrong;
      if (this.#length < PREFIX_BYTES + this.#pieces[0].readUInt32BE(1)) return undefined;
      rest = Buffer.concat(this.#pieces, this.#length);
      this.#pieces = [];
      this.#length = 0;
    }
    return this.#messagesOf(rest);
  }

  #messagesOf(bytes) {
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const wrong = wrongIn(bytes, at);
      if (wrong !== undefined) return wrong;
      const end = at + PREFIX_BYTES + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      this.#onMessage(bytes.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    if (at < bytes.length) {
      this.#pieces.push(at === 0 ? bytes : bytes.subarray(at));
      this.#length = bytes.length - at;
    }
    return undefined;
  }
}

function wrongIn(bytes, at) {
  if (bytes[at] !== 0) return { status: STATUS.INTERNAL, detail: 'it sent a compressed message, though none was asked for' };
  const length = bytes.readUInt32BE(at + 1);
  if (length <= MOST_BYTES) return undefined;
  return { status: STATUS.RESOURCE_EXHAUSTED, detail: `it sent a message of ${length} bytes, and ${MOST_BYTES} are the most` };
}

module.exports = { framed, Unframer };
