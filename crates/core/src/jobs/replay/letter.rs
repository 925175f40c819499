//! A dead letter as far as its replay goes by it: everything but the body, which may be long.

use std::collections::BTreeMap;

use crate::{
    event::origin,
    kernel::timestamp::Timestamp,
    protocol::dead_letter::{Kind, Status},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::Value,
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub path: DocumentPath,
    pub consumer: String,
    pub kind: Kind,
    pub status: Status,
    /// None: it couldn't be read, or isn't one that this release knows.
    pub event_type: Option<String>,
    /// The ordering key. None: it is unknown.
    pub subject: Option<String>,
    pub received_at: Option<Timestamp>,
    pub replays: i64,
    /// Of the body only the beginning was kept.
    pub is_cut: bool,
    /// It came where its type may not be published.
    pub is_out_of_place: bool,
}

impl Letter {
    /// What is read of a document.
    pub(super) const FIELDS: &'static [&'static str] =
        &["consumer", "kind", "status", "type", "subject", "receivedAt", "replays", "truncated", "reason"];

    pub(super) fn read(path: &DocumentPath, document: &Document) -> Result<Letter, Unreadable> {
        Ok(Letter {
            path: path.clone(),
            consumer: document.string("consumer")?.to_owned(),
            kind: document.word("kind", Kind::from_name)?,
            status: document.word("status", Status::from_name)?,
            event_type: document.optional_string("type")?.map(str::to_owned),
            subject: document.optional_string("subject")?.map(str::to_owned),
            received_at: document.optional_timestamp("receivedAt")?,
            replays: document.int("replays")?,
            is_cut: document.bool("truncated")?,
            is_out_of_place: document.optional_string("reason")?.is_some_and(origin::is_out_of_place),
        })
    }

    /// By key, and within a key as they were filed, whichever consumer or topic they are for.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (self.subject.as_deref(), self.received_at, &self.path)
    }
}

/// The attributes with which its message came.
pub(super) fn attributes(letter: &Document) -> Result<BTreeMap<String, String>, Unreadable> {
    let Some(map) = letter.optional_map("attributes")? else { return Ok(BTreeMap::new()) };
    let text_of = |value: &Value| value.as_text().map(str::to_owned).ok_or_else(|| value.kind());
    let pairs = map.iter().map(|(name, value)| Ok((name.clone(), text_of(value)?)));
    pairs.collect::<Result<_, _>>().map_err(|kind: &str| Unreadable::new("attributes", format_args!("{kind} inside")))
}

/// Whether it still waits for its document.
pub(super) fn is_awaiting(letter: &Document) -> Result<bool, Unreadable> {
    let is_open = letter.word("status", Status::from_name)? == Status::Open;
    Ok(is_open && letter.word("kind", Kind::from_name)? == Kind::Awaited)
}
