//! The real deliveries of the real functions, driven through every interleaving of one key's messages with a few faults.
//!
//! A [`scenario`] says what is published and what is there. [`state`] is one moment, [`action`] what may happen next, [`turn`]
//! what comes of it; [`properties`] must always hold. What is asked of Google is answered by [`store`] and [`queue`], in the
//! words of the protocol. [`product`] is where a mutant breaks what is otherwise driven as it is.

pub mod action;
pub mod check;
pub mod intern;
mod model;
pub mod mutants;
pub mod product;
mod properties;
mod pubsub;
pub mod queue;
pub mod running;
pub mod scenario;
pub mod scenarios;
pub mod settled;
pub mod state;
pub mod store;
pub mod story;
pub mod talk;
mod turn;
pub mod world;
