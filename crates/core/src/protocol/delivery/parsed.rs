//! Parsing of a received message.

use super::ReceivedMessage;
use crate::{
    event::{
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
    /// A dead letter that is replayed for another consumer, or for none.
    ReplayForAnother,
}

impl<F> Parsed<F> {
    pub(super) fn read<H: Handler<Fact = F>>(received: &ReceivedMessage) -> Parsed<F> {
        if let Some(malformed) = &received.unreadable {
            return Parsed::Malformed(malformed.clone(), Box::default());
        }
        if !received.is_for(H::CONSUMER) {
            return Parsed::ReplayForAnother;
        }
        let envelope = match received.envelope(received.origin()) {
            Ok(envelope) => envelope,
            Err((malformed, partial_envelope)) => return Parsed::Malformed(malformed, Box::new(partial_envelope)),
        };
        // Only now, for a type that isn't its topic's has to be the reason of its letter: such letters aren't replayed with others.
        if let Err(malformed) = received.replay() {
            return Parsed::Malformed(malformed, Box::new(PartialEnvelope::from(&envelope)));
        }
        let Some((_, read_fact)) = H::HEARS.iter().find(|(heard, _)| *heard == envelope.event_type) else {
            return Parsed::not_heard::<H>(envelope, received);
        };
        match received.check_key(&envelope.subject).and_then(|()| read_fact(&envelope)) {
            Ok(fact) => Parsed::Event(Box::new(Event { envelope, fact })),
            Err(malformed) => Parsed::Malformed(malformed, Box::new(PartialEnvelope::from(&envelope))),
        }
    }

    /// Another consumer's. Of a subscription that isn't ours nobody knows whether there is one.
    fn not_heard<H: Handler>(envelope: Envelope, received: &ReceivedMessage) -> Parsed<F> {
        if received.topic.is_some() {
            return Parsed::NotForUs(Box::new(envelope));
        }
        let malformed = Malformed::new("type", format_args!("{} doesn't hear {}", H::CONSUMER, envelope.event_type));
        Parsed::Malformed(malformed, Box::new(PartialEnvelope::from(&envelope)))
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
