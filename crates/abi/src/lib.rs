//! Boma's boundary to JavaScript, and the only user of wasm-bindgen.
//!
//! A function crate ends with `boma_abi::export!(Payments);`. Its Wasm then exports one class, [`Delivery`], and two
//! functions: `consumer()`, its name, and `forbidden()`, which judges who calls. The host makes a `Delivery` for each message
//! that arrives, asks it to begin, does the step that it answers with (an rpc, or a wait), brings the result, and so on until
//! the step is "done".
//!
//! Bodies and the bytes of RPCs cross as byte arrays, steps as small plain objects. An int64 never becomes a JavaScript
//! number on the way: the numbers that cross are milliseconds, HTTP statuses and gRPC codes.

mod caller;
mod consumer;
mod delivery;
mod panics;
mod step;

pub use caller::forbidden;
pub use consumer::{Consumer, Open, OpenAfterTrap, consumer_name, start};
pub use delivery::Delivery;

/// For [`export!`] alone: the function crates name no wasm-bindgen of their own.
#[doc(hidden)]
pub use {boma_core as core, boma_google as google, wasm_bindgen};

/// Makes a crate a function: `export!(Payments)` for a `Handler`, `export!(function: Exhausted)` for a `Function`,
/// `export!(sweep: TrialBalance)` for a `Chore` that is called on a schedule.
///
/// The start function, and not a static, registers it, because a start function runs again in each new instance of the
/// module: after a trap the host throws the instance away, with the panic hook and the registration in it.
#[macro_export]
macro_rules! export {
    ($handler:ident) => {
        $crate::export!(function: $crate::core::delivery::Deciding<$handler>);
    };
    (function: $function:ty) => {
        $crate::export!(
            consumer: <$function as $crate::core::delivery::Mind>::FUNCTION,
            open: $crate::google::open::<$function>,
            open_after_trap: $crate::google::open_after_trap::<$function>
        );
    };
    (sweep: $chore:ty) => {
        $crate::export!(
            consumer: <$chore as $crate::core::sweep::Chore>::FUNCTION,
            open: $crate::google::open_sweep::<$chore>,
            open_after_trap: $crate::google::open_sweep_after_trap::<$chore>
        );
    };
    (consumer: $name:expr, open: $open:expr, open_after_trap: $open_after_trap:expr) => {
        /// Runs first in each instance of the module.
        #[$crate::wasm_bindgen::prelude::wasm_bindgen(start, wasm_bindgen = $crate::wasm_bindgen)]
        pub fn start() {
            $crate::start($crate::Consumer { name: $name, open: $open, open_after_trap: $open_after_trap });
        }
    };
}
