//! Adds up what changes, minute by minute, for the page that operators look at: how many documents, to which status, how much money,
//! and the newest of them. Changes that are here at the same time share one write.
//!
//! The sums are `boma_core::domain::pulse`, how they are shared is `boma_core::jobs::pulse`.

use boma_core::{jobs::pulse, protocol::function::Function};

pub const FUNCTION: Function = Function::of_pooled_changes(pulse::FUNCTION, pulse::pool);
