//! The raw log of a run: everything that was published, everything that was committed, every word that a function gave.
//! Auditors read this and nothing else but the documents.

use std::collections::{BTreeMap, BTreeSet};

use boma_core::event::catalog::Topic;

use crate::content::{Claim, Content, Flaw};

#[derive(Debug, Default)]
pub struct Chronicle {
    pub contents: Vec<Content>,
    pub publications: Vec<Publication>,
    pub commits: Vec<Commit>,
    /// Texts by the id of their event: more than one where an id was used twice, or a claim was put in other words.
    by_event: BTreeMap<String, Vec<usize>>,
    unreadable: BTreeMap<Vec<u8>, usize>,
    /// Consumer and text: what was delivered at least once.
    pub delivered: BTreeSet<(&'static str, usize)>,
    /// Consumer and event: what Pub/Sub gave up.
    pub given_up: BTreeSet<(&'static str, String)>,
    /// Records that Firestore has deleted, by name, and when it last did.
    pub expired: BTreeMap<String, u64>,
    /// What became of the scheduler's calls.
    pub sweeps: Vec<Sweep>,
    /// Ids of events that a topic has taken.
    pub published_events: BTreeMap<String, usize>,
}

/// One message in a topic.
#[derive(Debug)]
pub struct Publication {
    pub content: usize,
    pub topic: Topic,
    pub key: String,
    pub attributes: BTreeMap<String, String>,
    pub at_ms: u64,
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Source,
    FollowUp,
    /// What has ended, and letters whose document has come.
    Clock,
    Operator,
    GivenUp,
}

/// One commit that took effect.
#[derive(Debug)]
pub struct Commit {
    /// From 1, in the order in which they took effect.
    pub number: i64,
    /// How many commits there had been when the documents were read that it rests on.
    pub seen_commits: i64,
    pub record: Option<RecordWrite>,
}

/// One call of the scheduler that came to its end.
#[derive(Debug)]
pub struct Sweep {
    pub function: &'static str,
    pub began_ms: u64,
    pub outcome: &'static str,
    /// Whether it went on where another had stopped.
    pub is_taken_up: bool,
}

#[derive(Debug)]
pub struct RecordWrite {
    pub consumer: String,
    pub event_id: String,
    pub outcome: String,
    pub reason: String,
    pub digest: String,
    pub outgoing_ids: Vec<String>,
}

impl Chronicle {
    /// The number of a text; the same text has one.
    pub fn content(&mut self, data: Vec<u8>, claim: Option<Claim>, flaw: Flaw) -> usize {
        let known = match &claim {
            Some(claim) => {
                self.by_event.get(&claim.id).and_then(|all| all.iter().find(|it| self.contents[**it].data == data))
            }
            None => self.unreadable.get(&data),
        };
        if let Some(known) = known {
            return *known;
        }
        let number = self.contents.len();
        match &claim {
            Some(claim) => self.by_event.entry(claim.id.clone()).or_default().push(number),
            None => _ = self.unreadable.insert(data.clone(), number),
        }
        self.contents.push(Content::new(data, claim, flaw));
        number
    }

    pub fn publish(&mut self, publication: Publication) -> usize {
        let number = self.publications.len();
        let content = &self.contents[publication.content];
        if let Some(claim) = content.claim.as_ref().filter(|_| publication.origin != Origin::GivenUp) {
            self.published_events.entry(claim.id.clone()).or_insert(number);
        }
        self.publications.push(publication);
        number
    }

    /// The texts that use an event's id.
    pub fn texts_of(&self, event_id: &str) -> &[usize] {
        self.by_event.get(event_id).map_or(&[], Vec::as_slice)
    }

    /// The claim behind a record: the one text with its id that has its digest.
    pub fn claim_of(&self, record: &RecordWrite) -> Option<&Claim> {
        let claims = self.texts_of(&record.event_id).iter().filter_map(|text| self.contents[*text].claim.as_ref());
        claims.into_iter().find(|claim| claim.digest() == record.digest)
    }

    /// What a follow-up says, if a topic has taken it.
    pub fn claim_of_id(&self, event_id: &str) -> Option<&Claim> {
        let publication = &self.publications[*self.published_events.get(event_id)?];
        self.contents[publication.content].claim.as_ref()
    }

    pub fn content_of(&self, message: usize) -> &Content {
        &self.contents[self.publications[message].content]
    }
}
