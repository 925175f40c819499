//! A message as it arrived at a function.

use std::collections::BTreeMap;

use crate::{
    event::{
        binary,
        catalog::Topic,
        envelope::{Envelope, PartialEnvelope, Subject},
        origin::{FirstEdition, Origin},
        subscription::{REPLAY_FOR, Subscription},
    },
    kernel::{
        digest::{canonical, sha256_hex},
        malformed::Malformed,
        timestamp::Timestamp,
    },
    store::path::DocumentPath,
};
use serde_json::{Value as Json, json};

const REPLAY_OF: &str = "replayOf";
const REPLAY_NUMBER: &str = "replayNumber";

/// What Pub/Sub adds to a message that it gives up has names that begin so.
const OF_GIVING_UP: &str = "CloudPubSubDeadLetterSource";
const GIVEN_UP_BY: &str = "CloudPubSubDeadLetterSourceSubscription";
/// The id that it had: to `dead-letters` it comes as a message of its own.
const GIVEN_UP_ID: &str = "CloudPubSubDeadLetterSourceMessageId";

/// A dead letter that was published again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replay<'a> {
    /// Whose letter it is.
    pub consumer: &'a str,
    /// Which replay of the letter, from 1. Those of the first edition may have none.
    pub number: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceivedMessage {
    /// The message's data; where the push body itself can't be read, that body.
    pub body: Vec<u8>,
    /// How many bytes of the push body came after those that were kept.
    pub dropped_bytes: u32,
    /// Why the push body can't be read.
    pub unreadable: Option<Malformed>,
    /// Pub/Sub's: the same at each delivery.
    pub message_id: Option<String>,
    pub attributes: BTreeMap<String, String>,
    /// None where there is none, or the push doesn't say it.
    pub ordering_key: Option<String>,
    /// The topic that the subscription belongs to, where its name says so.
    pub topic: Option<Topic>,
    pub first_edition: FirstEdition,
    pub published_at: Option<Timestamp>,
    /// From 1.
    pub attempt: u32,
}

impl ReceivedMessage {
    /// A body that isn't a push message.
    pub fn unreadable(body: Vec<u8>, why: Malformed) -> ReceivedMessage {
        ReceivedMessage {
            body,
            dropped_bytes: 0,
            unreadable: Some(why),
            message_id: None,
            attributes: BTreeMap::new(),
            ordering_key: None,
            topic: None,
            first_edition: FirstEdition::Drained,
            published_at: None,
            attempt: 1,
        }
    }

    /// The topic to which it was published: not that of the dead letters, to which Pub/Sub moves what ran out of attempts.
    pub fn published_to(&self) -> Option<Topic> {
        match self.topic {
            Some(Topic::DeadLetters) => Some(self.given_up_by().ok()?.topic),
            topic => topic,
        }
    }

    pub fn origin(&self) -> Origin {
        match self.published_to() {
            None | Some(Topic::Replays) => Origin::Anywhere,
            Some(topic) => Origin::Published(topic, self.first_edition),
        }
    }

