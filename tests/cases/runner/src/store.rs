//! A store that takes the real request bytes: atomic commits under preconditions, and a list of what was published.

use std::collections::BTreeMap;

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    BatchGetDocumentsRequest, BatchGetDocumentsResponse, CommitRequest, CommitResponse, Document, Value, Write,
    batch_get_documents_response::Result as Found, precondition::ConditionType, value::ValueType, write::Operation,
};
use googleapis_tonic_google_pubsub_v1::google::pubsub::v1::{PublishRequest, PublishResponse, PubsubMessage};
use prost::Message as _;
use prost_types::Timestamp;

pub const OK: i32 = 0;
const ALREADY_EXISTS: i32 = 6;
const FAILED_PRECONDITION: i32 = 9;
const UNIMPLEMENTED: i32 = 12;

#[derive(Clone, Debug, Default)]
pub struct Store {
    documents: BTreeMap<String, Document>,
    /// Topic and message.
    pub published: Vec<(String, PubsubMessage)>,
    commits: i64,
}

/// The messages and the status that a call comes to.
#[derive(Clone, Debug)]
pub struct Answered {
    pub messages: Vec<Vec<u8>>,
    pub status: i32,
}

impl Store {
    pub fn put(&mut self, name: String, fields: BTreeMap<String, Value>) {
        let update_time = Some(Timestamp { seconds: 1, nanos: 0 });
        self.documents.insert(name.clone(), Document { name, fields, create_time: update_time, update_time });
    }

    pub fn documents(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, Value>)> {
        self.documents.iter().map(|(name, document)| (name.as_str(), &document.fields))
    }

    pub fn answer(&mut self, path: &str, bytes: &[u8]) -> Answered {
        match path {
            "/google.firestore.v1.Firestore/BatchGetDocuments" => self.read(bytes),
            "/google.firestore.v1.Firestore/Commit" => self.commit(bytes),
            "/google.pubsub.v1.Publisher/Publish" => self.publish(bytes),
            _ => Answered { messages: Vec::new(), status: UNIMPLEMENTED },
        }
    }

    fn read(&self, bytes: &[u8]) -> Answered {
        let request = BatchGetDocumentsRequest::decode(bytes).expect("a read request");
        let answer = |name: String| {
            let found = self.documents.get(&name).cloned().map_or(Found::Missing(name), Found::Found);
            BatchGetDocumentsResponse { result: Some(found), ..Default::default() }.encode_to_vec()
        };
        Answered { messages: request.documents.into_iter().map(answer).collect(), status: OK }
    }

    fn commit(&mut self, bytes: &[u8]) -> Answered {
        let request = CommitRequest::decode(bytes).expect("a commit request");
        if let Some(status) = request.writes.iter().find_map(|write| self.violated(write)) {
            return Answered { messages: Vec::new(), status };
        }
        self.commits += 1;
        let committed_at = Timestamp { seconds: 1_000 + self.commits, nanos: 0 };
        for write in request.writes {
            self.apply(write, committed_at);
        }
        let response = CommitResponse { commit_time: Some(committed_at), ..Default::default() };
        Answered { messages: vec![response.encode_to_vec()], status: OK }
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
            // Every write of ours has one.
            None => Some(UNIMPLEMENTED),
        }
    }

    fn apply(&mut self, write: Write, at: Timestamp) {
        let Some(Operation::Update(update)) = write.operation else { return };
        let document = self.documents.entry(update.name.clone()).or_insert_with(|| Document {
            name: update.name.clone(),
            create_time: Some(at),
            ..Default::default()
        });
        document.update_time = Some(at);
        for path in write.update_mask.expect("every write of ours has a mask").field_paths {
            let names: Vec<&str> = path.split('.').map(|name| name.trim_matches('`')).collect();
            set(&mut document.fields, &names, get(&update.fields, &names).cloned());
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

fn get<'a>(fields: &'a BTreeMap<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (name, rest) = path.split_first()?;
    let value = fields.get(*name)?;
    match (&value.value_type, rest.is_empty()) {
        (_, true) => Some(value),
        (Some(ValueType::MapValue(map)), false) => get(&map.fields, rest),
        (_, false) => None,
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
