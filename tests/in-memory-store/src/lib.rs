//! Firestore in memory, as far as the protocol relies on it: a read of one moment, a commit of all or nothing, and an update
//! time that another write changes.
//!
//! It speaks the types of the core, for tests that drive a delivery natively. The store of `tests/cases/runner` is another one
//! on purpose: it takes the bytes that go to Google, masks and preconditions as they are on the wire, and so finds mistakes in
//! their encoding; and the simulator's millions of reads are answered without decoding a document.

use std::collections::BTreeMap;

use boma_core::store::{
    document::{Document, UpdateTime},
    path::DocumentPath,
    snapshot::{Snapshot, Stored},
    value::{Map, Value},
    write::{Change, Expected, GuardedWrite},
};

/// Two stores with the same documents in the same versions are equal, and hash alike: a model checker takes them for one state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct InMemoryStore {
    /// By the name of the collection, as a path says it.
    collections: BTreeMap<String, BTreeMap<DocumentPath, Stored>>,
}

/// A document isn't the version that its write expects: nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreconditionFailed;

impl InMemoryStore {
    pub fn of(documents: impl IntoIterator<Item = (DocumentPath, Document)>) -> InMemoryStore {
        let mut store = InMemoryStore::default();
        documents.into_iter().for_each(|(path, document)| store.put(path, document));
        store
    }

    pub fn stored(&self, path: &DocumentPath) -> Option<&Stored> {
        self.collections.get(&path.collection())?.get(path)
    }

    pub fn document(&self, path: &DocumentPath) -> Option<&Document> {
        self.stored(path).map(|stored| &stored.document)
    }

    pub fn version(&self, path: &DocumentPath) -> Option<UpdateTime> {
        self.stored(path).map(|stored| stored.updated_at)
    }

    pub fn snapshot(&self, paths: impl IntoIterator<Item = DocumentPath>) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for path in paths {
            let stored = self.stored(&path).cloned();
            snapshot.insert(path, stored);
        }
        snapshot
    }

    /// The documents of one collection by path: `users`, or `users.timeline` for those of all users.
    pub fn collection(&self, name: &str) -> impl Iterator<Item = (&DocumentPath, &Document)> {
        self.collections.get(name).into_iter().flatten().map(|(path, stored)| (path, &stored.document))
    }

    /// Every document.
    pub fn all(&self) -> impl Iterator<Item = (&DocumentPath, &Stored)> {
        self.collections.values().flatten()
    }

    /// All writes, or none.
    pub fn commit(&mut self, writes: &[GuardedWrite]) -> Result<(), PreconditionFailed> {
        if !writes.iter().all(|write| self.meets(write)) {
            return Err(PreconditionFailed);
        }
        for write in writes {
            let kept = self.document(&write.path).filter(|_| write.expected != Expected::Whatever);
            let mut document = kept.cloned().unwrap_or_default();
            write.changes.iter().for_each(|change| apply(&mut document.fields, change));
            self.put(write.path.clone(), document);
        }
        Ok(())
    }

    fn meets(&self, write: &GuardedWrite) -> bool {
        match write.expected {
            Expected::Absent => self.version(&write.path).is_none(),
            Expected::Version(version) => self.version(&write.path) == Some(version),
            Expected::Whatever => true,
        }
    }

    /// The whole document. A write that changes nothing leaves the update time as it was, as Firestore does.
    pub fn put(&mut self, path: DocumentPath, document: Document) {
        let before = self.stored(&path);
        if before.is_some_and(|stored| stored.document == document) {
            return;
        }
        // Counted for each document: nothing is ever removed, so no version comes twice.
        let seconds = before.map_or(1, |stored| stored.updated_at.seconds + 1);
        let stored = Stored { document, updated_at: UpdateTime { seconds, nanos: 0 } };
        self.collections.entry(path.collection()).or_default().insert(path, stored);
    }
}

/// What stands on the way and isn't a map makes way, as in Firestore.
fn apply(fields: &mut Map, change: &Change) {
    let (leaf, parents) = change.field.split_last().expect("a field has a name");
    let mut fields = fields;
    for name in parents {
        let inner = fields.entry(name.clone()).or_insert_with(|| Value::Map(Map::new()));
        if !matches!(inner, Value::Map(_)) {
            *inner = Value::Map(Map::new());
        }
        let Value::Map(inner) = inner else { unreachable!("just made one") };
        fields = inner;
    }
    match &change.value {
        Some(value) => fields.insert(leaf.clone(), value.clone()),
        None => fields.remove(leaf),
    };
}
