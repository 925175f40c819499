//! Files what ran out of delivery attempts, as a dead letter of the consumer that couldn't handle it, and what no consumer is given of
//! the topics that several share. What a consumer has committed all the same isn't filed: its follow-ups are published, and it is done.

use boma_core::{
    event::{
        envelope::{Envelope, PartialEnvelope},
        outbox,
    },
    prelude::*,
    protocol::{
        dead_letter::Kind,
        delivery::{Disposition, Processor, ReceivedMessage, Receiver, Resolution, Unhandled},
        inbox::{self, Seen},
        outcome::{Fault, Outcome},
    },
};

/// Pub/Sub adds it to a message when it gives up.
const DELIVERIES: &str = "CloudPubSubDeadLetterSourceDeliveryCount";

/// The last look at a message that no consumer has handled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LastLook {
    unhandled: Unhandled,
    deliveries: Option<u32>,
    event: Result<Box<Envelope>, Box<PartialEnvelope>>,
    is_replay: bool,
}

pub const FUNCTION: Function = Function::of_receiver::<LastLook>();

impl Receiver for LastLook {
    fn receive(received: &ReceivedMessage) -> Self {
        let read = received.envelope(received.origin());
        LastLook {
            unhandled: Unhandled::of(received),
            deliveries: received.attributes.get(DELIVERIES).and_then(|count| count.parse().ok()),
            event: read.map(Box::new).map_err(|(_, partial_envelope)| Box::new(partial_envelope)),
            is_replay: received.replay().is_ok_and(|replay| replay.is_some()),
        }
    }

    fn consumer_of(received: &ReceivedMessage) -> String {
        Unhandled::consumer_of(received)
    }
}

impl Processor for LastLook {
    const FUNCTION: &'static str = "dead-letters";

    fn consumer(&self) -> &str {
        &self.unhandled.consumer
    }

    fn at_once(&self) -> Option<Result<Disposition, Fault>> {
        self.unhandled.is_taken.then(|| Ok(Disposition::plain(Outcome::Passed)))
    }

    fn read_set(&self) -> Vec<DocumentPath> {
        self.event.iter().map(|event| DocumentPath::processed_event(self.consumer(), event.id)).collect()
    }

    fn will_file(&self) -> bool {
        true
    }

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault> {
        if let Some(malformed) = &self.unhandled.malformed {
            return Ok(Resolution::letter_alone(Outcome::Malformed, Kind::Malformed, malformed.reason()));
        }
        if let Ok(event) = &self.event {
            let record = snapshot.get(&DocumentPath::processed_event(self.consumer(), event.id));
            match inbox::look(record, &event.digest, now) {
                // A replay that brought nothing to an end is for an operator again.
                Ok(seen) if self.is_replay && seen.leaves_something_to_do() => {}
                Ok(Seen::Duplicate { owed, .. }) => {
                    let disposition = Disposition::publishing(Outcome::Duplicate, outbox::batches(owed));
                    return Ok(Resolution::Commit { writes: Vec::new(), disposition });
                }
                // A record that can't be read may be the reason why all attempts failed: an operator has to look at it.
                Ok(Seen::New | Seen::Conflict) | Err(_) => {}
            }
        }
        Ok(Resolution::letter_alone(Outcome::Exhausted, Kind::Exhausted, self.reason()))
    }

    fn partial_envelope(&self) -> PartialEnvelope {
        self.event.as_ref().map_or_else(
            |partial_envelope| partial_envelope.as_ref().clone(),
            |event| PartialEnvelope::from(event.as_ref()),
        )
    }

    fn traceparent(&self) -> Option<String> {
        self.event.as_ref().ok()?.traceparent.clone()
    }
}

impl LastLook {
    fn reason(&self) -> String {
        let deliveries = self.deliveries.map_or("any delivery".to_owned(), |count| format!("{count} deliveries"));
        format!("{}: not settled in {deliveries}", self.consumer())
    }
}
