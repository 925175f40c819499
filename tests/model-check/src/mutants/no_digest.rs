//! Compares events by id alone, and ignores their digest.

use boma_core::{
    event::{envelope::Envelope, origin::Origin},
    protocol::delivery::ReceivedMessage,
    store::{path::DocumentPath, snapshot::Stored},
};

use super::is_record;
use crate::interceptor::Interceptor;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoDigest;

impl Interceptor for NoDigest {
    fn reads(&mut self, received: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        let mut stored = stored?;
        if let (true, Ok(envelope)) = (is_record(path), Envelope::parse(&received.body, Origin::Anywhere)) {
            stored.document.fields.insert("digest".to_owned(), envelope.digest.as_str().into());
        }
        Some(stored)
    }
}
