//! How each task goes through its query: page by page, until too much of it fails.

use super::Tally;
use crate::{
    protocol::{job::End, outcome::Fault, step::Step},
    store::query::Row,
};

/// A task that can't read or publish is given up for this run, and the next task begins: they fail alone.
pub(super) fn give_up(task: &str, fault: &Fault, tally: &mut Tally) -> Step<End> {
    tally.fault(format!("{task}: {fault}"));
    Step::Done(End::Finished)
}

/// After so many messages in a row that couldn't be published, a task is given up.
pub(super) const FAILURES_TO_GIVE_UP: u32 = 3;

pub(super) const PAGE_DOCUMENTS: u32 = 100;

pub(super) fn is_last_page(rows: &[Row]) -> bool {
    u32::try_from(rows.len()).is_ok_and(|count| count < PAGE_DOCUMENTS)
}
