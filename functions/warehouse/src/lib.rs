//! Appends every change of a customer, a transaction, a lead, a KYC case or a dead letter to its table in BigQuery: a row for each version
//! of the document, typed, whatever order the changes come in and however often.
//!
//! The work is `boma_core::jobs::warehouse`; the tables are `analytics/tables/`.

use boma_core::{jobs::warehouse::Append, protocol::function::Function};

pub const FUNCTION: Function = Function::of_change::<Append>().appending();
