//! A message that no consumer has handled: whose letter it becomes, if it becomes one.

use super::ReceivedMessage;
use crate::{
    event::{
        origin::Origin,
        subscription::{FILES_THE_REST, Subscription, Unclaimed, is_shared, unclaimed},
    },
    kernel::malformed::Malformed,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unhandled {
    pub consumer: String,
    /// Another consumer is given it.
    pub is_taken: bool,
    /// Why nobody could ever handle it.
    pub malformed: Option<Malformed>,
}

impl Unhandled {
    pub fn of(received: &ReceivedMessage) -> Unhandled {
        let (consumer, is_taken, malformed) = match source(received) {
            Err(stray) => (FILES_THE_REST, false, Some(stray)),
            Ok(Subscription { consumer: FILES_THE_REST, topic }) if is_shared(topic) => {
                let read = received.envelope(received.origin());
                let event_type = read.map(|event| event.event_type).map_err(|(malformed, _)| malformed);
                match unclaimed(topic, &received.attributes, event_type) {
                    Some(Unclaimed { consumer, malformed }) => (consumer, false, Some(malformed)),
                    None => (FILES_THE_REST, true, None),
                }
            }
            Ok(Subscription { consumer, .. }) => (consumer, !received.is_for(consumer), forged(received)),
        };
        let malformed = received.unreadable.clone().or(malformed);
        Unhandled { consumer: consumer.to_owned(), is_taken, malformed }
    }

    /// The same of a message that may not be looked into.
    pub fn consumer_of(received: &ReceivedMessage) -> String {
        source(received).map_or(FILES_THE_REST, |source| source.consumer).to_owned()
    }
}

/// The subscription that gave the message up; or the one of what no other is given, of a topic that several share.
fn source(received: &ReceivedMessage) -> Result<Subscription<'_>, Malformed> {
    match received.topic.filter(|topic| is_shared(*topic)) {
        Some(topic) => Ok(Subscription { consumer: FILES_THE_REST, topic }),
        None => received.given_up_by(),
    }
}

/// Why nobody may have said it where it was published. Whether it is an event in other respects was its consumer's matter.
fn forged(received: &ReceivedMessage) -> Option<Malformed> {
    let event = received.envelope(Origin::Anywhere).ok();
    let out_of_place = event.and_then(|event| received.origin().refusal(event.event_type));
    out_of_place.map(|refusal| Malformed::new("type", refusal)).or_else(|| received.replay().err())
}
