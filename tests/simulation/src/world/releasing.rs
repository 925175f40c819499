//! Eventarc tells `release` and `release-leads` of each document that is created, at least once, and again while they fail.

use boma_core::protocol::response::HttpResponse;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{CommitRequest, Document, write::Operation};

use super::{ROOT, World, jobs::FIRST_CALL};
use crate::{
    coverage::Sometimes,
    event_queue::QueuedEvent,
    in_flight::InFlight,
    plan::{FaultKind, MINUTE_MS},
};

/// Each with the collection that it hears of.
const RELEASES: [(&str, &str); 2] = [("release", "users"), ("release-leads", "leads")];

/// Eventarc waits ten seconds at the least.
const AGAIN_AFTER_MS: u64 = 10_000;

/// The field of DocumentEventData.
const VALUE: u32 = 1;

pub(super) fn is_release(function: &str) -> bool {
    RELEASES.iter().any(|(name, _)| *name == function)
}

impl World {
    /// Before the commit takes effect.
    pub(super) fn schedule_releases(&mut self, request: &CommitRequest) {
        for write in &request.writes {
            let Some(Operation::Update(document)) = &write.operation else { continue };
            let of = |(_, collection): &&(&str, &str)| {
                let id = document.name.strip_prefix(ROOT).and_then(|path| path.strip_prefix(collection));
                id.is_some_and(|id| id.matches('/').count() == 1)
            };
            let Some((function, _)) = RELEASES.iter().find(of) else { continue };
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
