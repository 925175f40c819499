//! users/{userId}/notes/{noteId}

use crate::{
    domain::notes::facts::Note,
    kernel::{ids::UserId, timestamp::Timestamp},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        write::Write,
    },
};

pub fn text(note: &Document) -> Result<&str, Unreadable> {
    note.string("text")
}

/// `at` is the time of the event.
pub fn write(user: UserId, note: &Note, at: Timestamp) -> Write {
    Write::to(DocumentPath::note(user, note.id))
        .set("text", note.text.as_str())
        .set("by", note.operator.as_str())
        .set("at", at)
}
