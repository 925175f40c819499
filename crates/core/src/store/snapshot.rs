//! Documents that were read together.

use std::collections::BTreeMap;

use crate::store::{
    document::{Document, Unreadable, UpdateTime},
    path::DocumentPath,
    write::{Expected, GuardedWrite, Write},
};

/// Documents as they were at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Snapshot {
    found: BTreeMap<DocumentPath, Option<Stored>>,
}

/// A record and the version of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stored {
    pub document: Document,
    pub updated_at: UpdateTime,
}

impl Snapshot {
    /// None stands for a document that wasn't there.
    pub fn insert(&mut self, path: DocumentPath, stored: Option<Stored>) {
        self.found.insert(path, stored);
    }

    /// The document, where there is one.
    pub fn get(&self, path: &DocumentPath) -> Option<&Document> {
        self.found.get(path)?.as_ref().map(|stored| &stored.document)
    }

    /// The document and its version, where there is one.
    pub fn stored(&self, path: &DocumentPath) -> Option<&Stored> {
        self.found.get(path)?.as_ref()
    }

    /// The document as `reader` reads it, where there is one.
    pub fn read<T>(
        &self,
        path: &DocumentPath,
        reader: fn(&Document) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        self.get(path).map(reader).transpose()
    }

    /// Whether it was read, also if it wasn't there.
    pub fn was_read(&self, path: &DocumentPath) -> bool {
        self.found.contains_key(path)
    }

    /// Whether none of what was read was there.
    pub fn is_empty(&self) -> bool {
        self.found.values().all(Option::is_none)
    }

    /// The write, to take effect only on what was read here. None: its document wasn't read.
    pub fn guard(&self, Write { path, changes, replaces }: Write) -> Option<GuardedWrite> {
        let expected = match (replaces, self.version(&path)) {
            (true, _) => Expected::Whatever,
            (false, Some(Some(version))) => Expected::Version(version),
            (false, Some(None)) => Expected::Absent,
            (false, None) => return None,
        };
        Some(GuardedWrite { path, changes, expected })
    }

    /// None if it wasn't read; Some(None) if it wasn't there.
    pub(crate) fn version(&self, path: &DocumentPath) -> Option<Option<UpdateTime>> {
        self.found.get(path).map(|stored| stored.as_ref().map(|stored| stored.updated_at))
    }
}
