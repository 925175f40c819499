//! What Boma decides, and how: pure, without I/O, clock or randomness. The core is only told things.
//!
//! Read it in this order: [`envelope`], [`handler`], [`decision`], [`delivery`]; then any file of [`machines`].

pub mod catalog;
pub mod clock;
pub mod dead_letter;
pub mod decision;
pub mod delivery;
pub mod digest;
pub mod document;
pub mod envelope;
pub mod facts;
pub mod fields;
pub mod handler;
pub mod ids;
pub mod inbox;
pub mod json;
pub mod machines;
pub mod malformed;
pub mod money;
mod names;
pub mod outcome;
pub mod outgoing;
pub mod price;
pub mod questions;
pub mod stored;
pub mod sweep;
pub mod timeline;
pub mod timestamp;
pub mod trial_balance;
pub mod value;

pub use self::{
    catalog::{EventType, Topic},
    delivery::Delivery,
    handler::Handler,
    timestamp::Timestamp,
    value::Value,
};
