//! Mutants that change a function's calls or its response.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use boma_core::{event::catalog::EventType, protocol::response::HttpResponse};
use boma_google::{Action, Answer, Invocation, Rpc, Tick};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{CommitRequest, Write, write::Operation};
use prost::Message as _;
use serde_json::Value as Json;

const OK: i32 = 0;

pub(super) fn is_commit(rpc: &Rpc) -> bool {
    rpc.path.ends_with("/Commit")
}

pub(super) fn is_publish(rpc: &Rpc) -> bool {
    rpc.path.ends_with("/Publish")
}

pub(super) fn is_of(write: &Write, collection: &str) -> bool {
    match &write.operation {
        Some(Operation::Update(document)) => document.name.contains(&format!("/documents/{collection}/")),
        _ => false,
    }
}

/// The same request with other writes.
pub(super) fn with_writes(rpc: Rpc, change: impl FnOnce(Vec<Write>) -> Vec<Write>) -> Rpc {
    let mut request = CommitRequest::decode(rpc.bytes.as_slice()).expect("a commit request");
    request.writes = change(request.writes);
    Rpc { bytes: request.encode_to_vec(), ..rpc }
}

/// Publishes only after its own commit.
pub(super) struct DuplicateNotPublishedAgain {
    real: Box<dyn Invocation>,
    commits: bool,
    has_committed: bool,
}

impl DuplicateNotPublishedAgain {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real, commits: false, has_committed: false }
    }
}

impl Invocation for DuplicateNotPublishedAgain {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        self.has_committed |= self.commits && matches!(answer, Answer::Rpc { status: OK, .. });
        let mut action = self.real.next(answer, tick);
        while let Action::Rpc(rpc) = &action {
            if !is_publish(rpc) || self.has_committed {
                break;
            }
            action = self.real.next(Answer::Rpc { messages: Vec::new(), status: OK }, tick);
        }
        self.commits = matches!(&action, Action::Rpc(rpc) if is_commit(rpc));
        action
    }
}

/// Sends the record in a commit of its own, after the state.
pub(super) struct RecordInSecondCommit {
    real: Box<dyn Invocation>,
    second: Option<Rpc>,
}

impl RecordInSecondCommit {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real, second: None }
    }
}

impl Invocation for RecordInSecondCommit {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let second = self.second.take();
        if let (Some(second), Answer::Rpc { status: OK, .. }) = (second, &answer) {
            return Action::Rpc(second);
        }
        match self.real.next(answer, tick) {
            Action::Rpc(rpc) if is_commit(&rpc) => {
                let is_record = |write: &Write| is_of(write, "processed_events");
                let first = with_writes(rpc.clone(), |writes| writes.into_iter().filter(|it| !is_record(it)).collect());
                let is_whole = CommitRequest::decode(first.bytes.as_slice()).is_ok_and(|it| it.writes.is_empty());
                if is_whole {
                    return Action::Rpc(rpc);
                }
                self.second = Some(with_writes(rpc, |writes| writes.into_iter().filter(is_record).collect()))
                    .filter(|rpc| CommitRequest::decode(rpc.bytes.as_slice()).is_ok_and(|it| !it.writes.is_empty()));
                Action::Rpc(first)
            }
            action @ (Action::Body | Action::Rpc(_) | Action::Fetch(_) | Action::Wait { .. } | Action::Done(_)) => {
                action
            }
        }
    }
}

pub(super) struct NoPrecondition {
    real: Box<dyn Invocation>,
}

impl NoPrecondition {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real }
    }
}

impl Invocation for NoPrecondition {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let bare = |write: Write| Write { current_document: None, ..write };
        match self.real.next(answer, tick) {
            Action::Rpc(rpc) if is_commit(&rpc) => {
                Action::Rpc(with_writes(rpc, |writes| writes.into_iter().map(bare).collect()))
            }
            action @ (Action::Body | Action::Rpc(_) | Action::Fetch(_) | Action::Wait { .. } | Action::Done(_)) => {
                action
            }
        }
    }
}

/// Commits state and record without the timeline entries.
pub(super) struct NoTimeline {
    real: Box<dyn Invocation>,
}

impl NoTimeline {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real }
    }
}

impl Invocation for NoTimeline {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let is_kept = |write: &Write| !is_of(write, "users") || write.update_mask.is_some();
        match self.real.next(answer, tick) {
            Action::Rpc(rpc) if is_commit(&rpc) => {
                Action::Rpc(with_writes(rpc, |writes| writes.into_iter().filter(is_kept).collect()))
            }
            action @ (Action::Body | Action::Rpc(_) | Action::Fetch(_) | Action::Wait { .. } | Action::Done(_)) => {
                action
            }
        }
    }
}

/// Responds with a wrong status.
pub(super) struct Answering {
    real: Box<dyn Invocation>,
    /// None: for every outcome.
    outcome: Option<&'static str>,
    status: u16,
}

impl Answering {
    pub(super) fn always(real: Box<dyn Invocation>, status: u16) -> Self {
        Self { real, outcome: None, status }
    }

    pub(super) fn only(real: Box<dyn Invocation>, outcome: &'static str, status: u16) -> Self {
        Self { real, outcome: Some(outcome), status }
    }
}

impl Invocation for Answering {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        match self.real.next(answer, tick) {
            Action::Done(response) if self.outcome.is_none_or(|outcome| Some(outcome) == response.outcome) => {
                Action::Done(HttpResponse { status: self.status, ..response })
            }
            action @ (Action::Body | Action::Rpc(_) | Action::Fetch(_) | Action::Wait { .. } | Action::Done(_)) => {
                action
            }
        }
    }
}

/// The subscription says the topic of the event's type, whichever it came by. Replays and what was given up stay what they are.
pub(super) fn take_for_its_own_topic(push: &mut Json) {
    let event = push["message"]["data"].as_str().and_then(|data| BASE64_STANDARD.decode(data).ok());
    let event: Option<Json> = event.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let event_type = event.as_ref().and_then(|event| EventType::from_name(event["type"].as_str()?));
    let Some(name) = push["subscription"].as_str().map(str::to_owned) else { return };
    let Some((consumer, topic)) = name.rsplit_once('.') else { return };
    if let Some(event_type) = event_type.filter(|_| topic != "replays" && topic != "dead-letters") {
        push["subscription"] = format!("{consumer}.{}", event_type.topic()).into();
    }
}
