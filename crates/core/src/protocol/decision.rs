//! What a handler answers.

use crate::{
    event::outbox::NewEvent,
    kernel::malformed::Malformed,
    store::{path::DocumentPath, write::Write},
};

#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Accept(Effects),
    /// Rightly nothing to do, and why.
    Ignore(&'static str),
    /// A business no. The reason reads as the rule: `AlreadyRegistered`.
    Refuse(String),
    /// The input breaks a rule that only the documents could show: how many decimals an amount has, whose currency is the
    /// transaction's.
    Malformed(Malformed),
    /// Not before this document is there.
    Await(DocumentPath),
    /// The decision depends on this document as well, as only the others could tell. Everything is then read again with it.
    ReadAlso(DocumentPath),
}

impl Decision {
    /// One document changes, and nobody is told.
    pub fn write(write: Write) -> Decision {
        Decision::Accept(Effects { writes: vec![write], ..Effects::default() })
    }
}

/// Changes, all or none, and the events that are published because of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    pub writes: Vec<Write>,
    pub events: Vec<NewEvent>,
    /// For the customer's timeline, where a state machine has decided.
    pub moved: Option<Move>,
}

/// The state before and after; the same where an edge comes back to where it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// None for what wasn't there.
    pub from: Option<&'static str>,
    pub to: &'static str,
}
