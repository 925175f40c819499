//! The outcome of each letter of a replay, and its listener.

use crate::{
    protocol::{dead_letter::Kind, outcome::Fault},
    store::path::DocumentPath,
};

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterOutcome {
    Published,
    Replayed,
    /// Back for an operator.
    Returned {
        kind: Kind,
        reason: String,
    },
    Refused(String),
    /// Published, and not settled in time.
    Unsettled,
    /// The document isn't there any more.
    Gone,
    /// Not published: it has changed since it was listed.
    Stale,
    /// Not published.
    Failed(Fault),
    /// Not published, because one before it isn't settled.
    Held,
}

/// Is told the outcome of each letter.
pub trait Report {
    fn letter(&mut self, path: &DocumentPath, outcome: LetterOutcome);

    /// Whether letters to this consumer are left to a later run, for it doesn't settle any.
    fn is_unresponsive(&self, _consumer: &str) -> bool {
        false
    }
}
