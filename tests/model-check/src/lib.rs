//! The real deliveries of the real functions, driven through every interleaving of one key's messages with a few faults.
//!
//! A [`scenario`] says which events are published and which documents exist. [`state`] is one state, [`action`] lists what may
//! happen next, and [`transition`] computes the state after it. [`properties`] are checked in each. [`in_memory_store`] stands
//! for Firestore, [`queue`] for Pub/Sub. [`interceptor`] is the seam at which a mutant breaks the real delivery.

pub mod action;
pub mod any_delivery;
pub mod check;
pub mod claim;
pub mod consumer;
pub mod entry;
pub mod in_flight;
pub mod interceptor;
pub mod intern;
mod model;
pub mod mutants;
pub mod product;
mod properties;
mod pubsub;
pub mod queue;
mod release;
pub mod scenario;
pub mod scenarios;
pub mod settled;
pub mod state;
pub mod trace;
mod transition;
pub mod world;
