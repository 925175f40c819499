//! Where letters are, and which of them wait for a document.

use crate::{
    protocol::dead_letter::{Kind, Status},
    store::query::{Comparison, Filter},
};

pub(super) const COLLECTION: &str = "dead_letters";

/// Equalities alone: they are answered from the indexes that every field has by itself.
pub(super) fn open_and_awaiting() -> Vec<Filter> {
    vec![
        Filter::new("kind", Comparison::Equal, Kind::Awaited.name()),
        Filter::new("status", Comparison::Equal, Status::Open.name()),
    ]
}
