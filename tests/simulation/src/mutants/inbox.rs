//! Mutants that read other documents than are stored, as if the function ignored them.

use boma_core::{
    event::{
        catalog::EventType,
        envelope::Envelope,
        origin::{FirstEdition, Origin},
    },
    protocol::delivery::ReceivedMessage,
};
use boma_google::{Action, Answer, Invocation, Tick, read_push};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    BatchGetDocumentsResponse, Document, Value, Write, batch_get_documents_response::Result as Found, value::ValueType,
};
use prost::Message as _;

use super::requests::{is_commit, is_of, with_writes};
use crate::stored::text;

/// The document that it reads instead; None: there is none.
type Seen = Box<dyn Fn(Document) -> Option<Document>>;

pub(super) struct Deceived {
    real: Box<dyn Invocation>,
    seen: Seen,
    /// The collection whose documents it overwrites without a precondition.
    overwrites: Option<&'static str>,
}

impl Deceived {
    /// Every record has the digest of this message.
    pub(super) fn no_digest(real: Box<dyn Invocation>, body: &[u8]) -> Self {
        let own = Envelope::parse(&received(body).body, Origin::Anywhere).ok().map(|it| it.digest.as_str().to_owned());
        let seen = move |mut document: Document| {
            if let (Some(own), true) = (&own, is_in(&document, "processed_events")) {
                set(&mut document, "digest", ValueType::StringValue(own.clone()));
            }
            Some(document)
        };
        Self { real, seen: Box::new(seen), overwrites: None }
    }

    pub(super) fn no_version_guard(real: Box<dyn Invocation>) -> Self {
        let seen = |mut document: Document| {
            if is_in(&document, "users") {
                set(&mut document, "accessVersion", ValueType::IntegerValue(0));
            }
            Some(document)
        };
        Self { real, seen: Box::new(seen), overwrites: None }
    }

    pub(super) fn version_ahead(real: Box<dyn Invocation>) -> Self {
        let seen = |mut document: Document| {
            if is_in(&document, "users") {
                set(&mut document, "kycVersion", ValueType::IntegerValue(i64::MAX));
            }
            Some(document)
        };
        Self { real, seen: Box::new(seen), overwrites: None }
    }

    pub(super) fn replay_skips_inbox(real: Box<dyn Invocation>, body: &[u8]) -> Self {
        let is_replay = received(body).replay().is_ok_and(|replay| replay.is_some());
        let seen = move |document: Document| (!is_replay || !is_in(&document, "processed_events")).then_some(document);
        Self { real, seen: Box::new(seen), overwrites: is_replay.then_some("processed_events") }
    }

    /// A withdrawal that has ended stays so, whatever the bank has paid.
    pub(super) fn late_settlement_refused(real: Box<dyn Invocation>, body: &[u8]) -> Self {
        let event = Envelope::parse(&received(body).body, Origin::Anywhere).ok();
        let is_settlement = event.is_some_and(|event| event.event_type == EventType::WithdrawalSettled);
        let seen = move |mut document: Document| {
            let has_ended = ["FAILED", "CANCELED", "EXPIRED"].contains(&text(&document.fields, "status"));
            if is_settlement && has_ended && is_in(&document, "transactions") {
                set(&mut document, "status", ValueType::StringValue("REVERSED".to_owned()));
            }
            Some(document)
        };
        Self { real, seen: Box::new(seen), overwrites: None }
    }

    /// Documents of the collection are overwritten as if they weren't there.
    pub(super) fn blind_for(real: Box<dyn Invocation>, collection: &'static str) -> Self {
        let seen = move |document: Document| (!is_in(&document, collection)).then_some(document);
        Self { real, seen: Box::new(seen), overwrites: Some(collection) }
    }
}

fn received(body: &[u8]) -> ReceivedMessage {
    read_push(body.to_vec().into(), FirstEdition::Drained)
}

impl Invocation for Deceived {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let answer = match answer {
            Answer::Rpc { messages, status } => {
                Answer::Rpc { messages: messages.into_iter().map(|message| self.shown(message)).collect(), status }
            }
            Answer::Begin | Answer::Body(..) | Answer::Fetched(_) | Answer::Waited => answer,
        };
        match (self.real.next(answer, tick), self.overwrites) {
            (Action::Rpc(rpc), Some(collection)) if is_commit(&rpc) => {
                let bare = |write: Write| {
                    if is_of(&write, collection) { Write { current_document: None, ..write } } else { write }
                };
                Action::Rpc(with_writes(rpc, |writes| writes.into_iter().map(bare).collect()))
            }
            (action, _) => action,
        }
    }
}

impl Deceived {
    /// Other messages than documents pass unchanged.
    fn shown(&self, message: Vec<u8>) -> Vec<u8> {
        let Ok(answer) = BatchGetDocumentsResponse::decode(message.as_slice()) else { return message };
        let Some(Found::Found(document)) = answer.result else { return message };
        let name = document.name.clone();
        let result = (self.seen)(document).map_or(Found::Missing(name), Found::Found);
        BatchGetDocumentsResponse { result: Some(result), ..Default::default() }.encode_to_vec()
    }
}

fn is_in(document: &Document, collection: &str) -> bool {
    document.name.contains(&format!("/documents/{collection}/"))
}

fn set(document: &mut Document, field: &str, value: ValueType) {
    document.fields.insert(field.to_owned(), Value { value_type: Some(value) });
}
