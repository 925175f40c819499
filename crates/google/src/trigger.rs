//! What a Firestore trigger posts: a document as it was and as it is.

use crate::value::map_from_proto;
use boma_core::{
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{change::DocumentChange, request::Request},
    store::{
        document::{Document, UpdateTime},
        snapshot::Stored,
    },
};
use googleapis_tonic_google_firestore_v1::google::firestore::v1 as firestore;
use prost::Message as _;

/// google.events.cloud.firestore.v1.DocumentEventData. Its documents are, on the wire, those of google.firestore.v1.
#[derive(Clone, PartialEq, prost::Message)]
struct DocumentEventData {
    #[prost(message, optional, tag = "1")]
    value: Option<firestore::Document>,
    #[prost(message, optional, tag = "2")]
    old_value: Option<firestore::Document>,
}

/// Reads the CloudEvent of a trigger: its attributes are headers, its data is the body.
pub fn read_trigger(request: &Request) -> Result<DocumentChange, Malformed> {
    let head = &request.head;
    let event_id = head.value("ce-id").ok_or_else(|| Malformed::new("ce-id", "missing"))?.to_owned();
    let time = head.value("ce-time").and_then(|time| Timestamp::parse(time).ok());
    let traceparent = head.value("traceparent").map(str::to_owned);
    if request.body.is_cut() {
        let path = head.value("ce-document").ok_or_else(|| Malformed::new("ce-document", "missing"))?.to_owned();
        return Ok(DocumentChange { event_id, time, path, before: None, after: None, is_cut: true, traceparent });
    }
    // prost's errors name fields of the wire format, never a value.
    let data = DocumentEventData::decode(request.body.bytes.as_slice())
        .map_err(|_| Malformed::new("body", "not google.events.cloud.firestore.v1.DocumentEventData"))?;
    let named = data.value.as_ref().or(data.old_value.as_ref());
    let named = named.ok_or_else(|| Malformed::new("body", "neither value nor oldValue"))?;
    let path = named.name.split_once("/documents/").map(|(_, path)| path.to_owned());
    let path = path.filter(|path| !path.is_empty()).ok_or_else(|| Malformed::new("value.name", "not a document's"))?;
    let (before, after) = (data.old_value.map(stored), data.value.map(stored));
    Ok(DocumentChange { event_id, time, path, before, after, is_cut: false, traceparent })
}

/// The emulator and Eventarc tell the update time of each.
fn stored(document: firestore::Document) -> Stored {
    let at = document.update_time.unwrap_or_default();
    Stored {
        document: Document { fields: map_from_proto(document.fields) },
        updated_at: UpdateTime { seconds: at.seconds, nanos: at.nanos },
    }
}
