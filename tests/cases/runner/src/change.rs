//! A document's change as Eventarc posts it.

use boma_core::kernel::timestamp::Timestamp;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::Document;
use serde_json::{Map, Value as Json};

use crate::{case::Change, typed_json};

const VALUE: u32 = 1;
const OLD_VALUE: u32 = 2;

/// The CloudEvent's attributes.
pub(crate) fn headers(change: &Change) -> Vec<(String, String)> {
    let optional = [("ce-time", &change.time), ("traceparent", &change.traceparent)];
    let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    let headers = [("ce-id", change.event_id.as_str()), ("content-type", "application/protobuf")];
    headers.into_iter().chain(optional).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// google.events.cloud.firestore.v1.DocumentEventData.
pub(crate) fn body(change: &Change, root: &str) -> Vec<u8> {
    let document = |fields: &Map<String, Json>, updated_at: &Option<String>| Document {
        name: format!("{root}{}", change.path),
        fields: typed_json::to_fields(fields),
        update_time: updated_at.as_deref().map(moment),
        ..Document::default()
    };
    let mut body = Vec::new();
    let (after, before) = ((&change.after, &change.updated_at), (&change.before, &change.before_updated_at));
    for (field, (fields, updated_at)) in [(VALUE, after), (OLD_VALUE, before)] {
        if let Some(fields) = fields {
            prost::encoding::message::encode(field, &document(fields, updated_at), &mut body);
        }
    }
    body
}

fn moment(text: &str) -> prost_types::Timestamp {
    let micros = Timestamp::parse(text).expect("an update time").micros();
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1_000).expect("less than a second");
    prost_types::Timestamp { seconds: micros.div_euclid(1_000_000), nanos }
}
