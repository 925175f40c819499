//! Where a run stopped, and the next one resumes.

use serde_json::{Value as Json, json};

use crate::{
    kernel::timestamp::Timestamp,
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        query::Cursor,
        value::Value,
        write::{Expected, GuardedWrite, Write},
    },
};

/// Behind a document of one of the job's tasks; without one, at the beginning of the task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    pub task: String,
    pub after: Option<Cursor>,
}

impl Checkpoint {
    /// None: the last run came to its end.
    pub fn read(stored: &Document) -> Result<Option<Checkpoint>, Unreadable> {
        let Some(task) = stored.optional_string("task")? else { return Ok(None) };
        let path = stored.optional_string("document")?.and_then(DocumentPath::named);
        let value = stored.optional_timestamp("at")?.map(Value::Timestamp);
        Ok(Some(Checkpoint { task: task.to_owned(), after: path.map(|path| Cursor { value, path }) }))
    }

    /// The whole document; without a checkpoint, one that says that there is nothing to resume. No precondition: no decision rests on
    /// it, and the checkpoint of another run at the same time is as good.
    pub(super) fn write(path: DocumentPath, checkpoint: Option<&Checkpoint>, now: Timestamp) -> GuardedWrite {
        let mut write = Write::to(path).set("updatedAt", now);
        if let Some(Checkpoint { task, after }) = checkpoint {
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
