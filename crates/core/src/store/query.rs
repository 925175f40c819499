//! A query for documents, page by page.

use crate::{
    kernel::timestamp::Timestamp,
    store::{document::Document, path::DocumentPath, snapshot::Stored, value::Value},
};

/// All documents of a collection that pass every filter, in the order of one field and then of their names.
///
/// Equalities alone, or bounds of the one field that they are ordered by: these are answered from the indexes that every field
/// has by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    pub collection: &'static str,
    pub filters: Vec<Filter>,
    /// None: by name alone.
    pub order_by: Option<&'static str>,
    pub after: Option<Cursor>,
    /// No document behind this one, in the order of their names.
    pub up_to: Option<DocumentPath>,
    /// As they were then; None: as they are.
    pub read_at: Option<Timestamp>,
    /// The fields that are read of each.
    pub fields: &'static [&'static str],
    pub limit: u32,
}

/// Instead of the names of some.
pub const ALL_FIELDS: &[&str] = &["*"];

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    pub field: &'static str,
    pub is: Comparison,
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    AtMost,
    Above,
}

/// Whether no page of `limit` rows follows this one.
pub(crate) fn is_last_page(rows: &[Row], limit: u32) -> bool {
    u32::try_from(rows.len()).is_ok_and(|count| count < limit)
}

impl Filter {
    pub fn new(field: &'static str, is: Comparison, value: impl Into<Value>) -> Filter {
        Filter { field, is, value: value.into() }
    }
}

/// The place of a document in a query's order: pages go on after it, also if documents have left the query meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// That of the field which the query is ordered by.
    pub value: Option<Value>,
    pub path: DocumentPath,
}

/// A document that a query found, as far as its fields were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub path: DocumentPath,
    pub stored: Stored,
}

impl Row {
    pub fn document(&self) -> &Document {
        &self.stored.document
    }

    /// Where `query` goes on after this one.
    pub fn cursor(&self, order_by: Option<&str>) -> Cursor {
        let value = order_by.and_then(|field| self.document().fields.get(field).cloned());
        Cursor { value, path: self.path.clone() }
    }
}
