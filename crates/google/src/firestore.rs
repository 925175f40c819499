//! Reading and committing documents.

use crate::{
    host::HostConfig,
    rpc::{CallKind, Rpc, Target, routing},
    value::{map_from_proto, to_proto},
};
use boma_core::store::{
    document::{Document, UpdateTime},
    path::DocumentPath,
    snapshot::{Snapshot, Stored},
    write::{Change, Expected, GuardedWrite},
};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    BatchGetDocumentsRequest, BatchGetDocumentsResponse, CommitRequest, Document as ProtoDocument, DocumentMask,
    MapValue, Precondition, Value as ProtoValue, Write, batch_get_documents_response::Result as Found,
    precondition::ConditionType, value::ValueType, write::Operation,
};
use prost::Message as _;

/// One BatchGetDocuments without a transaction: all documents as of one read time, and no locks. Without a mask where no field is
/// named: that is all of them.
pub fn read_request(config: &HostConfig, paths: &[DocumentPath], fields: &[&str], timeout_ms: u32) -> Rpc {
    let database = config.database_name();
    let field_paths: Vec<_> = fields.iter().map(|field| (*field).to_owned()).collect();
    let request = BatchGetDocumentsRequest {
        documents: paths.iter().map(|path| config.document_name(path)).collect(),
        mask: (!field_paths.is_empty()).then_some(DocumentMask { field_paths }),
        database: database.clone(),
        ..Default::default()
    };
    rpc("/google.firestore.v1.Firestore/BatchGetDocuments", CallKind::ServerStream, database, timeout_ms, &request)
}

/// One atomic Commit, each write under its precondition.
pub fn commit_request(config: &HostConfig, writes: Vec<GuardedWrite>, timeout_ms: u32) -> Rpc {
    let database = config.database_name();
    let request = CommitRequest {
        writes: writes.into_iter().map(|write| write_to_proto(config, write)).collect(),
        database: database.clone(),
        ..Default::default()
    };
    rpc("/google.firestore.v1.Firestore/Commit", CallKind::Unary, database, timeout_ms, &request)
}

/// What BatchGetDocuments streamed back. None if the bytes aren't an answer, or not one to all of `paths`.
pub fn decode_read(config: &HostConfig, paths: &[DocumentPath], messages: &[Vec<u8>]) -> Option<Snapshot> {
    let mut snapshot = Snapshot::default();
    let mut unanswered: Vec<_> = paths.iter().map(|path| (config.document_name(path), path)).collect();
    let mut answered = |name: &str| {
        let index = unanswered.iter().position(|(asked, _)| asked == name)?;
        Some(unanswered.swap_remove(index).1.clone())
    };
    for message in messages {
        match BatchGetDocumentsResponse::decode(message.as_slice()).ok()?.result {
            Some(Found::Found(document)) => {
                let path = answered(&document.name)?;
                snapshot.insert(path, Some(stored(document)?));
            }
            Some(Found::Missing(name)) => snapshot.insert(answered(&name)?, None),
            None => {} // only a read time
        }
    }
    unanswered.is_empty().then_some(snapshot)
}

fn rpc(path: &'static str, kind: CallKind, database: String, timeout_ms: u32, request: &impl prost::Message) -> Rpc {
    Rpc {
        target: Target::Firestore,
        path,
        kind,
        timeout_ms,
        metadata: vec![routing("database", &database), ("google-cloud-resource-prefix", database)],
        bytes: request.encode_to_vec(),
    }
}

pub(crate) fn stored(document: ProtoDocument) -> Option<Stored> {
    let at = document.update_time?;
    Some(Stored {
        document: Document { fields: map_from_proto(document.fields) },
        updated_at: UpdateTime { seconds: at.seconds, nanos: at.nanos },
    })
}

fn write_to_proto(config: &HostConfig, write: GuardedWrite) -> Write {
    let condition = match write.expected {
        Expected::Absent => Some(ConditionType::Exists(false)),
        Expected::Version(at) => {
            Some(ConditionType::UpdateTime(prost_types::Timestamp { seconds: at.seconds, nanos: at.nanos }))
        }
        Expected::Whatever => None,
    };
    // Without a mask the write replaces the whole document.
    let update_mask = condition.map(|_| DocumentMask { field_paths: write.changes.iter().map(field_path).collect() });
    let mut document = ProtoDocument { name: config.document_name(&write.path), ..Default::default() };
    for change in write.changes {
        if let Some(value) = change.value {
            place(&mut document.fields, &change.field, to_proto(value));
        }
    }
    Write {
        update_mask,
        operation: Some(Operation::Update(document)),
        current_document: condition.map(|condition| Precondition { condition_type: Some(condition) }),
        ..Default::default()
    }
}

/// Puts the value where its path says, making the maps on the way.
fn place(fields: &mut std::collections::BTreeMap<String, ProtoValue>, path: &[String], value: ProtoValue) {
    let Some((name, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        fields.insert(name.clone(), value);
        return;
    }
    let inner = fields.entry(name.clone()).or_default();
    if !matches!(inner.value_type, Some(ValueType::MapValue(_))) {
        inner.value_type = Some(ValueType::MapValue(MapValue::default()));
    }
    if let Some(ValueType::MapValue(map)) = &mut inner.value_type {
        place(&mut map.fields, rest, value);
    }
}

/// `balances.CZK`; a name that isn't a plain identifier is quoted.
fn field_path(change: &Change) -> String {
    let quoted = |name: &String| {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && name.bytes().next().is_some_and(|b| !b.is_ascii_digit());
        if plain { name.clone() } else { format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")) }
    };
    change.field.iter().map(quoted).collect::<Vec<_>>().join(".")
}
