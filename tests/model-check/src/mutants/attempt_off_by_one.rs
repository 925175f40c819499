//! Is told of another delivery attempt than the one that it is.

use boma_core::protocol::delivery::ReceivedMessage;

use crate::product::Wrapping;

/// It lets a message break its instance once too often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountsFromZero;

impl Wrapping for CountsFromZero {
    fn arrives(&self, arrival: ReceivedMessage) -> ReceivedMessage {
        ReceivedMessage { attempt: arrival.attempt - 1, ..arrival }
    }
}

/// It gives a message up that might still have been handled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountsFromTwo;

impl Wrapping for CountsFromTwo {
    fn arrives(&self, arrival: ReceivedMessage) -> ReceivedMessage {
        ReceivedMessage { attempt: arrival.attempt + 1, ..arrival }
    }
}
