//! Firestore and Pub/Sub in memory, behind the real request bytes: atomic commits under preconditions, queries, and the
//! published messages. It keeps documents as they are on the wire, which `tests/in-memory-store` doesn't: that one takes
//! requests in the types of the core, and can't find a mistake in their encoding.

use std::collections::BTreeMap;

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    BatchGetDocumentsRequest, BatchGetDocumentsResponse, CommitRequest, CommitResponse, Document, RunQueryRequest,
    Value, Write, batch_get_documents_response::Result as Found, precondition::ConditionType, value::ValueType,
    write::Operation,
};
use googleapis_tonic_google_pubsub_v1::google::pubsub::v1::{PublishRequest, PublishResponse, PubsubMessage};
use prost::Message as _;
use prost_types::Timestamp;

use crate::query::found_by;

pub const OK: i32 = 0;
const ALREADY_EXISTS: i32 = 6;
const FAILED_PRECONDITION: i32 = 9;
const UNIMPLEMENTED: i32 = 12;

/// The number of the field `found` in BatchGetDocumentsResponse: answers are encoded without a copy of the document.
const FOUND: u32 = 1;

#[derive(Clone, Debug, Default)]
pub struct Store {
    documents: BTreeMap<String, Document>,
    /// Topic and message.
    pub published: Vec<(String, PubsubMessage)>,
    commits: i64,
    /// All writes of ours have a precondition, except those on which nothing rests.
    takes_writes_without_precondition: bool,
}

/// The answer to an RPC: messages and gRPC status.
#[derive(Clone, Debug)]
pub struct Answered {
    pub messages: Vec<Vec<u8>>,
    pub status: i32,
}

impl Answered {
    /// An error status without messages.
    pub fn failed(status: i32) -> Answered {
        Answered { messages: Vec::new(), status }
    }
}

impl Store {
    /// A store that accepts writes without a precondition, as Firestore does.
    pub fn lenient() -> Store {
        Store { takes_writes_without_precondition: true, ..Store::default() }
    }

    pub fn put(&mut self, name: String, fields: BTreeMap<String, Value>) {
        self.put_at(name, fields, 1);
    }

    /// Writes a document with another update time, which is its version.
    pub fn put_at(&mut self, name: String, fields: BTreeMap<String, Value>, seconds: i64) {
        let update_time = Some(Timestamp { seconds, nanos: 0 });
        self.documents.insert(name.clone(), Document { name, fields, create_time: update_time, update_time });
    }

    /// Deletes a document, as Firestore's TTL does.
    pub fn remove(&mut self, name: &str) {
        self.documents.remove(name);
    }

    pub fn get(&self, name: &str) -> Option<&BTreeMap<String, Value>> {
        self.documents.get(name).map(|document| &document.fields)
    }

    pub fn documents(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, Value>)> {
        self.documents.iter().map(|(name, document)| (name.as_str(), &document.fields))
    }

