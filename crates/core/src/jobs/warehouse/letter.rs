//! The dead letter of a row that couldn't be appended. Its body is the row.

use std::collections::BTreeMap;

use crate::{
    event::envelope::PartialEnvelope,
    kernel::{digest::sha256_hex, timestamp::Timestamp},
    protocol::dead_letter::{COLLECTION, Cause, Content, fields},
    store::{document::Document, path::DocumentPath, write::Write},
    warehouse::{row::Row, spelled},
};

/// Whose letters they are.
pub const CONSUMER: &str = "warehouse";

/// The same change is the same letter, however often it comes.
pub fn path(row: &Row) -> DocumentPath {
    DocumentPath::dead_letter(CONSUMER, &sha256_hex(&body(row)))
}

/// Whether the row tells of such a letter.
pub fn is_own(row: &Row) -> bool {
    row.table.collection == COLLECTION && row.id.starts_with(&format!("{CONSUMER}."))
}

pub fn write(row: &Row, cause: &Cause, now: Timestamp) -> Write {
    let body = body(row);
    let attributes = BTreeMap::from([("document".to_owned(), format!("{}/{}", row.table.collection, row.id))]);
    let content = Content { body: &body, dropped_bytes: 0, attributes: &attributes };
    Write::whole(path(row), fields(CONSUMER, cause, &PartialEnvelope::default(), &content, now))
}

fn body(row: &Row) -> Vec<u8> {
    spelled::spelled(row).to_string().into_bytes()
}

/// The row of a letter. The error is why it can't be appended from it.
pub fn read(letter: &Document) -> Result<Row, String> {
    if letter.bool("truncated").map_err(|error| error.to_string())? {
        return Err("its row was too long to be kept whole".to_owned());
    }
    let body = letter.bytes("body").map_err(|error| error.to_string())?;
    let row = serde_json::from_slice(body).ok().and_then(|json| spelled::read(&json));
    row.ok_or_else(|| "its body isn't a row of any table".to_owned())
}
