//! Counts the delivery attempts from another number than 1.

use boma_core::protocol::delivery::ReceivedMessage;

use crate::interceptor::Interceptor;

/// A message breaks its instance once too often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountsFromZero;

impl Interceptor for CountsFromZero {
    fn receives(&self, received: ReceivedMessage) -> ReceivedMessage {
        ReceivedMessage { attempt: received.attempt - 1, ..received }
    }
}

/// A message is given up one attempt too early.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountsFromTwo;

impl Interceptor for CountsFromTwo {
    fn receives(&self, received: ReceivedMessage) -> ReceivedMessage {
        ReceivedMessage { attempt: received.attempt + 1, ..received }
    }
}
