//! The result of acting on a change.

use crate::{protocol::outcome::Fault, store::document::Unreadable};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeReport {
    pub function: &'static str,
    pub event_id: String,
    pub outcome: ChangeOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    Finished,
    /// The document isn't what this release writes. The same change would come the same way each time for a day and hold up others
    /// of its trigger; it is acknowledged, and an error in the log. The next change of the document is another chance.
    Unreadable(Unreadable),
    /// The change shall come again.
    Faulty(Fault),
}
