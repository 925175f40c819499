//! Replays what waited for a lead as soon as that one is created: contacts, and the registration of a customer whom the lead became.
//!
//! The twin of `release`, whose policy it shares: a function has one trigger, and a trigger one path. A registration has the customer for
//! its subject, so it isn't the letters of the lead's key that are looked for but those that wait for the lead. Of each customer among
//! them all letters go whose document is there, in their order.
//!
//! Called again for the same lead it finds no open letter, or replays one that is on its way already: its number is the same, so it
//! counts once.

use boma_core::{
    jobs::release::{Release, Releasing},
    kernel::ids::{Id, LeadId},
    protocol::function::Function,
    store::path::DocumentPath,
};

#[derive(Clone, Copy, Debug)]
pub struct Leads;

pub const FUNCTION: Function = Function::of_change::<Release<Leads>>();

impl Releasing for Leads {
    const FUNCTION: &'static str = "release-leads";

    /// Of an id that no event could name, nothing waits.
    fn awaited(path: &str) -> Option<DocumentPath> {
        let id = path.strip_prefix("leads/")?;
        LeadId::parse(id).ok().map(DocumentPath::lead)
    }
}
