//! Changes to documents, and the versions that they take effect on.

use crate::store::{
    document::UpdateTime,
    path::DocumentPath,
    value::{Map, Value},
};

/// New values for named fields of one document of the read set. It takes effect only on the very version that the handler
/// saw: a document that wasn't there is created, one that was there must not have changed since.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    pub path: DocumentPath,
    pub changes: Vec<Change>,
    /// Replaces any document that is there. Handlers can't: their writes have preconditions.
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

    /// A whole document, in place of any that is there.
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

/// A write with a precondition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuardedWrite {
    pub path: DocumentPath,
    pub changes: Vec<Change>,
    pub expected: Expected,
}

/// What must be there for a write to take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    Absent,
    /// The version that was read, unchanged since.
    Version(UpdateTime),
    /// Anything or nothing: the changes become the whole document. Only for what no decision rests on.
    Whatever,
}
