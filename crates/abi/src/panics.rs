//! What a panic said, brought to the host before the instance dies of it.
//!
//! A panic ends in a trap, and the host then sees no more than "unreachable executed". The instance can't be asked
//! afterwards, since nothing in it may be relied on any more; so the hook hands the text over while the panic is under way.

use std::panic;

use wasm_bindgen::prelude::wasm_bindgen;

// A file of the shim. It keeps the text for the one line that the host logs about this delivery.
#[wasm_bindgen(raw_module = "./panics.js")]
extern "C" {
    fn panicked(text: &str);
}

/// Sets the hook for this instance.
pub(crate) fn report_to_host() {
    panic::set_hook(Box::new(|info| panicked(&info.to_string())));
}
