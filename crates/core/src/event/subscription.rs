//! Subscriptions: their names, and what passes their filters.
//!
//! Several consumers hear parts of `operations`, `deadlines` and `replays`. Their subscriptions have filters, so that none is called for
//! what is another's. Pub/Sub filters by attributes alone, and a filter can't be changed: it goes by prefixes of the types' names, so that
//! a new type rarely needs another one.

use std::collections::BTreeMap;

use crate::{
    event::catalog::{EventType, Topic},
    kernel::malformed::Malformed,
};

/// A subscription of ours: one for each consumer and topic, named `{consumer}.{topic}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription<'a> {
    pub consumer: &'a str,
    pub topic: Topic,
}

/// What a subscription is called that begins beside another one, in whose place it is put.
const BESIDE: &str = ".next";

impl Subscription<'_> {
    /// None for another's subscription: its name says nothing.
    pub fn from_name(name: &str) -> Option<Subscription<'_>> {
        let (consumer, topic) = name.strip_suffix(BESIDE).unwrap_or(name).split_once('.')?;
        // It becomes part of a document's path.
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_consumer = !consumer.is_empty() && consumer.bytes().all(is_name);
        is_consumer.then_some(Subscription { consumer, topic: Topic::from_name(topic)? })
    }
}

/// A function that hears messages.
#[derive(Debug)]
pub struct Consumer {
    pub name: &'static str,
    /// Of each topic that it shares with others, the prefixes of the types that it hears there.
    pub shares: &'static [(Topic, &'static [&'static str])],
}

const fn alone(name: &'static str) -> Consumer {
    Consumer { name, shares: &[] }
}

/// Every consumer, by name. `dead-letters` gets all that is published to a shared topic, and files what no other one is given.
pub const CONSUMERS: &[Consumer] = &[
    alone("access"),
    alone("dead-letters"),
    alone("engagement"),
    Consumer {
        name: "kyc",
        shares: &[(Topic::Operations, &["Kyc", "Review", "AccountClosed"]), (Topic::Deadlines, &["Kyc"])],
    },
    alone("kyc-request"),
    Consumer { name: "leads", shares: &[(Topic::Operations, &["Lead"])] },
    Consumer { name: "notes", shares: &[(Topic::Operations, &["NoteAdded", "CustomerAssigned"])] },
    alone("notify"),
    Consumer {
        name: "payments",
        shares: &[(Topic::Operations, &["BalanceAdjusted", "PayoutOrdered"]), (Topic::Deadlines, &["Withdrawal"])],
    },
    alone("price-alerts"),
    alone("profile"),
    alone("welcome"),
];

/// Files what nobody else is given.
pub const FILES_THE_REST: &str = "dead-letters";

pub const TYPE: &str = "type";
pub const REPLAY_FOR: &str = "replayFor";

impl Consumer {
    pub fn named(name: &str) -> Option<&'static Consumer> {
        CONSUMERS.iter().find(|consumer| consumer.name == name)
    }

    /// The one that hears a type on a topic which several share.
    pub fn of(topic: Topic, event_type: EventType) -> Option<&'static Consumer> {
        CONSUMERS.iter().find(|consumer| consumer.hears(topic, event_type.name()))
    }

    /// Those that share a topic with others.
    pub fn sharing(topic: Topic) -> impl Iterator<Item = &'static Consumer> {
        CONSUMERS.iter().filter(move |consumer| !consumer.prefixes(topic).is_empty())
    }

    /// Whether the filter of its subscription lets a message with these attributes through.
    pub fn is_given(&self, topic: Topic, attributes: &BTreeMap<String, String>) -> bool {
        match topic {
            Topic::Replays => attributes.get(REPLAY_FOR).is_some_and(|named| named == self.name),
            Topic::Operations | Topic::Deadlines => attributes.get(TYPE).is_some_and(|named| self.hears(topic, named)),
            Topic::UserOnboarding
            | Topic::Kyc
            | Topic::Payments
            | Topic::Leads
            | Topic::Interactions
            | Topic::MarketData
            | Topic::PriceAlerts
            | Topic::UserLifecycle
            | Topic::KycRequests
            | Topic::Notifications
            | Topic::DeadLetters => true,
        }
    }

    fn hears(&self, topic: Topic, event_type: &str) -> bool {
        self.prefixes(topic).iter().any(|prefix| event_type.starts_with(prefix))
    }

    fn prefixes(&self, topic: Topic) -> &'static [&'static str] {
        self.shares.iter().find(|(shared, _)| *shared == topic).map_or(&[], |(_, prefixes)| prefixes)
    }

    /// The filter of its subscription, in Pub/Sub's language; None where it gets all.
    pub fn filter(&self, topic: Topic) -> Option<String> {
        if self.name == FILES_THE_REST {
            return None;
        }
        if topic == Topic::Replays {
            return Some(format!("attributes.{REPLAY_FOR} = \"{}\"", self.name));
        }
        let terms = self.prefixes(topic).iter().map(|prefix| format!("hasPrefix(attributes.{TYPE}, \"{prefix}\")"));
        Some(terms.collect::<Vec<_>>().join(" OR ")).filter(|text| !text.is_empty())
    }
}

/// Whether several consumers hear a topic, and each only a part of it.
pub fn is_shared(topic: Topic) -> bool {
    topic == Topic::Replays || Consumer::sharing(topic).next().is_some()
}

/// What no consumer is given of a topic that several share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclaimed {
    /// Whose letter it becomes: the one that hears the type, where there is one.
    pub consumer: &'static str,
    pub malformed: Malformed,
}

/// None where a consumer is given it: that one handles it, or files it. `event_type`: as the event itself says, or why it can't be read.
pub fn unclaimed(
    topic: Topic,
    attributes: &BTreeMap<String, String>,
    event_type: Result<EventType, Malformed>,
) -> Option<Unclaimed> {
    let mut others = CONSUMERS.iter().filter(|consumer| consumer.name != FILES_THE_REST);
    let (consumer, malformed) = match (topic, event_type) {
        (Topic::Replays, _) => {
            let path = format!("attributes.{REPLAY_FOR}");
            match attributes.get(REPLAY_FOR) {
                None => (FILES_THE_REST, Malformed::new(&path, "missing")),
                Some(named) if others.any(|consumer| consumer.name == named) => return None,
                Some(_) => (FILES_THE_REST, Malformed::new(&path, "not a consumer that handles it again")),
            }
        }
        (_, Ok(event_type)) => match Consumer::of(topic, event_type) {
            Some(hearer) if hearer.is_given(topic, attributes) => return None,
            Some(hearer) => {
                // Without it no filter lets the message through, though its bytes or, in the binary mode, `ce-type` say the type.
                let rule = if attributes.contains_key(TYPE) { "not the type of the event" } else { "missing" };
                (hearer.name, Malformed::new(&format!("attributes.{TYPE}"), rule))
            }
            None => (FILES_THE_REST, Malformed::new("type", format_args!("{event_type} has no consumer"))),
        },
        (_, Err(_)) if others.any(|consumer| consumer.is_given(topic, attributes)) => return None,
        (_, Err(malformed)) => (FILES_THE_REST, malformed),
    };
    Some(Unclaimed { consumer, malformed })
}
