'use strict';

// The Wasm module and its present instance.
//
// A trap (a panic, a stack overflow, no memory left) leaves an instance in which nothing may be relied on: statics, borrowed
// cells, even the stack pointer. So after any throw the instance is replaced, and every object of the old one is given up.

const glue = require('./function.js');
const panics = require('./panics.js');

const NOTHING = new Uint8Array();

// How many instances there were before this one. An object belongs to the instance that it was made in.
let generation = 0;

// Set between a trap and the new instance, which may fail to come about when memory is short.
let isPoisoned = false;

/** This request broke the instance that it ran in. `stack` is that of the trap, with the names of the Wasm functions. */
class Trap extends Error {
  constructor(cause, panicText) {
    super(panicText ?? `${cause?.name}: ${cause?.message}${placeOf(cause)}`);
    this.name = 'Trap';
    this.stack = cause?.stack ?? this.stack;
  }
}

/** Another request broke the instance that this one ran in; nothing is known against this one. */
class Stale extends Error {
  constructor() {
    super('the instance in which this delivery began is gone');
    this.name = 'Stale';
  }
}

/** One request to the Wasm. Each method answers with the next step. */
class Invocation {
  #inner;
  #generation;

  /**
   * `headers` of the head are names and values by turns. `caller`: `{email, audience}` of the one caller that is expected, or null.
   * With the text of a panic the request has just broken an instance.
   */
  constructor({ method, path, headers }, caller, panicText) {
    if (isPoisoned) replaceInstance();
    this.#inner = guarded(() => new glue.Invocation(method, path, headers, caller?.email, caller?.audience, panicText));
    this.#generation = generation;
  }

  /** `beganAtMs` is when the request's time began to run: before now, if this isn't its first invocation. */
  begin(beganAtMs = Date.now()) {
    return this.#next((inner) => inner.begin(beganAtMs));
  }

  /** The body's beginning; of one that is longer its end, too, and how many bytes aren't in the beginning. */
  body({ bytes, end = NOTHING, droppedBytes = 0 }, { project, database, firstEdition, unsignedTokens }, beganAtMs = Date.now()) {
    return this.#next((inner) => inner.body(bytes, end, droppedBytes, project, database, firstEdition, unsignedTokens, beganAtMs));
  }

  answered({ messages, status }) {
    return this.#next((inner) => inner.answered(messages, status, Date.now()));
  }

  fetched({ status, cacheControl, body }) {
    return this.#next((inner) => inner.fetched(status, cacheControl, body, Date.now()));
  }

  waited() {
    return this.#next((inner) => inner.waited(Date.now()));
  }

  /**
   * Gives its memory back, and never throws: the response stands. The trap, should that break the instance.
   * The glue doesn't look which instance the memory is in, so this does.
   */
  free() {
    if (this.#generation !== generation) return undefined;
    try {
      guarded(() => this.#inner.free());
      return undefined;
    } catch (trap) {
      return trap;
    }
  }

  #next(call) {
    if (this.#generation !== generation) throw new Stale();
    return guarded(() => call(this.#inner));
  }
}

/** A trap without a panic has few words, so the function that it happened in is named: the one that recurses, or `rust_oom`. */
function placeOf(cause) {
  const frame = /^ +at \S*?\.wasm\.(.+) \(wasm:/m.exec(cause?.stack ?? '');
  return frame === null ? '' : ` in ${frame[1].replaceAll(/\[[0-9a-f]{16}\]|::h[0-9a-f]{16}/g, '')}`;
}

function guarded(call) {
  try {
    return call();
  } catch (cause) {
    const trap = new Trap(cause, panics.takeText());
    generation += 1;
    isPoisoned = true;
    try {
      replaceInstance();
    } catch {
      // The next request tries again, and fails if it can't be done then either.
    }
    throw trap;
  }
}

function replaceInstance() {
  glue.__wbg_reset_state();
  isPoisoned = false;
}

/** The name of the function that this module is. */
const functionName = glue.functionName();

module.exports = { Invocation, Trap, Stale, functionName };
