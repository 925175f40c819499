'use strict';

// The Wasm module and its present instance.
//
// A trap (a panic, a stack overflow, no memory left) leaves an instance in which nothing may be relied on: statics, borrowed
// cells, even the stack pointer. So whatever a call throws, the instance is replaced, and every object of before is given up.

const glue = require('./function.js');
const panics = require('./panics.js');

// How many instances there were before this one. An object belongs to the instance that it was made in.
let generation = 0;

// Set between a trap and the new instance, which may fail to come about when memory is short.
let isPoisoned = false;

/** This delivery broke the instance that it ran in. `stack` is that of the trap, with the names of the Wasm functions. */
class Trap extends Error {
  constructor(cause, panicText) {
    super(panicText ?? `${cause?.name}: ${cause?.message}${placeOf(cause)}`);
    this.name = 'Trap';
    this.stack = cause?.stack ?? this.stack;
  }
}

/** Another delivery broke the instance that this one ran in; nothing is known against this one. */
class Stale extends Error {
  constructor() {
    super('the instance in which this delivery began is gone');
    this.name = 'Stale';
  }
}

/** One message's conversation with the Wasm. Each method answers with the next step. */
class Delivery {
  #inner;
  #generation;

  /** With the text of a panic it is about a message that has just broken an instance, and won't be decided again. */
  constructor(body, host, panicText) {
    if (isPoisoned) replaceInstance();
    const isAfterTrap = panicText !== undefined;
    this.#inner = guarded(() => (isAfterTrap ? glue.Delivery.afterTrap(body, host, panicText) : new glue.Delivery(body, host)));
    this.#generation = generation;
  }

  /** `beganAtMs` is when the message's time began to run: before now, if this isn't its first conversation. */
  begin(beganAtMs = Date.now()) {
    return this.#next((inner) => inner.begin(beganAtMs));
  }

  answered({ messages, status }) {
    return this.#next((inner) => inner.answered(messages, status, Date.now()));
  }

  waited() {
    return this.#next((inner) => inner.waited(Date.now()));
  }

  /**
   * Gives its memory back, and never throws: what the delivery came to stands. The trap, should that break the instance.
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
      // The next delivery tries again, and fails if it can't be done then either.
    }
    throw trap;
  }
}

function replaceInstance() {
  glue.__wbg_reset_state();
  isPoisoned = false;
}

/**
 * How a request ends that comes from somebody else than the expected caller; undefined where it is that one. `headers` are
 * those of the request, each with all its values.
 */
function forbidden(headers, { email, audience }) {
  if (isPoisoned) replaceInstance();
  const { 'x-serverless-authorization': serverless = [], authorization = [] } = headers;
  return guarded(() => glue.forbidden(serverless, authorization, email, audience, Date.now()));
}

/** The name of the consumer whose messages this module handles. */
const consumer = glue.consumer();

module.exports = { Delivery, Trap, Stale, consumer, forbidden };
