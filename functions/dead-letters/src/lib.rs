//! Files what ran out of delivery attempts, as a dead letter of the consumer that couldn't handle it. What that consumer has
//! committed all the same isn't filed: its follow-ups are published, and it is done.

use boma_core::{
    Timestamp, Topic,
    catalog::Subscription,
    dead_letter::{Cause, Kind},
    delivery::{Arrival, Ending, Function, Mind, Resolution},
    document::DocumentPath,
    envelope::{Envelope, Glimpse},
    handler::Snapshot,
    inbox::{self, Seen},
    malformed::Malformed,
    outcome::{Fault, Outcome},
    outgoing,
};

/// Of the attributes that Pub/Sub adds to a message when it gives up.
const SUBSCRIPTION: &str = "CloudPubSubDeadLetterSourceSubscription";
const DELIVERIES: &str = "CloudPubSubDeadLetterSourceDeliveryCount";

/// A message that a consumer was given again and again, in vain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exhausted {
    consumer: String,
    /// Why nobody can say whose message it was.
    stray: Option<Malformed>,
    deliveries: Option<u32>,
    event: Result<Box<Envelope>, Box<Glimpse>>,
    replay_for: Option<String>,
}

boma_abi::export!(function: Exhausted);

impl Function for Exhausted {
    fn meet(arrival: &Arrival) -> Self {
        let source = source(arrival);
        let topics = source.as_ref().map_or_else(|_| Topic::ALL.to_vec(), |source| vec![source.topic]);
        let read = Envelope::parse(&arrival.body, &topics);
        Exhausted {
            consumer: Self::consumer_of(arrival),
            stray: arrival.unreadable.clone().or(source.err()),
            deliveries: arrival.attributes.get(DELIVERIES).and_then(|count| count.parse().ok()),
            event: read.map(Box::new).map_err(|(_, glimpse)| Box::new(glimpse)),
            replay_for: arrival.replay_for().map(str::to_owned),
        }
    }

    fn consumer_of(arrival: &Arrival) -> String {
        source(arrival).map_or(Self::FUNCTION, |source| source.consumer).to_owned()
    }
}

impl Mind for Exhausted {
    const FUNCTION: &'static str = "dead-letters";

    fn consumer(&self) -> &str {
        &self.consumer
    }

    fn at_once(&self) -> Option<Result<Ending, Fault>> {
        let is_for_another = self.replay_for.as_ref().is_some_and(|consumer| *consumer != self.consumer);
        is_for_another.then(|| Ok(Ending::plain(Outcome::Passed)))
    }

    fn read_set(&self) -> Vec<DocumentPath> {
        let event = self.event.iter();
        event.map(|event| DocumentPath::processed_event(&self.consumer, event.id)).collect()
    }

    fn will_file(&self) -> bool {
        true
    }

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault> {
        if let Some(malformed) = &self.stray {
            let letter = Cause::new(Kind::Malformed, malformed.reason().to_owned());
            return Ok(Resolution::File { writes: Vec::new(), outcome: Outcome::Malformed, letter });
        }
        if let Ok(event) = &self.event {
            let record = snapshot.get(&DocumentPath::processed_event(&self.consumer, event.id));
            match inbox::look(record, &event.digest, now) {
                // A replay that brought nothing to an end is for an operator again.
                Ok(seen) if self.replay_for.is_some() && seen.leaves_something_to_do() => {}
                Ok(Seen::Duplicate { owed, .. }) => {
                    let ending = Ending::publishing(Outcome::Duplicate, outgoing::batches(owed));
                    return Ok(Resolution::Settle { writes: Vec::new(), ending });
                }
                // A record that can't be read may well be what the attempts failed of: that is for an operator, too.
                Ok(Seen::New | Seen::Conflict) | Err(_) => {}
            }
        }
        let letter = Cause::new(Kind::Exhausted, self.reason());
        Ok(Resolution::File { writes: Vec::new(), outcome: Outcome::Exhausted, letter })
    }

    fn glimpse(&self) -> Glimpse {
        self.event.as_ref().map_or_else(|glimpse| glimpse.as_ref().clone(), |event| Glimpse::from(event.as_ref()))
    }

    fn traceparent(&self) -> Option<String> {
        self.event.as_ref().ok()?.traceparent.clone()
    }
}

impl Exhausted {
    fn reason(&self) -> String {
        match self.deliveries {
            Some(count) => format!("{}: not settled in {count} deliveries", self.consumer),
            None => format!("{}: not settled in any delivery", self.consumer),
        }
    }
}

/// The subscription that gave the message up.
fn source(arrival: &Arrival) -> Result<Subscription<'_>, Malformed> {
    let path = format!("attributes.{SUBSCRIPTION}");
    let name = arrival.attributes.get(SUBSCRIPTION).ok_or_else(|| Malformed::new(&path, "missing"))?;
    Subscription::from_name(name).ok_or_else(|| Malformed::new(&path, "not a subscription of ours"))
}
