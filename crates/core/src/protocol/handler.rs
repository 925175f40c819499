//! A function that handles events: it names the documents to read, then decides.

use std::{fmt::Debug, hash::Hash};

use crate::{
    event::{
        catalog::{EventType, Topic},
        reader::{Event, Reader},
    },
    kernel::{ids::UserId, timestamp::Timestamp},
    protocol::decision::Decision,
    store::{document::Unreadable, path::DocumentPath, snapshot::Snapshot},
};

/// One consumer's responsibility. Everything here is pure and total, and may be run again.
pub trait Handler: Clone + Debug + PartialEq + Eq + Hash {
    /// The data of its events.
    type Fact: Clone + Debug + PartialEq + Eq + Hash + 'static;

    /// The function's folder name.
    const CONSUMER: &'static str;

    /// The types that it hears, each with the reader of its data.
    const HEARS: &'static [(EventType, Reader<Self::Fact>)];

    /// Every document that the decision depends on, as far as the event itself tells; what is told only by one of these is
    /// asked for by [`Decision::ReadAlso`].
    fn read_set(event: &Event<Self::Fact>) -> Vec<DocumentPath>;

    /// In whose timeline it stands once it is applied: the customer that the event is about.
    fn customer(event: &Event<Self::Fact>) -> Option<UserId> {
        event.envelope.subject.user()
    }

    fn decide(event: &Event<Self::Fact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable>;

    /// The topics that it hears: those of its types.
    fn topics() -> Vec<Topic> {
        let mut topics: Vec<_> = Self::HEARS.iter().map(|(event_type, _)| event_type.topic()).collect();
        topics.sort();
        topics.dedup();
        topics
    }
}
