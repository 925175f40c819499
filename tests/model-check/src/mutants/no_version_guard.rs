//! Access applies every version: it reads the last applied version as 0.

use boma_core::{
    event::catalog::Topic,
    protocol::delivery::ReceivedMessage,
    store::{path::DocumentPath, snapshot::Stored, value::Value},
};

use crate::interceptor::Interceptor;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoVersionGuard;

impl Interceptor for NoVersionGuard {
    fn reads(&mut self, received: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        let mut stored = stored?;
        if received.topic == Some(Topic::UserLifecycle) && path.to_string().starts_with("users/") {
            stored.document.fields.insert("accessVersion".to_owned(), Value::Int(0));
        }
        Some(stored)
    }
}
