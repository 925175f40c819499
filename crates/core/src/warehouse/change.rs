//! The row of a change.

use crate::{
    kernel::timestamp::Timestamp,
    store::{
        document::{Document, UpdateTime},
        snapshot::Stored,
        value::Value,
    },
    warehouse::{
        row::{Row, Version},
        table::Table,
        typed::typed,
    },
};

/// A document's change: as it was, as it is, and what is known of the change itself.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    pub table: &'static Table,
    pub id: &'a str,
    pub before: Option<&'a Stored>,
    pub after: Option<&'a Stored>,
    /// When the source of changes saw it.
    pub time: Option<Timestamp>,
    pub trace: Option<&'a str>,
}

/// A row, and the fields that its table doesn't know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    pub row: Row,
    pub unknown_fields: Vec<String>,
}

/// None: the change changed nothing.
pub fn row_of(changed: &Changed<'_>) -> Option<NewRow> {
    let table = changed.table;
    match (changed.before, changed.after) {
        (None, None) => None,
        (Some(before), Some(after)) if before.document == after.document => None,
        (_, Some(after)) => {
            let typed = typed(table, &after.document.fields);
            let at = moment(after.updated_at);
            let row = Row {
                version: Version { micros: at.micros(), is_deleted: false },
                change_time: at,
                event_time: time_in(&after.document, &table.event_time),
                new_status: text_in(&after.document, &table.status),
                cells: typed.cells,
                rest: typed.rest,
                ..bare(changed)
            };
            Some(NewRow { row, unknown_fields: typed.unknown })
        }
        (Some(before), None) => {
            let at = moment(before.updated_at);
            let row = Row {
                version: Version { micros: at.micros(), is_deleted: true },
                change_time: changed.time.map_or(at, |time| time.max(at)),
                event_time: time_in(&before.document, &table.event_time),
                ..bare(changed)
            };
            Some(NewRow { row, unknown_fields: Vec::new() })
        }
    }
}

/// What every row of the change has; without a document in it.
fn bare(changed: &Changed<'_>) -> Row {
    let nothing = Version { micros: 0, is_deleted: true };
    let old_status = changed.before.and_then(|before| text_in(&before.document, &changed.table.status));
    Row {
        old_status,
        trace: changed.trace.map(str::to_owned),
        ..Row::without_document(changed.table, changed.id.to_owned(), nothing, Timestamp::MIN)
    }
}

/// The database writes microseconds, within the years of our type.
fn moment(at: UpdateTime) -> Timestamp {
    let micros = at.seconds.saturating_mul(1_000_000).saturating_add(i64::from(at.nanos / 1_000));
    Timestamp::from_micros(micros.clamp(Timestamp::MIN.micros(), Timestamp::MAX.micros())).unwrap_or(Timestamp::MIN)
}

fn text_in(document: &Document, field: &str) -> Option<String> {
    document.optional_string(field).ok().flatten().map(str::to_owned)
}

fn time_in(document: &Document, field: &str) -> Option<Timestamp> {
    match document.fields.get(field) {
        Some(Value::Timestamp(at)) => Some(*at),
        Some(_) | None => None,
    }
}
