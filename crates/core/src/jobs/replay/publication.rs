//! What is published of a letter, and what became of it since.

use std::collections::BTreeMap;

use crate::{
    event::{catalog::Topic, outbox::Message},
    jobs::replay::letter::Letter,
    protocol::dead_letter::{Kind, Status, replay_attributes},
    store::document::{Document, Unreadable},
};

/// The body unchanged, the attributes that it can't be read without, and those that say whose replay this is.
pub(super) fn message(letter: &Letter, body: &[u8], came_with: &BTreeMap<String, String>) -> Message {
    let Letter { path, consumer, event_type, .. } = letter;
    let attributes = replay_attributes(path, consumer, letter.replays + 1, event_type.as_deref(), came_with);
    Message { topic: Topic::Replays, key: letter.subject.clone().unwrap_or_default(), attributes, data: body.to_vec() }
}

/// What the letter says of its replay: the function rewrites it in the same commit in which it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    OnItsWay,
    Replayed,
    /// Back for an operator.
    Returned {
        kind: Kind,
        reason: String,
    },
    Gone,
}

impl Fate {
    pub(super) const FIELDS: &'static [&'static str] = &["status", "kind", "reason", "replays"];

    /// `replays`: how many there were before this one.
    pub(super) fn of(document: Option<&Document>, replays: i64) -> Result<Fate, Unreadable> {
        let Some(document) = document else { return Ok(Fate::Gone) };
        Ok(if document.word("status", Status::from_name)? == Status::Replayed {
            Fate::Replayed
        } else if document.int("replays")? > replays {
            let kind = document.word("kind", Kind::from_name)?;
            Fate::Returned { kind, reason: document.string("reason")?.to_owned() }
        } else {
            Fate::OnItsWay
        })
    }
}
