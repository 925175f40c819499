//! The dead letter of a row that couldn't be appended. Its body is the row, if that isn't too long.

use std::collections::BTreeMap;

use crate::{
    event::envelope::PartialEnvelope,
    kernel::{digest::sha256_hex, timestamp::Timestamp},
    protocol::dead_letter::{COLLECTION, Cause, Content, fields},
    store::{document::Document, path::DocumentPath, write::Write},
    warehouse::{row::Row, spelled, table::Table},
};

/// Whose letters they are.
pub const CONSUMER: &str = "warehouse";

/// The attribute that names the document.
const DOCUMENT: &str = "document";

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
    let attributes = BTreeMap::from([(DOCUMENT.to_owned(), format!("{}/{}", row.table.collection, row.id))]);
    let content = Content { body: &body, dropped_bytes: 0, attributes: &attributes };
    Write::whole(path(row), fields(CONSUMER, cause, &PartialEnvelope::default(), &content, now))
}

fn body(row: &Row) -> Vec<u8> {
    spelled::spelled(row).to_string().into_bytes()
}

/// What a letter keeps.
#[derive(Debug)]
pub enum Kept {
    Row(Row),
    /// The row was longer than a letter may be; the document is still there to be read.
    Name(&'static Table, DocumentPath),
}

/// The error is why its change can't be appended.
pub fn read(letter: &Document) -> Result<Kept, String> {
    if letter.bool("truncated").map_err(|error| error.to_string())? {
        let kept = named(letter).map(|(table, path)| Kept::Name(table, path));
        return kept.ok_or_else(|| {
            "its row was too long to be kept whole, and it names no document that can be read".to_owned()
        });
    }
    let body = letter.bytes("body").map_err(|error| error.to_string())?;
    let row = serde_json::from_slice(body).ok().and_then(|json| spelled::read(&json));
    row.map(Kept::Row).ok_or_else(|| "its body isn't a row of any table".to_owned())
}

fn named(letter: &Document) -> Option<(&'static Table, DocumentPath)> {
    let attributes = letter.optional_map("attributes").ok()??;
    let path = DocumentPath::named(attributes.get(DOCUMENT)?.as_text()?)?;
    Some((Table::of(&path.collection())?, path))
}
