//! Where a sweep stopped, and the next one goes on.

use serde_json::{Value as Json, json};

use super::query::Cursor;
use crate::{
    decision::Write,
    delivery::{Expected, GuardedWrite},
    document::{Document, DocumentPath, Unreadable},
    timestamp::Timestamp,
    value::Value,
};

/// Behind a document of one of the chore's tasks; at the beginning of the task where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub task: String,
    pub after: Option<Cursor>,
}

impl Place {
    /// None: the last run came to its end.
    pub fn read(bookmark: &Document) -> Result<Option<Place>, Unreadable> {
        let Some(task) = bookmark.optional_string("task")? else { return Ok(None) };
        let path = bookmark.optional_string("document")?.and_then(DocumentPath::parse);
        let value = bookmark.optional_timestamp("at")?.map(Value::Timestamp);
        Ok(Some(Place { task: task.to_owned(), after: path.map(|path| Cursor { value, path }) }))
    }

    /// The whole bookmark that says so; without a place, that there is nothing to go on with. It is written whatever is there: no
    /// decision rests on it, and the word of another run at the same time is as good.
    pub(super) fn keep(path: DocumentPath, place: Option<&Place>, now: Timestamp) -> GuardedWrite {
        let mut write = Write::to(path).set("updatedAt", now);
        if let Some(Place { task, after }) = place {
            write = write.set("task", task.as_str());
            if let Some(Cursor { value, path }) = after {
                write = write.set("document", path.to_string());
                write = value.iter().fold(write, |write, at| write.set("at", at.clone()));
            }
        }
        GuardedWrite { path: write.path, changes: write.changes, expected: Expected::Whatever }
    }

    pub(super) fn to_json(&self) -> Json {
        json!({ "task": self.task, "document": self.after.as_ref().map(|after| after.path.to_string()) })
    }
}
