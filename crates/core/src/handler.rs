//! What a function is: first it says what it must read, then it decides.

use std::{collections::BTreeMap, fmt::Debug, hash::Hash};

use crate::{
    catalog::{EventType, Topic},
    decision::Decision,
    document::{Document, DocumentPath, Unreadable, UpdateTime},
    envelope::Envelope,
    ids::UserId,
    malformed::Malformed,
    timestamp::Timestamp,
};

/// One consumer's responsibility. Everything here is pure and total, and may be run again.
pub trait Handler: Clone + Debug + PartialEq + Eq + Hash {
    /// What the events that it hears carry.
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

/// Reads what an event of one type carries.
pub type Reader<F> = fn(&Envelope) -> Result<F, Malformed>;

/// An envelope whose data has been read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event<F> {
    pub envelope: Envelope,
    pub fact: F,
}

/// What was read, all of it at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Snapshot {
    found: BTreeMap<DocumentPath, Option<Stored>>,
}

/// A record and the version of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stored {
    pub document: Document,
    pub updated_at: UpdateTime,
}

impl Snapshot {
    /// None stands for a document that wasn't there.
    pub fn insert(&mut self, path: DocumentPath, stored: Option<Stored>) {
        self.found.insert(path, stored);
    }

    /// The document, where there is one.
    pub fn get(&self, path: &DocumentPath) -> Option<&Document> {
        self.found.get(path)?.as_ref().map(|stored| &stored.document)
    }

    /// What the document says, where there is one.
    pub fn read<T>(
        &self,
        path: &DocumentPath,
        reader: fn(&Document) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        self.get(path).map(reader).transpose()
    }

    /// Whether anybody looked, whatever was found.
    pub fn was_read(&self, path: &DocumentPath) -> bool {
        self.found.contains_key(path)
    }

    /// None if nobody looked; Some(None) if nothing was there.
    pub(crate) fn version(&self, path: &DocumentPath) -> Option<Option<UpdateTime>> {
        self.found.get(path).map(|stored| stored.as_ref().map(|stored| stored.updated_at))
    }
}
