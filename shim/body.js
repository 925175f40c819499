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

/** `{bytes, end, droppedBytes}`: the first 512 KiB; of a longer body also its last 4 KiB at most, and how many bytes aren't in `bytes`. */
function readBody(stream) {
  const chunks = [];
  let keptBytes = 0;
  let droppedBytes = 0;
  let end = Buffer.alloc(0);

  function take(chunk) {
    const kept = chunk.subarray(0, KEPT_BYTES - keptBytes);
    if (kept.length > 0) chunks.push(kept);
    keptBytes += kept.length;
    const rest = chunk.subarray(kept.length);
    if (rest.length === 0) return;
    droppedBytes += rest.length;
    dropped(rest.length);
    // A copy, for a part would keep the whole chunk alive.
    end = Buffer.concat([end, rest.subarray(-END_BYTES)]).subarray(-END_BYTES);
  }

  return new Promise((resolve, reject) => {
    const left = () => reject(new Aborted(keptBytes + droppedBytes));
    if (stream.destroyed) {
      left();
      return;
    }
    stream.on('data', take);
    stream.once('end', () => {
      // It closes after its end, too, and to make an error for each would cost 3 % of a delivery.
      stream.removeListener('close', left);
      resolve({ bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), end, droppedBytes });
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
