//! The messages of one ordering key in one subscription.

use boma_core::event::outbox::Message;

use crate::intern::Id;

/// In the order of publication.
pub type Entries = Vec<Entry>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub message: Id<Message>,
    /// How often it was delivered. Counting stops at the scenario's `most_attempts`: a higher number would tell states apart
    /// that behave the same.
    pub attempts: u8,
    /// Whether its attempts ran out and it went to the topic of dead letters.
    pub is_given_up: bool,
}

impl Entry {
    pub fn new(message: Id<Message>) -> Entry {
        Entry { message, attempts: 0, is_given_up: false }
    }
}
