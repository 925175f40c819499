//! Where an event was published: a topic has one authority, and says no other's facts.

use crate::{
    event::catalog::{EventType, Topic},
    kernel::names::names,
};

names! {
    /// Whether messages may still be on their way on the topics of the first edition, on which one topic carried the facts of several
    /// authorities, and replays too.
    FirstEdition {
        Drained = "drained",
        InFlight = "in-flight",
    }
}

/// Where an event was published, as far as that limits what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// On `replays`, where any type may be; or it isn't known.
    Anywhere,
    Published(Topic, FirstEdition),
}

impl Origin {
    /// Whether an event of this type may come from there.
    pub fn admits(self, event_type: EventType) -> bool {
        match self {
            Origin::Anywhere => true,
            Origin::Published(topic, FirstEdition::Drained) => event_type.topic() == topic,
            Origin::Published(topic, FirstEdition::InFlight) => {
                event_type.topic() == topic || event_type.first_topic() == topic
            }
        }
    }

    /// Whether it may have the form of the first edition, which said more by one type. What is replayed may be of any age.
    pub fn admits_first_form(self) -> bool {
        match self {
            Origin::Anywhere | Origin::Published(_, FirstEdition::InFlight) => true,
            Origin::Published(_, FirstEdition::Drained) => false,
        }
    }

    /// Why it may not.
    pub fn refusal(self, event_type: EventType) -> Option<String> {
        match self {
            Origin::Published(topic, _) if !self.admits(event_type) => {
                Some(format!("{event_type} {OUT_OF_PLACE} {topic}"))
            }
            Origin::Published(..) | Origin::Anywhere => None,
        }
    }
}

const OUT_OF_PLACE: &str = "isn't published to";

/// In the words of the first edition.
const OUT_OF_PLACE_FIRST: &str = "does not belong on this topic";

/// Whether that is the reason of a letter.
pub fn is_out_of_place(reason: &str) -> bool {
    reason.starts_with("type: ") && (reason.contains(OUT_OF_PLACE) || reason.ends_with(OUT_OF_PLACE_FIRST))
}