    /// The subscription that gave it up.
    pub fn given_up_by(&self) -> Result<Subscription<'_>, Malformed> {
        let path = format!("attributes.{GIVEN_UP_BY}");
        let name = self.attributes.get(GIVEN_UP_BY).ok_or_else(|| Malformed::new(&path, "missing"))?;
        Subscription::from_name(name).ok_or_else(|| Malformed::new(&path, "not a subscription of ours"))
    }

    /// Whether this consumer is to look at it: a replay is for one alone.
    pub fn is_for(&self, consumer: &str) -> bool {
        let named = self.attributes.get(REPLAY_FOR);
        match self.published_to() {
            Some(Topic::Replays) => named.is_some_and(|named| named == consumer),
            None | Some(_) if self.takes_replays() => named.is_none_or(|named| named == consumer),
            None | Some(_) => true,
        }
    }

    /// The replay that it is, if it is one. An error where it says so and can't be: replays have a topic of their own, on which each has
    /// a number.
    pub fn replay(&self) -> Result<Option<Replay<'_>>, Malformed> {
        let Some(consumer) = self.attributes.get(REPLAY_FOR) else { return Ok(None) };
        if let Some(topic) = self.published_to().filter(|_| !self.takes_replays()) {
            let rule = format_args!("a replay isn't published to {topic}");
            return Err(Malformed::new(&format!("attributes.{REPLAY_FOR}"), rule));
        }
        let number = self.replay_number();
        if self.published_to() == Some(Topic::Replays) {
            let number = number.map_err(|rule| Malformed::new(&format!("attributes.{REPLAY_NUMBER}"), rule))?;
            return Ok(Some(Replay { consumer, number: Some(number) }));
        }
        Ok(Some(Replay { consumer, number: number.ok() }))
    }

    /// Whether it is said to be this letter's, or no letter's by name.
    pub(super) fn names_letter(&self, letter: &DocumentPath) -> bool {
        self.attributes.get(REPLAY_OF).is_none_or(|named| named == letter.id())
    }

    /// Only `replays` has any, but in the first edition every topic had.
    fn takes_replays(&self) -> bool {
        matches!(self.published_to(), None | Some(Topic::Replays)) || self.first_edition == FirstEdition::InFlight
    }

    fn replay_number(&self) -> Result<i64, &'static str> {
        let text = self.attributes.get(REPLAY_NUMBER).ok_or("missing")?;
        text.parse().ok().filter(|number| *number >= 1).ok_or("not a number from 1")
    }

    /// The event in it, in either mode of CloudEvents.
    pub fn envelope(&self, origin: Origin) -> Result<Envelope, (Malformed, PartialEnvelope)> {
        if binary::is_binary(&self.attributes) {
            Envelope::parse_binary(&self.attributes, &self.body, origin)
        } else {
            Envelope::parse(&self.body, origin)
        }
    }

    /// A key that says another subject than the event keeps the order of the wrong customer, and without a key there is no order.
    pub(crate) fn check_key(&self, subject: &Subject) -> Result<(), Malformed> {
        match &self.ordering_key {
            None => Err(Malformed::new("orderingKey", "missing")),
            Some(key) if *key != subject.to_string() => Err(Malformed::new("orderingKey", "not the subject")),
            Some(_) => Ok(()),
        }
    }

    /// Where this message's dead letter would be. `is_named`: its event has an id, so the same bytes are the same event.
    pub(crate) fn letter_path(&self, consumer: &str, is_named: bool) -> DocumentPath {
        let replayed = || self.attributes.get(REPLAY_OF).and_then(|id| DocumentPath::dead_letter_named(consumer, id));
        if let Some(letter) = (!is_named).then(replayed).flatten() {
            return letter;
        }
        DocumentPath::dead_letter(consumer, &sha256_hex(&self.identity(is_named)))
    }

    /// What tells this message from others, and is the same at each of its deliveries, also at that after it was given up.
    fn identity(&self, is_named: bool) -> Vec<u8> {
        if is_named {
            let is_binary = binary::is_binary(&self.attributes);
            let attributes = is_binary.then(|| json!(binary::of_the_mode(&self.attributes)));
            return attributes.map_or_else(|| self.body.clone(), |attributes| self.body_and(&attributes));
        }
        let attributes: BTreeMap<_, _> =
            self.attributes.iter().filter(|(name, _)| !name.starts_with(OF_GIVING_UP)).collect();
        match self.attributes.get(GIVEN_UP_ID).or(self.message_id.as_ref()) {
            // It was posted by somebody else than Pub/Sub.
            None if attributes.is_empty() && self.dropped_bytes == 0 => self.body.clone(),
            // A push body says which delivery it is; the message in it doesn't.
            Some(id) if self.unreadable.is_some() => canonical(&json!([attributes, id])),
            id => self.body_and(&json!([attributes, id, self.dropped_bytes])),
        }
    }

    fn body_and(&self, more: &Json) -> Vec<u8> {
        [self.body.as_slice(), &canonical(more)].concat()
    }
}
