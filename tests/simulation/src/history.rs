//! The history of a run: publications, commits, job runs. Auditors judge it together with the stored documents, and read
//! nothing else.

use std::collections::{BTreeMap, BTreeSet};

use boma_core::{event::catalog::Topic, kernel::timestamp::Timestamp};

use crate::{
    content::{Claim, Content, Flaw},
    stored::Fields,
};

#[derive(Debug, Default)]
pub struct History {
    pub contents: Vec<Content>,
    pub publications: Vec<Publication>,
    pub commits: Vec<Commit>,
    /// Contents by event id. There are several where an id is used twice, or where a claim is published in other bytes.
    by_event: BTreeMap<String, Vec<usize>>,
    unreadable: BTreeMap<Vec<u8>, usize>,
    /// Consumer and content of every message that was delivered.
    pub delivered: BTreeSet<(&'static str, usize)>,
    /// Consumer and event of every message that ran out of attempts.
    pub given_up: BTreeSet<(&'static str, String)>,
    /// Records that Firestore's TTL has deleted: when, by document name.
    pub expired: BTreeMap<String, u64>,
    /// Mails that it has deleted, as they were.
    pub deleted_mails: BTreeMap<String, Fields>,
    /// Closed letters that expired, by name.
    pub deleted_letters: BTreeMap<String, Fields>,
    /// The job runs that ended.
    pub job_runs: Vec<JobRun>,
    /// The first publication of each event, by event id.
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
    /// Expiries, and replays of letters whose awaited document is there.
    Clock,
    /// Replays of letters by the function that hears of their document, or by the delivery that filed them.
    Release,
    Operator,
    GivenUp,
}

/// One commit that took effect.
#[derive(Debug)]
pub struct Commit {
    /// The number of the commit, from 1.
    pub number: i64,
    /// The number of commits when its delivery read the documents.
    pub seen_commits: i64,
    pub record: Option<RecordWrite>,
}

/// One run of a scheduled job that ended.
#[derive(Debug)]
pub struct JobRun {
    pub function: &'static str,
    pub began_ms: u64,
    pub outcome: &'static str,
    /// Whether it went on where another had stopped.
    pub is_resumed: bool,
}

#[derive(Debug)]
pub struct RecordWrite {
    pub consumer: String,
    pub event_id: String,
    pub outcome: String,
    pub reason: String,
    pub digest: String,
    pub outgoing_ids: Vec<String>,
    /// The host's time at the decision.
    pub processed_micros: i64,
}

impl RecordWrite {
    /// The same in RFC 3339.
    pub fn processed_at(&self) -> String {
        Timestamp::from_micros(self.processed_micros).map_or_else(String::new, |at| at.to_string())
    }
}

impl History {
    /// The number of a content. The same bytes have the same number.
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

    /// The contents that use an event's id.
    pub fn texts_of(&self, event_id: &str) -> &[usize] {
        self.by_event.get(event_id).map_or(&[], Vec::as_slice)
    }

    /// The claim that a record is about: the one with its id and its digest.
    pub fn claim_of(&self, record: &RecordWrite) -> Option<&Claim> {
        let claims = self.texts_of(&record.event_id).iter().filter_map(|text| self.contents[*text].claim.as_ref());
        claims.into_iter().find(|claim| claim.digest() == record.digest)
    }

    /// The claim of a published event.
    pub fn claim_of_id(&self, event_id: &str) -> Option<&Claim> {
        let publication = &self.publications[*self.published_events.get(event_id)?];
        self.contents[publication.content].claim.as_ref()
    }

    pub fn content_of(&self, message: usize) -> &Content {
        &self.contents[self.publications[message].content]
    }
}
