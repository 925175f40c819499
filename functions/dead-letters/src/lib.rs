//! Files what ran out of delivery attempts, as a dead letter of the consumer that couldn't handle it. What that consumer has
//! committed all the same isn't filed: its follow-ups are published, and it is done.

use boma_core::{
    event::{
        catalog::{Subscription, Topic},
        envelope::{Envelope, PartialEnvelope},
        outbox,
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

/// Of the attributes that Pub/Sub adds to a message when it gives up.
const SUBSCRIPTION: &str = "CloudPubSubDeadLetterSourceSubscription";
const DELIVERIES: &str = "CloudPubSubDeadLetterSourceDeliveryCount";

/// A message that a consumer was given again and again, in vain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exhausted {
    consumer: String,
    /// Why its consumer can't be told.
    stray: Option<Malformed>,
    deliveries: Option<u32>,
    event: Result<Box<Envelope>, Box<PartialEnvelope>>,
    replay_for: Option<String>,
}

pub const FUNCTION: Function = Function::of_receiver::<Exhausted>();

impl Receiver for Exhausted {
    fn receive(received: &ReceivedMessage) -> Self {
        let source = source(received);
        let topics = source.as_ref().map_or_else(|_| Topic::ALL.to_vec(), |source| vec![source.topic]);
        let read = Envelope::parse(&received.body, &topics);
        Exhausted {
            consumer: Self::consumer_of(received),
            stray: received.unreadable.clone().or(source.err()),
            deliveries: received.attributes.get(DELIVERIES).and_then(|count| count.parse().ok()),
            event: read.map(Box::new).map_err(|(_, partial_envelope)| Box::new(partial_envelope)),
            replay_for: received.replay_for().map(str::to_owned),
        }
    }

    fn consumer_of(received: &ReceivedMessage) -> String {
        source(received).map_or(Self::FUNCTION, |source| source.consumer).to_owned()
    }
}

impl Processor for Exhausted {
    const FUNCTION: &'static str = "dead-letters";

    fn consumer(&self) -> &str {
        &self.consumer
    }

    fn at_once(&self) -> Option<Result<Disposition, Fault>> {
        let is_for_another = self.replay_for.as_ref().is_some_and(|consumer| *consumer != self.consumer);
        is_for_another.then(|| Ok(Disposition::plain(Outcome::Passed)))
    }

    fn read_set(&self) -> Vec<DocumentPath> {
        self.event.iter().map(|event| DocumentPath::processed_event(&self.consumer, event.id)).collect()
    }

    fn will_file(&self) -> bool {
        true
    }

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault> {
        if let Some(malformed) = &self.stray {
            return Ok(Resolution::letter_alone(Outcome::Malformed, Kind::Malformed, malformed.reason()));
        }
        if let Ok(event) = &self.event {
            let record = snapshot.get(&DocumentPath::processed_event(&self.consumer, event.id));
            match inbox::look(record, &event.digest, now) {
                // A replay that brought nothing to an end is for an operator again.
                Ok(seen) if self.replay_for.is_some() && seen.leaves_something_to_do() => {}
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

impl Exhausted {
    fn reason(&self) -> String {
        let deliveries = self.deliveries.map_or("any delivery".to_owned(), |count| format!("{count} deliveries"));
        format!("{}: not settled in {deliveries}", self.consumer)
    }
}

/// The subscription that gave the message up.
fn source(received: &ReceivedMessage) -> Result<Subscription<'_>, Malformed> {
    let path = format!("attributes.{SUBSCRIPTION}");
    let name = received.attributes.get(SUBSCRIPTION).ok_or_else(|| Malformed::new(&path, "missing"))?;
    Subscription::from_name(name).ok_or_else(|| Malformed::new(&path, "not a subscription of ours"))
}
