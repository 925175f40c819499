//! Where a letter goes: to the topic from which its consumer hears it.

use std::fmt;

use crate::{
    event::catalog::{EventType, Topic},
    jobs::replay::letter::Letter,
};

/// A consumer and the topics that it hears, as its settings say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hearer {
    pub(super) consumer: String,
    pub(super) topics: Vec<Topic>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoRoute {
    NoConsumer(String),
    AnyOf(Vec<Topic>),
    Unheard { consumer: String, topic: Topic, topics: Vec<Topic> },
}

impl fmt::Display for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoRoute::NoConsumer(consumer) => {
                write!(f, "there is no function {consumer}: --topic must say where it goes")
            }
            NoRoute::AnyOf(topics) => {
                write!(f, "nothing says which topic it came from: --topic must ({})", one_of(topics))
            }
            NoRoute::Unheard { consumer, topic, topics } => {
                write!(f, "{consumer} doesn't hear {topic}: {}", one_of(topics))
            }
        }
    }
}

fn one_of(topics: &[Topic]) -> String {
    topics.iter().map(|topic| topic.name()).collect::<Vec<_>>().join(" or ")
}

/// `fallback`: the operator's word, for what nothing else says.
pub(super) fn route(letter: &Letter, hearers: &[Hearer], fallback: Option<Topic>) -> Result<Topic, NoRoute> {
    let Some(Hearer { consumer, topics }) = hearers.iter().find(|hearer| hearer.consumer == letter.consumer) else {
        return fallback.ok_or_else(|| NoRoute::NoConsumer(letter.consumer.clone()));
    };
    let own = letter.event_type.as_deref().and_then(EventType::from_name).map(EventType::topic);
    // A type that it doesn't act on is passed over there, and the letter is settled by that.
    if let Some(own) = own.filter(|own| topics.contains(own)) {
        return Ok(own);
    }
    if let [only] = topics.as_slice() {
        return Ok(*only);
    }
    let topic = fallback.ok_or_else(|| NoRoute::AnyOf(topics.clone()))?;
    if topics.contains(&topic) {
        return Ok(topic);
    }
    Err(NoRoute::Unheard { consumer: consumer.clone(), topic, topics: topics.clone() })
}
