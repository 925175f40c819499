//! What a handler answers.

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    catalog::EventType,
    document::DocumentPath,
    envelope::Subject,
    malformed::Malformed,
    value::{Map, Value},
};

#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Accept(Effects),
    /// Rightly nothing to do, and why.
    Ignore(&'static str),
    /// A business no. The reason reads as the rule: `AlreadyRegistered`.
    Refuse(String),
    /// The input breaks a rule that only what was read could show: how many decimals an amount has, whose currency is the
    /// transaction's.
    Malformed(Malformed),
    /// Not before this document is there.
    Await(DocumentPath),
    /// The decision depends on this one as well, which only what was read could tell. Everything is then read again with it.
    ReadAlso(DocumentPath),
}

/// What changes, all of it or nothing, and what is published because of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    pub writes: Vec<Write>,
    pub events: Vec<NewEvent>,
    /// For the customer's timeline, where a state machine has decided.
    pub moved: Option<Move>,
}

/// The state before and after; the same where an edge comes back to where it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// None for what wasn't there.
    pub from: Option<&'static str>,
    pub to: &'static str,
}

/// New values for named fields of one document of the read set. It takes effect only on the very version that the handler
/// saw: a document that wasn't there is created, one that was there must not have changed since.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    pub path: DocumentPath,
    pub changes: Vec<Change>,
    /// Whatever is there makes way. A handler can't say so: its writes are guarded.
    pub(crate) replaces: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// The names on the way: `["balances", "CZK"]`. Other fields, and other currencies, stay as they are.
    pub field: Vec<String>,
    /// None removes the field.
    pub value: Option<Value>,
}

impl Write {
    pub fn to(path: DocumentPath) -> Write {
        Write { path, changes: Vec::new(), replaces: false }
    }

    /// All fields of a document.
    pub fn whole(path: DocumentPath, fields: Map) -> Write {
        let change = |(name, value)| Change { field: vec![name], value: Some(value) };
        Write { changes: fields.into_iter().map(change).collect(), ..Write::to(path) }
    }

    /// A document as it shall be, whatever is there now.
    pub(crate) fn over_anything(path: DocumentPath, fields: Map) -> Write {
        Write { replaces: true, ..Write::whole(path, fields) }
    }

    /// `field` is a path: `balances.CZK`.
    pub fn set(self, field: &str, value: impl Into<Value>) -> Write {
        self.change(field, Some(value.into()))
    }

    /// Sets the field, or removes it where there is no value.
    pub fn set_or_clear(self, field: &str, value: Option<impl Into<Value>>) -> Write {
        self.change(field, value.map(Into::into))
    }

    fn change(mut self, field: &str, value: Option<Value>) -> Write {
        self.changes.push(Change { field: field.split('.').map(str::to_owned).collect(), value });
        self
    }
}

/// A follow-up fact, before it has an id.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    pub event_type: EventType,
    pub subject: Subject,
    pub data: JsonMap<String, Json>,
}

impl NewEvent {
    pub fn new(event_type: EventType, subject: Subject) -> NewEvent {
        NewEvent { event_type, subject, data: JsonMap::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<Json>) -> NewEvent {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    pub fn with_optional(self, name: &str, value: Option<impl Into<Json>>) -> NewEvent {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}
