//! Access applies whatever comes: it takes the last applied version for 0.

use boma_core::{
    protocol::delivery::ReceivedMessage,
    store::{path::DocumentPath, snapshot::Stored, value::Value},
};

use crate::{product::Wrapping, queue::LaneName};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoVersionGuard;

impl Wrapping for NoVersionGuard {
    fn sees(&mut self, arrival: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        let mut stored = stored?;
        if arrival.topic == Some(LaneName::Access.topic()) && path.to_string().starts_with("users/") {
            stored.document.fields.insert("accessVersion".to_owned(), Value::Int(0));
        }
        Some(stored)
    }
}
