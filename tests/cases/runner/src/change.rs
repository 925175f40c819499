//! A document's change as Eventarc posts it.

use googleapis_tonic_google_firestore_v1::google::firestore::v1::Document;
use serde_json::{Map, Value as Json};

use crate::{case::Change, typed_json};

const VALUE: u32 = 1;
const OLD_VALUE: u32 = 2;

/// The CloudEvent's attributes.
pub(crate) fn headers(change: &Change) -> Vec<(String, String)> {
    let headers = [("ce-id", change.event_id.as_str()), ("content-type", "application/protobuf")];
    headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// google.events.cloud.firestore.v1.DocumentEventData.
pub(crate) fn body(change: &Change, root: &str) -> Vec<u8> {
    let document = |fields: &Map<String, Json>| Document {
        name: format!("{root}{}", change.path),
        fields: typed_json::to_fields(fields),
        ..Document::default()
    };
    let mut body = Vec::new();
    for (field, fields) in [(VALUE, &change.after), (OLD_VALUE, &change.before)] {
        if let Some(fields) = fields {
            prost::encoding::message::encode(field, &document(fields), &mut body);
        }
    }
    body
}
