//! The paging of a task: a query page by page, and how far everything is done.

use super::Tally;
use crate::{
    protocol::{
        job::End,
        outcome::Fault,
        step::{Call, Step},
    },
    store::query::{Cursor, Filter, Query, Row, is_last_page},
};

/// After so many messages in a row that couldn't be published, a task is given up.
const FAILURES_TO_GIVE_UP: u32 = 3;

const PAGE_DOCUMENTS: u32 = 100;

#[derive(Clone, Debug)]
pub(super) struct Pages {
    pub(super) collection: &'static str,
    order_by: Option<&'static str>,
    fields: &'static [&'static str],
    /// Up to where everything is done.
    pub(super) after: Option<Cursor>,
    /// The last document of the present page.
    end: Option<Cursor>,
    is_last: bool,
    failures_in_a_row: u32,
}

impl Pages {
    pub(super) fn of(
        collection: &'static str,
        order_by: Option<&'static str>,
        fields: &'static [&'static str],
    ) -> Pages {
        Pages { collection, order_by, fields, after: None, end: None, is_last: false, failures_in_a_row: 0 }
    }

    pub(super) fn query(&self, filters: Vec<Filter>) -> Step<End> {
        Step::Call(Call::query(Query {
            collection: self.collection,
            filters,
            order_by: self.order_by,
            after: self.after.clone(),
            fields: self.fields,
            limit: PAGE_DOCUMENTS,
            ..Query::default()
        }))
    }

    /// A page has come.
    pub(super) fn begin(&mut self, rows: &[Row], tally: &mut Tally) {
        tally.page(rows.len());
        self.end = rows.last().map(|row| self.cursor(row));
        self.is_last = is_last_page(rows, PAGE_DOCUMENTS);
    }

    pub(super) fn cursor(&self, row: &Row) -> Cursor {
        row.cursor(self.order_by)
    }

    /// The page is done. Whether another one follows.
    pub(super) fn end(&mut self) -> bool {
        self.after = self.end.take().or(self.after.take());
        !self.is_last
    }

    /// The present document is done.
    pub(super) fn went_well(&mut self) {
        self.failures_in_a_row = 0;
    }

    /// The present document failed, and is passed by. Whether the task is to be given up.
    pub(super) fn failed(&mut self) -> bool {
        self.failures_in_a_row += 1;
        self.failures_in_a_row == FAILURES_TO_GIVE_UP
    }

    /// A task that can't read or publish is given up for this run, and the next task begins: they fail alone.
    pub(super) fn give_up(&self, fault: &Fault, tally: &mut Tally) -> Step<End> {
        tally.fault(format!("{}: {fault}", self.collection));
        Step::Done(End::Finished)
    }
}
