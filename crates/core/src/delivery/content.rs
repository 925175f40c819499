//! What a message turns out to be, once it is read.

use super::Arrival;
use crate::{
    catalog::Topic,
    envelope::{Envelope, Glimpse},
    handler::{Event, Handler},
    malformed::Malformed,
};

/// What the message turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Content<F> {
    Event(Box<Event<F>>),
    Malformed(Malformed, Box<Glimpse>),
    /// A type of this topic that this consumer doesn't hear.
    NotForUs(Box<Envelope>),
    /// A dead letter that is replayed for another consumer.
    ReplayForAnother,
}

impl<F> Content<F> {
    pub(super) fn read<H: Handler<Fact = F>>(arrival: &Arrival) -> Content<F> {
        if let Some(malformed) = &arrival.unreadable {
            return Content::Malformed(malformed.clone(), Box::default());
        }
        if arrival.replay_for().is_some_and(|consumer| consumer != H::CONSUMER) {
            return Content::ReplayForAnother;
        }
        let topics: Vec<Topic> = arrival.topic.map_or_else(H::topics, |topic| vec![topic]);
        let envelope = match Envelope::parse(&arrival.body, &topics) {
            Ok(envelope) => envelope,
            Err((malformed, glimpse)) => return Content::Malformed(malformed, Box::new(glimpse)),
        };
        let Some((_, read_fact)) = H::HEARS.iter().find(|(heard, _)| *heard == envelope.event_type) else {
            return Content::NotForUs(Box::new(envelope));
        };
        match read_fact(&envelope) {
            Ok(fact) => Content::Event(Box::new(Event { envelope, fact })),
            Err(malformed) => Content::Malformed(malformed, Box::new(Glimpse::from(&envelope))),
        }
    }

    pub(super) fn glimpse(&self) -> Glimpse {
        match self {
            Content::Event(event) => Glimpse::from(&event.envelope),
            Content::NotForUs(envelope) => Glimpse::from(envelope.as_ref()),
            Content::Malformed(_, glimpse) => glimpse.as_ref().clone(),
            Content::ReplayForAnother => Glimpse::default(),
        }
    }

    pub(super) fn traceparent(&self) -> Option<String> {
        match self {
            Content::Event(event) => event.envelope.traceparent.clone(),
            Content::NotForUs(envelope) => envelope.traceparent.clone(),
            Content::Malformed(..) | Content::ReplayForAnother => None,
        }
    }
}
