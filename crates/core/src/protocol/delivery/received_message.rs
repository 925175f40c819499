//! A message as it arrived at a function.

use std::collections::BTreeMap;

use crate::{
    event::catalog::Topic,
    kernel::{digest::sha256_hex, malformed::Malformed},
    store::path::DocumentPath,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceivedMessage {
    /// The message's data; where the push body itself can't be read, that body.
    pub body: Vec<u8>,
    /// Why the push body can't be read.
    pub unreadable: Option<Malformed>,
    pub attributes: BTreeMap<String, String>,
    /// The topic that the subscription belongs to, where its name says so.
    pub topic: Option<Topic>,
    /// From 1.
    pub attempt: u32,
}

impl ReceivedMessage {
    /// A body that isn't a push message.
    pub fn unreadable(body: Vec<u8>, why: Malformed) -> ReceivedMessage {
        ReceivedMessage { body, unreadable: Some(why), attributes: BTreeMap::new(), topic: None, attempt: 1 }
    }

    /// Whom a dead letter is for that an operator published again; None for every other message.
    pub fn replay_for(&self) -> Option<&str> {
        self.attributes.get("replayFor").map(String::as_str)
    }

    /// The number of the replay of that letter, where the publisher gave one.
    pub(crate) fn replay_number(&self) -> Option<i64> {
        self.attributes.get("replayNumber")?.parse().ok()
    }

    /// Where this message's dead letter would be.
    pub(crate) fn letter_path(&self, consumer: &str) -> DocumentPath {
        DocumentPath::dead_letter(consumer, &sha256_hex(&self.body))
    }
}
