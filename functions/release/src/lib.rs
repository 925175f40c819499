//! Replays what waited for a customer as soon as that one is registered: payments, results of a check and whatever else came first,
//! filed as AWAITED.
//!
//! A function of Google's has one trigger, and a trigger one path. So the other document that is waited for and created from outside, a
//! lead, has a function of its own, `release-leads`. Transactions are waited for, too, and have none: they are many, hardly any is
//! waited for, and the clock looks for them every ten minutes.
//!
//! Called again for the same customer it finds no open letter, or replays one that is on its way already: its number is the same, so
//! it counts once.

use boma_core::{
    jobs::release::{Release, Releasing},
    kernel::ids::{Id, UserId},
    protocol::function::Function,
    store::path::DocumentPath,
};

#[derive(Clone, Copy, Debug)]
pub struct Customers;

pub const FUNCTION: Function = Function::of_change::<Release<Customers>>();

impl Releasing for Customers {
    const FUNCTION: &'static str = "release";

    /// Of an id that no event could name, nothing waits.
    fn awaited(path: &str) -> Option<DocumentPath> {
        let id = path.strip_prefix("users/")?;
        UserId::parse(id).ok().map(DocumentPath::user)
    }
}
