//! Boma's boundary to JavaScript, and the only user of wasm-bindgen.
//!
//! The build makes a module of each function: a crate of one line, `boma_abi::export!(kyc::FUNCTION);`. Its Wasm exports one class,
//! [`Invocation`], and `functionName()`. The host makes an `Invocation` for each request, of its head, asks it to begin, takes the step
//! that it answers with (the body, an rpc, a fetch, or a wait), brings the result, and so on until the step is "done".
//!
//! Bodies and the bytes of RPCs cross as byte arrays, steps as small plain objects. An int64 never becomes a JavaScript number on the
//! way: the numbers that cross are milliseconds, HTTP statuses and gRPC codes.

mod invocation;
mod module;
mod panics;
mod step;

pub use invocation::Invocation;
pub use module::{Module, function_name, start};

/// For [`export!`] alone: its callers name no crate but this one.
#[doc(hidden)]
pub use {boma_google as google, wasm_bindgen};

/// Makes a crate the module of a function: `export!(kyc::FUNCTION)`.
///
/// A start function registers it, and no static: a start function runs again in each new instance of the module. After a trap the
/// host throws the instance away, with the panic hook and the registration in it.
#[macro_export]
macro_rules! export {
    ($function:path) => {
        $crate::export!($function, begin: const { $crate::google::begin_of(&$function) });
    };
    ($function:path, begin: $begin:expr) => {
        /// Runs first in each instance of the module.
        #[$crate::wasm_bindgen::prelude::wasm_bindgen(start, wasm_bindgen = $crate::wasm_bindgen)]
        pub fn start() {
            $crate::start($crate::Module { function: &$function, begin: $begin });
        }
    };
}
