//! The database, as far as the protocol may rely on it: a read of one moment, a commit of all or nothing, and an update time
//! that another write changes.

use std::collections::BTreeMap;

use boma_core::store::{
    document::{Document, UpdateTime},
    path::DocumentPath,
    snapshot::Stored,
    value::{Map, Value},
    write::{Change, Expected, GuardedWrite},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    records: BTreeMap<DocumentPath, Stored>,
}

impl Store {
    pub fn of(given: &[(DocumentPath, Document)]) -> Store {
        let mut store = Store::default();
        for (path, document) in given {
            store.put(path.clone(), document.clone());
        }
        store
    }

    pub fn record(&self, path: &DocumentPath) -> Option<&Stored> {
        self.records.get(path)
    }

    pub fn document(&self, path: &DocumentPath) -> Option<&Document> {
        self.records.get(path).map(|stored| &stored.document)
    }

    pub fn version(&self, path: &DocumentPath) -> Option<UpdateTime> {
        self.records.get(path).map(|stored| stored.updated_at)
    }

    /// How many writes have changed something that another may lose a race for. Nobody does for an entry of a timeline.
    pub fn writes(&self) -> u32 {
        let raced = self.records.iter().filter(|(path, _)| !path.to_string().contains("/timeline/"));
        raced.map(|(_, stored)| u32::try_from(stored.updated_at.seconds).expect("few")).sum()
    }

    /// Of one collection, by path.
    pub fn collection<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a DocumentPath, &'a Document)> {
        let all = self.records.iter().map(|(path, stored)| (path, &stored.document));
        all.filter(move |(path, _)| path.to_string().starts_with(&format!("{name}/")))
    }

    /// None if a document isn't the version that its write expects: then nothing is changed.
    pub fn committed(&self, writes: &[GuardedWrite]) -> Option<Store> {
        let holds = |write: &GuardedWrite| match write.expected {
            Expected::Absent => self.version(&write.path).is_none(),
            Expected::Version(version) => self.version(&write.path) == Some(version),
            Expected::Whatever => true,
        };
        writes.iter().all(holds).then(|| {
            let mut after = self.clone();
            for write in writes {
                let kept = after.document(&write.path).filter(|_| write.expected != Expected::Whatever);
                let mut document = kept.cloned().unwrap_or_default();
                write.changes.iter().for_each(|change| apply(&mut document.fields, change));
                after.put(write.path.clone(), document);
            }
            after
        })
    }

    /// A write that changes nothing leaves the update time as it was, as Firestore does.
    pub fn put(&mut self, path: DocumentPath, document: Document) {
        let before = self.records.get(&path);
        if before.is_some_and(|stored| stored.document == document) {
            return;
        }
        // Counted for each document: nothing is ever removed, so no version comes twice.
        let seconds = before.map_or(1, |stored| stored.updated_at.seconds + 1);
        self.records.insert(path, Stored { document, updated_at: UpdateTime { seconds, nanos: 0 } });
    }
}

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
