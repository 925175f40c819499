//! Counts the documents of `probes`, two to a page; no more pages than the caller's `pages`, where it says so.

use boma_core::{
    event::fields::Fields,
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        function::Function,
        job::{Checkpoint, End, Job, Summary},
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::query::{Cursor, Query},
};

const PAGE: u32 = 2;

pub const FUNCTION: Function = Function::of_job::<Tally>();

#[derive(Debug)]
pub struct Tally {
    most_pages: i64,
    pages: i64,
    found: usize,
    after: Option<Cursor>,
    fault: Option<Fault>,
}

impl Job for Tally {
    const FUNCTION: &'static str = "tally";
    const PARAMS: &'static [&'static str] = &["pages"];

    fn from_params(params: &Fields<'_>) -> Result<Self, Malformed> {
        let most_pages = params.optional_integer("pages", 1, i64::MAX, "not an integer above 0")?;
        Ok(Tally { most_pages: most_pages.unwrap_or(i64::MAX), pages: 0, found: 0, after: None, fault: None })
    }

    fn keeps_checkpoint(&self) -> bool {
        false
    }

    fn resume_at(&mut self, _: Checkpoint) {}

    fn next(&mut self, answer: Answer<Fault>, _: Timestamp) -> Step<End> {
        match answer {
            Answer::Begin => self.page(),
            Answer::Rows(rows) => {
                self.pages += 1;
                self.found += rows.len();
                self.after = rows.last().map(|row| row.cursor(None));
                if rows.len() < PAGE as usize { Step::Done(End::Finished) } else { self.page() }
            }
            Answer::Failed(fault) => {
                self.fault = Some(fault);
                Step::Done(End::Finished)
            }
            Answer::Found(_) | Answer::Committed | Answer::Published | Answer::Appended { .. } | Answer::Waited => {
                unreachable!("it only queries")
            }
        }
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        Some(Checkpoint { task: "tally".to_owned(), after: self.after.clone() })
    }

    fn summary(&self) -> Summary {
        let answer = [("pages".to_owned(), self.pages.into()), ("found".to_owned(), self.found.into())];
        Summary {
            answer: answer.into_iter().collect(),
            findings: Vec::new(),
            faults: self.fault.iter().map(Fault::to_string).collect(),
        }
    }
}

impl Tally {
    fn page(&self) -> Step<End> {
        if self.pages >= self.most_pages {
            return Step::Done(End::Stopped);
        }
        Step::Call(Call::query(Query {
            collection: "probes",
            filters: Vec::new(),
            after: self.after.clone(),
            fields: &[],
            limit: PAGE,
            ..Query::default()
        }))
    }
}
