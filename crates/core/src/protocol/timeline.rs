//! The timeline of a customer: which applied event changed which fields, when, and on whose behalf.
//!
//! An entry is computed from the handler's snapshot and writes, so no handler can forget or falsify it.
//! Nothing is ever decided on an entry.

use std::collections::BTreeSet;

use crate::{
    event::{catalog::Topic, envelope::Envelope},
    kernel::{ids::UserId, names::names, timestamp::Timestamp},
    protocol::decision::Effects,
    store::{
        document::Document,
        path::DocumentPath,
        personal,
        snapshot::Snapshot,
        value::{Foreign, Map, Value, map},
        write::Write,
    },
};

names! {
    /// Why a change is told without its values.
    Omitted {
        /// Whom it belongs to may ask to be forgotten: the timeline says that it changed, never what.
        Personal = "PERSONAL",
        Large = "LARGE",
    }
}

/// Most texts of events are told whole; longer lists aren't. With the bound on the changes an entry stays well under the
/// 200 KiB of a document that triggers anything.
pub const MAX_VALUE_BYTES: usize = 1024;
pub const MAX_CHANGES: usize = 64;

/// When a document was last written, and when the database will delete it, is no change of the customer's.
const BOOKKEEPING: [&str; 2] = ["updatedAt", "expireAt"];

/// The entry, an event that changes no document included. It takes effect whatever is there: a record of the same commit
/// says that the event is new, and once that record has expired an event that comes again must still be applied.
pub fn entry(
    user: UserId,
    consumer: &str,
    envelope: &Envelope,
    effects: &Effects,
    snapshot: &Snapshot,
    now: Timestamp,
) -> Write {
    let mut changes = Changes::default();
    effects.writes.iter().for_each(|write| changes.note(write, snapshot.get(&write.path)));
    let mut fields = map([
        ("at", envelope.time.into()),
        ("recordedAt", now.into()),
        ("type", envelope.event_type.name().into()),
        ("by", by(envelope).into()),
        ("source", envelope.source.as_str().into()),
        ("changes", changes.told.into()),
    ]);
    let from = effects.moved.and_then(|moved| moved.from);
    let to = effects.moved.map(|moved| moved.to);
    for (name, state) in [("from", from), ("to", to)] {
        fields.extend(state.map(|state| (name.to_owned(), state.into())));
    }
    fields.extend(approved_by(envelope).map(|person| ("approvedBy".to_owned(), person.into())));
    if changes.untold > 0 {
        fields.insert("moreChanges".to_owned(), changes.untold.into());
    }
    Write::over_anything(DocumentPath::timeline_entry(user, consumer, envelope.id), fields)
}

/// The operator who did it, where the type declares one, else the system that reported it. In the data of another type anybody may
/// write `operator`.
fn by(envelope: &Envelope) -> &str {
    if envelope.event_type.topic() != Topic::Operations {
        return &envelope.source;
    }
    envelope.data().optional_string("operator").ok().flatten().unwrap_or(&envelope.source)
}

/// The second person, of what takes two.
fn approved_by(envelope: &Envelope) -> Option<&str> {
    let is_command = envelope.event_type.topic() == Topic::Operations;
    is_command.then(|| envelope.data().optional_string("approvedBy").ok().flatten())?
}

#[derive(Debug, Default)]
struct Changes {
    told: Vec<Value>,
    untold: i64,
}

impl Changes {
    fn note(&mut self, write: &Write, before: Option<&Document>) {
        for change in &write.changes {
            if !BOOKKEEPING.contains(&change.field[0].as_str()) {
                let old = before.and_then(|document| value_at(&document.fields, &change.field));
                self.compare(&write.path, &mut change.field.clone(), old, change.value.as_ref());
            }
        }
    }

    /// Field by field down to what isn't a map.
    fn compare(&mut self, path: &DocumentPath, field: &mut Vec<String>, old: Option<&Value>, new: Option<&Value>) {
        if old == new {
            return;
        }
        let Some((old_fields, new_fields)) = maps(old, new) else {
            return self.tell(path, field, old, new);
        };
        let names: BTreeSet<_> = old_fields.keys().chain(new_fields.keys()).collect();
        for name in names {
            field.push(name.clone());
            self.compare(path, field, old_fields.get(name), new_fields.get(name));
            field.pop();
        }
    }

    fn tell(&mut self, path: &DocumentPath, field: &[String], old: Option<&Value>, new: Option<&Value>) {
        if self.told.len() == MAX_CHANGES {
            self.untold += 1;
            return;
        }
        let mut told = map([("document", path.to_string().into()), ("field", field.join(".").into())]);
        let is_large = |value: Option<&Value>| value.is_some_and(|value| bytes(value) > MAX_VALUE_BYTES);
        let collection = path.collection();
        let is_personal =
            |value: Option<&Value>| value.is_some_and(|value| personal::is_personal(&collection, field, value));
        if is_personal(old) || is_personal(new) {
            told.insert("omitted".to_owned(), Omitted::Personal.name().into());
        } else if is_large(old) || is_large(new) {
            told.insert("omitted".to_owned(), Omitted::Large.name().into());
        } else {
            for (name, value) in [("old", old), ("new", new)] {
                told.extend(value.map(|value| (name.to_owned(), value.clone())));
            }
        }
        self.told.push(Value::Map(told));
    }
}

/// Two maps, one of which may be missing. None where values are to be compared: an empty map beside nothing is one.
fn maps<'a>(old: Option<&'a Value>, new: Option<&'a Value>) -> Option<(&'a Map, &'a Map)> {
    static NOTHING: Map = Map::new();
    match (old, new) {
        (Some(Value::Map(old)), Some(Value::Map(new))) => Some((old, new)),
        (Some(Value::Map(old)), None) if !old.is_empty() => Some((old, &NOTHING)),
        (None, Some(Value::Map(new))) if !new.is_empty() => Some((&NOTHING, new)),
        (_, _) => None,
    }
}

fn value_at<'a>(fields: &'a Map, path: &[String]) -> Option<&'a Value> {
    let (name, rest) = path.split_first()?;
    let value = fields.get(name)?;
    match (rest, value) {
        ([], value) => Some(value),
        (rest, Value::Map(inner)) => value_at(inner, rest),
        (_, _) => None,
    }
}

/// About the bytes that it takes to store it.
fn bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Int(_) | Value::Timestamp(_) => 8,
        Value::String(text) => text.len(),
        Value::Bytes(bytes) | Value::Foreign(Foreign { bytes, .. }) => bytes.len(),
        Value::Array(items) => items.iter().map(bytes).sum(),
        Value::Map(fields) => fields.iter().map(|(name, value)| name.len() + bytes(value)).sum(),
    }
}