    /// The documents whose names have this prefix.
    pub fn documents_below<'a>(&'a self, prefix: &str) -> impl Iterator<Item = (&'a str, &'a BTreeMap<String, Value>)> {
        let from = self.documents.range(prefix.to_owned()..);
        let below = from.take_while(move |(name, _)| name.starts_with(prefix));
        below.map(|(name, document)| (name.as_str(), &document.fields))
    }

    /// The number of commits.
    pub fn commits(&self) -> i64 {
        self.commits
    }

    pub fn answer(&mut self, path: &str, bytes: &[u8]) -> Answered {
        match path {
            "/google.firestore.v1.Firestore/BatchGetDocuments" => {
                let request = BatchGetDocumentsRequest::decode(bytes).expect("a read request");
                Answered { messages: self.read(request), status: OK }
            }
            "/google.firestore.v1.Firestore/Commit" => {
                let request = CommitRequest::decode(bytes).expect("a commit request");
                match self.commit(request) {
                    Ok(response) => Answered { messages: vec![response.encode_to_vec()], status: OK },
                    Err(status) => Answered::failed(status),
                }
            }
            "/google.firestore.v1.Firestore/RunQuery" => {
                let request = RunQueryRequest::decode(bytes).expect("a query request");
                Answered { messages: self.query(&request), status: OK }
            }
            "/google.pubsub.v1.Publisher/Publish" => self.publish(bytes),
            _ => Answered::failed(UNIMPLEMENTED),
        }
    }

    /// One message for each requested document.
    pub fn read(&self, request: BatchGetDocumentsRequest) -> Vec<Vec<u8>> {
        let answer = |name: String| match (self.documents.get(&name), &request.mask) {
            (Some(document), None) => {
                let mut message = Vec::new();
                prost::encoding::message::encode(FOUND, document, &mut message);
                message
            }
            (Some(document), Some(mask)) => {
                let mut document = document.clone();
                document.fields.retain(|field, _| mask.field_paths.contains(field));
                BatchGetDocumentsResponse { result: Some(Found::Found(document)), ..Default::default() }.encode_to_vec()
            }
            (None, _) => {
                BatchGetDocumentsResponse { result: Some(Found::Missing(name)), ..Default::default() }.encode_to_vec()
            }
        };
        request.documents.into_iter().map(answer).collect()
    }

    /// One message for each document found, in the query's order.
    pub fn query(&self, request: &RunQueryRequest) -> Vec<Vec<u8>> {
        found_by(&self.documents, request)
    }

    /// All writes or none. An error is gRPC's status.
    pub fn commit(&mut self, request: CommitRequest) -> Result<CommitResponse, i32> {
        if let Some(status) = self.refusal(&request) {
            return Err(status);
        }
        self.commits += 1;
        let committed_at = Timestamp { seconds: 1_000 + self.commits, nanos: 0 };
        for write in request.writes {
            self.apply(write, committed_at);
        }
        Ok(CommitResponse { commit_time: Some(committed_at), ..Default::default() })
    }

    /// The status with which a commit would be refused.
    pub fn refusal(&self, request: &CommitRequest) -> Option<i32> {
        request.writes.iter().find_map(|write| self.violated(write))
    }

    fn violated(&self, write: &Write) -> Option<i32> {
        let Some(Operation::Update(document)) = &write.operation else { return Some(UNIMPLEMENTED) };
        let there = self.documents.get(&document.name);
        let condition = write.current_document.as_ref().and_then(|condition| condition.condition_type);
        match condition {
            Some(ConditionType::Exists(false)) if there.is_some() => Some(ALREADY_EXISTS),
            Some(ConditionType::UpdateTime(at)) if there.and_then(|it| it.update_time) != Some(at) => {
                Some(FAILED_PRECONDITION)
            }
            Some(ConditionType::Exists(_) | ConditionType::UpdateTime(_)) => None,
            None if self.takes_writes_without_precondition || rests_on_nothing(&document.name) => None,
            None => Some(UNIMPLEMENTED),
        }
    }

    fn apply(&mut self, write: Write, at: Timestamp) {
        let Some(Operation::Update(mut update)) = write.operation else { return };
        let document = self.documents.entry(update.name.clone()).or_insert_with(|| Document {
            name: update.name.clone(),
            create_time: Some(at),
            ..Default::default()
        });
        document.update_time = Some(at);
        let Some(mask) = write.update_mask else {
            document.fields = update.fields;
            return;
        };
        for path in mask.field_paths {
            let names: Vec<&str> = path.split('.').map(|name| name.trim_matches('`')).collect();
            set(&mut document.fields, &names, take(&mut update.fields, &names));
        }
    }

    fn publish(&mut self, bytes: &[u8]) -> Answered {
        let request = PublishRequest::decode(bytes).expect("a publish request");
        let first = self.published.len() + 1;
        let message_ids = (first..first + request.messages.len()).map(|id| id.to_string()).collect();
        self.published.extend(request.messages.into_iter().map(|message| (request.topic.clone(), message)));
        Answered { messages: vec![PublishResponse { message_ids }.encode_to_vec()], status: OK }
    }
}

/// `users/{userId}/timeline/{entry}`, the checkpoints `sweeps/{function}` and the sums `pulse/{minute}.{shard}`: no decision rests on them,
/// so they need no precondition.
fn rests_on_nothing(name: &str) -> bool {
    let is_timeline_entry = || name.split_once("/documents/users/").is_some_and(|(_, it)| it.contains("/timeline/"));
    ["sweeps", "pulse"].iter().any(|collection| name.contains(&format!("/documents/{collection}/")))
        || is_timeline_entry()
}

/// Takes the value out of the request: a mask names each field once.
fn take(fields: &mut BTreeMap<String, Value>, path: &[&str]) -> Option<Value> {
    let (name, rest) = path.split_first()?;
    if rest.is_empty() {
        return fields.remove(*name);
    }
    match &mut fields.get_mut(*name)?.value_type {
        Some(ValueType::MapValue(map)) => take(&mut map.fields, rest),
        _ => None,
    }
}

fn set(fields: &mut BTreeMap<String, Value>, path: &[&str], value: Option<Value>) {
    let Some((name, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        match value {
            Some(value) => fields.insert((*name).to_owned(), value),
            None => fields.remove(*name),
        };
        return;
    }
    let inner = fields.entry((*name).to_owned()).or_default();
    if !matches!(inner.value_type, Some(ValueType::MapValue(_))) {
        inner.value_type = Some(ValueType::MapValue(Default::default()));
    }
    if let Some(ValueType::MapValue(map)) = &mut inner.value_type {
        set(&mut map.fields, rest, value);
    }
}
