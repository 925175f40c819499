'use strict';

// The text of the last panic. The Wasm calls `panicked` while the panic is under way, because afterwards nothing in that
// instance may be asked any more. A trap without a panic, such as a stack overflow, leaves no text here.

let text = null;

function panicked(said) {
  text = said;
}

/** The text of the panic that ended the call just made, if one did; it is told once. */
function takeText() {
  const taken = text;
  text = null;
  return taken;
}

module.exports = { panicked, takeText };
