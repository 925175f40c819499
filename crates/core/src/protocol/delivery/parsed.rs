//! Parsing of a received message.

use super::ReceivedMessage;
use crate::{
    event::{
        catalog::Topic,
        envelope::{Envelope, PartialEnvelope},
        reader::Event,
    },
    kernel::malformed::Malformed,
    protocol::handler::Handler,
};

/// A message, parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Parsed<F> {
    Event(Box<Event<F>>),
    Malformed(Malformed, Box<PartialEnvelope>),
    /// A type of this topic that this consumer doesn't hear.
    NotForUs(Box<Envelope>),
    /// A dead letter that is replayed for another consumer.
    ReplayForAnother,
}

impl<F> Parsed<F> {
    pub(super) fn read<H: Handler<Fact = F>>(received: &ReceivedMessage) -> Parsed<F> {
        if let Some(malformed) = &received.unreadable {
            return Parsed::Malformed(malformed.clone(), Box::default());
        }
        if received.replay_for().is_some_and(|consumer| consumer != H::CONSUMER) {
            return Parsed::ReplayForAnother;
        }
        let topics: Vec<Topic> = received.topic.map_or_else(H::topics, |topic| vec![topic]);
        let envelope = match Envelope::parse(&received.body, &topics) {
            Ok(envelope) => envelope,
            Err((malformed, partial_envelope)) => return Parsed::Malformed(malformed, Box::new(partial_envelope)),
        };
        let Some((_, read_fact)) = H::HEARS.iter().find(|(heard, _)| *heard == envelope.event_type) else {
            return Parsed::NotForUs(Box::new(envelope));
        };
        match read_fact(&envelope) {
            Ok(fact) => Parsed::Event(Box::new(Event { envelope, fact })),
            Err(malformed) => Parsed::Malformed(malformed, Box::new(PartialEnvelope::from(&envelope))),
        }
    }

    pub(super) fn partial_envelope(&self) -> PartialEnvelope {
        match self {
            Parsed::Event(event) => PartialEnvelope::from(&event.envelope),
            Parsed::NotForUs(envelope) => PartialEnvelope::from(envelope.as_ref()),
            Parsed::Malformed(_, partial_envelope) => partial_envelope.as_ref().clone(),
            Parsed::ReplayForAnother => PartialEnvelope::default(),
        }
    }

    pub(super) fn traceparent(&self) -> Option<String> {
        match self {
            Parsed::Event(event) => event.envelope.traceparent.clone(),
            Parsed::NotForUs(envelope) => envelope.traceparent.clone(),
            Parsed::Malformed(..) | Parsed::ReplayForAnother => None,
        }
    }
}
