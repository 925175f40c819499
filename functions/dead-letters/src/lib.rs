//! Files what ran out of delivery attempts, as a dead letter of the consumer that couldn't handle it, and what no consumer is given of
//! the topics that several share. What a consumer has committed all the same isn't filed: its follow-ups are published, and it is done.

use boma_core::{
    event::{
        envelope::{Envelope, PartialEnvelope},
        outbox,
        subscription::{Subscription, Unclaimed, is_shared, unclaimed},
    },
    kernel::malformed::Malformed,
    prelude::*,
    protocol::{
        dead_letter::Kind,
        delivery::{Disposition, Processor, ReceivedMessage, Receiver, Resolution},
        inbox::{self, Seen},
        outcome::{Fault, Outcome},
    },
};

/// Pub/Sub adds it to a message when it gives up.
const DELIVERIES: &str = "CloudPubSubDeadLetterSourceDeliveryCount";

/// A message that no consumer has handled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unhandled {
    consumer: String,
    /// Another consumer is given it.
    is_taken: bool,
    /// Why nobody could ever handle it.
    malformed: Option<Malformed>,
    deliveries: Option<u32>,
    event: Result<Box<Envelope>, Box<PartialEnvelope>>,
    is_replay: bool,
}

pub const FUNCTION: Function = Function::of_receiver::<Unhandled>();

impl Receiver for Unhandled {
    fn receive(received: &ReceivedMessage) -> Self {
        let read = Envelope::parse(&received.body, received.origin());
        let event_type = read.as_ref().map(|event| event.event_type).map_err(|(malformed, _)| malformed.clone());
        let mut unhandled = Unhandled {
            consumer: Self::consumer_of(received),
            is_taken: false,
            malformed: received.unreadable.clone(),
            deliveries: received.attributes.get(DELIVERIES).and_then(|count| count.parse().ok()),
            is_replay: received.replay().is_ok_and(|replay| replay.is_some()),
            event: read.map(Box::new).map_err(|(_, partial_envelope)| Box::new(partial_envelope)),
        };
        match source(received) {
            Err(stray) => unhandled.malformed = unhandled.malformed.or(Some(stray)),
            Ok(Subscription { consumer: Self::FUNCTION, topic }) if is_shared(topic) => {
                match unclaimed(topic, &received.attributes, event_type) {
                    Some(Unclaimed { consumer, malformed }) => {
                        unhandled.consumer = consumer.to_owned();
                        unhandled.malformed = Some(malformed);
                    }
                    None => unhandled.is_taken = true,
                }
            }
            Ok(Subscription { consumer, .. }) => {
                unhandled.is_taken = !received.is_for(consumer);
                unhandled.malformed = received.forged();
            }
        }
        unhandled
    }

    fn consumer_of(received: &ReceivedMessage) -> String {
        source(received).map_or(Self::FUNCTION, |source| source.consumer).to_owned()
    }
}

impl Processor for Unhandled {
    const FUNCTION: &'static str = "dead-letters";

    fn consumer(&self) -> &str {
        &self.consumer
    }

    fn at_once(&self) -> Option<Result<Disposition, Fault>> {
        self.is_taken.then(|| Ok(Disposition::plain(Outcome::Passed)))
    }

    fn read_set(&self) -> Vec<DocumentPath> {
        self.event.iter().map(|event| DocumentPath::processed_event(&self.consumer, event.id)).collect()
    }

    fn will_file(&self) -> bool {
        true
    }

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault> {
        if let Some(malformed) = &self.malformed {
            return Ok(Resolution::letter_alone(Outcome::Malformed, Kind::Malformed, malformed.reason()));
        }
        if let Ok(event) = &self.event {
            let record = snapshot.get(&DocumentPath::processed_event(&self.consumer, event.id));
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

impl Unhandled {
    fn reason(&self) -> String {
        let deliveries = self.deliveries.map_or("any delivery".to_owned(), |count| format!("{count} deliveries"));
        format!("{}: not settled in {deliveries}", self.consumer)
    }
}

/// The subscription that gave the message up; or ours, of a topic that several share.
fn source(received: &ReceivedMessage) -> Result<Subscription<'_>, Malformed> {
    match received.topic.filter(|topic| is_shared(*topic)) {
        Some(topic) => Ok(Subscription { consumer: Unhandled::FUNCTION, topic }),
        None => received.given_up_by(),
    }
}
