//! What time itself brings about: states that end, and letters whose document has come at last.
//!
//! Each task walks through its query page by page. What it finds there it only takes for a hint: it reads again, all at one
//! moment, what the event rests on, and publishes nothing that isn't true then. What it publishes is the same, byte for byte,
//! however often it is published.

mod awaited;
mod due;
mod paging;
mod tally;

use std::{iter, marker::PhantomData};

pub use self::due::{Anomaly, Due, Expiry};
use self::{awaited::Awaited, due::DueRun, paging::Pages, tally::Tally};
use crate::{
    event::fields::Fields,
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        job::{Checkpoint, End, Job, Summary},
        outcome::Fault,
        step::{Answer, Step},
    },
};

/// The expirations that a function looks for.
pub trait Expirations {
    const FUNCTION: &'static str;
    const DUE: &'static [Due];
}

/// One task after the other. The letters come first: a fact that waited in one is older than the expirations since, and may
/// prevent one.
#[derive(Clone, Debug)]
pub struct ClockJob<T> {
    tasks: Vec<Task>,
    current: usize,
    tally: Tally,
    expirations: PhantomData<T>,
}

#[derive(Clone, Debug)]
enum Task {
    Due(DueRun),
    Awaited(Awaited),
}

impl<T: Expirations> Job for ClockJob<T> {
    const FUNCTION: &'static str = T::FUNCTION;
    const PARAMS: &'static [&'static str] = &[];

    fn from_params(_: &Fields<'_>) -> Result<Self, Malformed> {
        let due = T::DUE.iter().map(|due| Task::Due(DueRun::new(T::FUNCTION, due)));
        let tasks = iter::once(Task::Awaited(Awaited::new())).chain(due).collect();
        Ok(ClockJob { tasks, current: 0, tally: Tally::default(), expirations: PhantomData })
    }

    fn keeps_checkpoint(&self) -> bool {
        true
    }

    /// At the beginning, if this release knows no such task.
    fn resume_at(&mut self, checkpoint: Checkpoint) {
        if let Some(index) = self.tasks.iter().position(|task| task.pages().collection == checkpoint.task) {
            self.current = index;
            self.tasks[index].pages_mut().after = checkpoint.after;
        }
    }

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<End> {
        let mut answer = answer;
        while let Some(task) = self.tasks.get_mut(self.current) {
            match task.next(answer, now, &mut self.tally) {
                Step::Done(End::Finished) => self.current += 1,
                step @ (Step::Call(_) | Step::Wait { .. } | Step::Done(End::Stopped)) => return step,
            }
            answer = Answer::Begin;
        }
        Step::Done(End::Finished)
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        let task = self.tasks.get(self.current)?;
        let Pages { collection, after, .. } = task.pages();
        Some(Checkpoint { task: (*collection).to_owned(), after: after.clone() })
    }

    fn summary(&self) -> Summary {
        self.tally.summary()
    }
}

impl Task {
    fn pages(&self) -> &Pages {
        match self {
            Task::Due(run) => &run.pages,
            Task::Awaited(run) => &run.pages,
        }
    }

    fn pages_mut(&mut self) -> &mut Pages {
        match self {
            Task::Due(run) => &mut run.pages,
            Task::Awaited(run) => &mut run.pages,
        }
    }

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        match self {
            Task::Due(run) => run.next(answer, now, tally),
            Task::Awaited(run) => run.next(answer, now, tally),
        }
    }
}
