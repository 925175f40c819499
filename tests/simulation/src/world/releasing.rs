//! Eventarc tells `release` and `release-leads` of each document that is created, at least once, and again while they fail.

use std::collections::BTreeSet;

use boma_core::protocol::response::HttpResponse;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{CommitRequest, Document, write::Operation};

use super::{ROOT, World, jobs::FIRST_CALL};
use crate::{
    coverage::Sometimes,
    event_queue::QueuedEvent,
    in_flight::InFlight,
    plan::{DAY_MS, FaultKind, MINUTE_MS},
    stored::{moment_ms, text},
};

/// Each with the collection that it hears of.
const RELEASES: [(&str, &str); 2] = [("release", "users"), ("release-leads", "leads")];

/// Eventarc waits ten seconds at the least.
const AGAIN_AFTER_MS: u64 = 10_000;

/// Letters that are older aren't replayed any more.
const YOUNG_MS: u64 = 39 * DAY_MS;

/// The field of DocumentEventData.
const VALUE: u32 = 1;

pub(super) fn is_release(function: &str) -> bool {
    RELEASES.iter().any(|(name, _)| *name == function)
}

/// The function that hears of this document's creation.
fn hears_of(name: &str) -> Option<&'static str> {
    let of = |(_, collection): &&(&str, &str)| {
        let id = name.strip_prefix(ROOT).and_then(|path| path.strip_prefix(collection));
        id.is_some_and(|id| id.matches('/').count() == 1)
    };
    RELEASES.iter().find(of).map(|(function, _)| *function)
}

impl World {
    /// Before the commit takes effect.
    pub(super) fn schedule_releases(&mut self, request: &CommitRequest) {
        for write in &request.writes {
            let Some(Operation::Update(document)) = &write.operation else { continue };
            let Some(function) = hears_of(&document.name) else { continue };
            if self.store.get(&document.name).is_some() {
                continue;
            }
            let is_late = self.hits(FaultKind::LateBegin);
            let after_ms = self.chance.between(1, if is_late { 20 * MINUTE_MS } else { 2_000 });
            let times = if self.chance.one_in(8) { 2 } else { 1 };
            for _ in 0..times {
                let name = document.name.clone();
                self.event_queue.after(after_ms, QueuedEvent::DocumentCreated { function, name });
            }
        }
    }

    pub(super) fn eventarc_calls(&mut self, function: &'static str, name: String) {
        self.calls += 1;
        let id = FIRST_CALL + self.calls;
        let instance = self.fleet.any_of(function, &mut self.chance);
        let mut body = Vec::new();
        let document = Document { name: name.clone(), ..Document::default() };
        prost::encoding::message::encode(VALUE, &document, &mut body);
        self.in_flight.insert(id, InFlight::of_created(name, function, instance, body, self.mutant));
        self.invocation_begins(id);
    }

    /// Whether letters are left whose customer or lead is there. Each such document is told of once more, as Eventarc may do at any
    /// time: where sources wait, they wait for what is released, and no clock runs that would do the rest.
    pub(super) fn tells_of_what_is_left(&mut self) -> bool {
        let prefix = format!("{ROOT}dead_letters/");
        let letters = self.store.documents_below(&prefix).map(|(_, letter)| letter);
        let waiting = letters.filter(|letter| {
            let is_young = moment_ms(letter, "receivedAt").is_some_and(|at_ms| at_ms + YOUNG_MS > self.now_ms());
            text(letter, "kind") == "AWAITED" && text(letter, "status") == "OPEN" && is_young
        });
        let left: BTreeSet<_> = waiting.map(|letter| format!("{ROOT}{}", text(letter, "awaits"))).collect();
        let mut is_any = false;
        for name in left.into_iter().filter(|name| self.store.get(name).is_some()).collect::<Vec<_>>() {
            let Some(function) = hears_of(&name) else { continue };
            self.event_queue.after(1, QueuedEvent::DocumentCreated { function, name });
            is_any = true;
        }
        is_any
    }

    pub(super) fn release_finishes(&mut self, id: u64, response: &HttpResponse) {
        self.trace_invocation(id, |_| format!("answers {} {}", response.status, response.outcome()));
        if response.status >= 300 {
            self.tells_again(id);
        }
    }

    pub(super) fn tells_again(&mut self, id: u64) {
        let Some(in_flight) = self.in_flight.get(&id) else { return };
        let Some(name) = in_flight.created.clone() else { return };
        let function = in_flight.function;
        self.coverage.see(Sometimes::ReleaseAgain);
        self.event_queue.after(AGAIN_AFTER_MS, QueuedEvent::DocumentCreated { function, name });
    }
}
