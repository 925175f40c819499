//! A message that broke the instance that read or decided it, taken up in a fresh one.

use std::marker::PhantomData;

use super::{Disposition, Processor, ReceivedMessage, Receiver, Resolution};
use crate::{
    event::{envelope::PartialEnvelope, origin::Origin},
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::Kind,
        deadlines,
        outcome::{Fault, Outcome},
    },
    store::{path::DocumentPath, snapshot::Snapshot},
};

/// Leaves it to redelivery, and files it undecided once it has come too often.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Crashed<F> {
    consumer: String,
    /// A letter that is replayed for another consumer, so it isn't for this one to file.
    is_for_another: bool,
    attempt: u32,
    panic_text: String,
    event: PartialEnvelope,
    function: PhantomData<F>,
}

impl<F: Receiver> Crashed<F> {
    pub fn receive(received: &ReceivedMessage, panic_text: String) -> Self {
        let (consumer, attempt) = (F::consumer_of(received), received.attempt);
        let is_for_another = !received.is_for(&consumer);
        Crashed {
            consumer,
            is_for_another,
            attempt,
            panic_text,
            event: partial_envelope(received),
            function: PhantomData,
        }
    }
}

impl<F: Receiver> Processor for Crashed<F> {
    const FUNCTION: &'static str = F::FUNCTION;

    fn consumer(&self) -> &str {
        &self.consumer
    }

    fn at_once(&self) -> Option<Result<Disposition, Fault>> {
        if self.is_for_another {
            return Some(Ok(Disposition::plain(Outcome::Passed)));
        }
        (self.attempt < deadlines::CRASHES_TO_FILE).then(|| Err(Fault::Trap(self.panic_text.clone())))
    }

    fn read_set(&self) -> Vec<DocumentPath> {
        Vec::new()
    }

    fn will_file(&self) -> bool {
        true
    }

    fn resolve(&self, _: &Snapshot, _: Timestamp) -> Result<Resolution, Fault> {
        Ok(Resolution::letter_alone(Outcome::Crashed, Kind::Crashed, self.panic_text.as_str()))
    }

    fn partial_envelope(&self) -> PartialEnvelope {
        self.event.clone()
    }

    /// Nobody has looked for an id where none is known: its letter is named as that of an event is.
    fn is_named(&self) -> bool {
        self.attempt >= deadlines::CRASHES_TO_FILE_UNREAD || self.event.event_id.is_some()
    }

    fn traceparent(&self) -> Option<String> {
        None
    }
}

/// Whose event it is, so that its letter is found and can be replayed in order. But looking may be what broke the instance, and
/// would break this one too: from some attempt on it is filed without a look.
fn partial_envelope(received: &ReceivedMessage) -> PartialEnvelope {
    if received.attempt >= deadlines::CRASHES_TO_FILE_UNREAD {
        return PartialEnvelope::default();
    }
    received
        .envelope(Origin::Anywhere)
        .map_or_else(|(_, partial_envelope)| partial_envelope, |envelope| PartialEnvelope::from(&envelope))
}
