//! Knows an event by its id alone, whatever it says.

use boma_core::{
    event::{catalog::Topic, envelope::Envelope},
    protocol::delivery::ReceivedMessage,
    store::{path::DocumentPath, snapshot::Stored},
};

use super::is_record;
use crate::product::Wrapping;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoDigest;

impl Wrapping for NoDigest {
    fn sees(&mut self, arrival: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        let mut stored = stored?;
        if let (true, Ok(envelope)) = (is_record(path), Envelope::parse(&arrival.body, Topic::ALL)) {
            stored.document.fields.insert("digest".to_owned(), envelope.digest.as_str().into());
        }
        Some(stored)
    }
}
