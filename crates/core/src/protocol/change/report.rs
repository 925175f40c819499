//! The result of acting on a change.

use crate::{
    protocol::{dead_letter::Kind, outcome::Fault},
    store::document::Unreadable,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeReport {
    pub function: &'static str,
    pub event_id: String,
    pub outcome: ChangeOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    Finished,
    /// It is in a write that was made for so many changes. Of them the call that made the write says so; the others have nothing to
    /// say: `None`.
    Pooled {
        changes: Option<u32>,
    },
    /// The write that it was in has failed, and the call that made it says so. The change shall come again.
    PoolFailed,
    /// The change is a row of the warehouse now; with the fields that its table doesn't know.
    Appended {
        unknown_fields: Vec<String>,
    },
    /// It can't be acted on, and is kept as a dead letter.
    Filed {
        kind: Kind,
        reason: String,
    },
    /// The document isn't what this release writes. The same change would come the same way each time for a day and hold up others
    /// of its trigger; it is acknowledged, and an error in the log. The next change of the document is another chance.
    Unreadable(Unreadable),
    /// The change shall come again.
    Faulty(Fault),
}
