//! What this module is: the one function whose requests it handles.

use std::sync::OnceLock;

use boma_core::protocol::{function::Function, request::RequestHead};
use boma_google::{Begin, Invocation, Settings, open};
use wasm_bindgen::prelude::wasm_bindgen;

/// A function, and how it begins to handle a request.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    pub function: &'static Function,
    pub begin: Begin,
}

static MODULE: OnceLock<Module> = OnceLock::new();

/// Called by the start function that [`crate::export!`] makes, once per instance.
pub fn start(module: Module) {
    crate::panics::report_to_host();
    MODULE.get_or_init(|| module);
}

impl Module {
    pub(crate) fn present() -> Module {
        *MODULE.get().expect("the start function has run: the glue calls it before it exports anything")
    }

    pub(crate) fn open(self, head: RequestHead, settings: Settings) -> Box<dyn Invocation> {
        open(self.function, self.begin, head, settings)
    }
}

/// The name under which the host registers the function.
#[wasm_bindgen(js_name = functionName)]
#[must_use]
pub fn function_name() -> String {
    Module::present().function.name.to_owned()
}
