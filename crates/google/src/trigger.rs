//! What a Firestore trigger posts: a document as it was and as it is.

use boma_core::{document::Document, malformed::Malformed};
use googleapis_tonic_google_firestore_v1::google::firestore::v1 as firestore;
use prost::Message as _;

use crate::value::map_from_proto;

/// A document's change. Of the two sides, `before` is missing where it was created, `after` where it was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// Below the database's root: `users/{userId}`.
    pub path: String,
    pub before: Option<Document>,
    pub after: Option<Document>,
}

/// google.events.cloud.firestore.v1.DocumentEventData. Its documents are, on the wire, those of google.firestore.v1.
#[derive(Clone, PartialEq, prost::Message)]
struct DocumentEventData {
    #[prost(message, optional, tag = "1")]
    value: Option<firestore::Document>,
    #[prost(message, optional, tag = "2")]
    old_value: Option<firestore::Document>,
}

/// Reads the protobuf of a trigger's CloudEvent.
pub fn read_trigger(bytes: &[u8]) -> Result<DocumentChange, Malformed> {
    // prost's errors name fields of the wire format, never a value.
    let data = DocumentEventData::decode(bytes)
        .map_err(|_| Malformed::new("body", "not google.events.cloud.firestore.v1.DocumentEventData"))?;
    let named = data.value.as_ref().or(data.old_value.as_ref());
    let named = named.ok_or_else(|| Malformed::new("body", "neither value nor oldValue"))?;
    let path = named.name.split_once("/documents/").map(|(_, path)| path.to_owned());
    let path = path.filter(|path| !path.is_empty()).ok_or_else(|| Malformed::new("value.name", "not a document's"))?;
    let document = |it: firestore::Document| Document { fields: map_from_proto(it.fields) };
    Ok(DocumentChange { path, before: data.old_value.map(document), after: data.value.map(document) })
}
