//! What this module is: the one consumer whose deliveries it handles.

use std::sync::OnceLock;

use boma_google::{Conversation, HostConfig};
use wasm_bindgen::prelude::wasm_bindgen;

/// Opens the conversation about one message, given the body that was pushed.
pub type Open = fn(body: Vec<u8>, host: HostConfig) -> Box<dyn Conversation>;

/// The same about a message that has just broken an instance, given what the panic said: it isn't decided again.
pub type OpenAfterTrap = fn(body: Vec<u8>, host: HostConfig, panic_text: String) -> Box<dyn Conversation>;

/// A consumer: its name, and how it begins to handle a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Consumer {
    pub name: &'static str,
    pub open: Open,
    pub open_after_trap: OpenAfterTrap,
}

static CONSUMER: OnceLock<Consumer> = OnceLock::new();

/// Called by the start function that [`crate::export!`] makes, once per instance.
pub fn start(consumer: Consumer) {
    crate::panics::report_to_host();
    CONSUMER.get_or_init(|| consumer);
}

/// The consumer of this module.
pub(crate) fn present() -> Consumer {
    *CONSUMER.get().expect("the start function has run: the glue calls it before it exports anything")
}

/// The name under which the host registers the function.
#[wasm_bindgen(js_name = consumer)]
#[must_use]
pub fn consumer_name() -> String {
    present().name.to_owned()
}
