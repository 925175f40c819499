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
    super(panicText ?? `${cause?.name}: ${cause?.message}`);
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

  constructor(body, host) {
    if (isPoisoned) replaceInstance();
    this.#inner = guarded(() => new glue.Delivery(body, host));
    this.#generation = generation;
  }

  begin() {
    return this.#next((inner) => inner.begin(Date.now()));
  }

  answered({ messages, status }) {
    return this.#next((inner) => inner.answered(messages, status, Date.now()));
  }

  waited() {
    return this.#next((inner) => inner.waited(Date.now()));
  }

  /** Gives its memory back. The glue doesn't look which instance that memory is in, so this does. */
  free() {
    if (this.#generation === generation) guarded(() => this.#inner.free());
  }

  #next(call) {
    if (this.#generation !== generation) throw new Stale();
    return guarded(() => call(this.#inner));
  }
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

/** The name of the consumer whose messages this module handles. */
const consumer = glue.consumer();

module.exports = { Delivery, Trap, Stale, consumer };
