//! What time itself brings about: states that end, and letters whose document has come at last.
//!
//! Each task walks through its query page by page. What it finds there it only takes for a hint: it reads again, all at one
//! moment, what the event rests on, and publishes nothing that isn't true then. What it publishes is the same, byte for byte,
//! however often it is published.

mod awaited;
mod due;
mod lane;
mod tally;

use std::{iter, marker::PhantomData};

pub use self::due::{Due, Ended, Oddity};
use self::{awaited::Awaited, due::DueRun, tally::Tally};
use crate::{
    fields::Fields,
    malformed::Malformed,
    outcome::Fault,
    sweep::{Account, Ask, Chore, Cursor, Heard, Place, Row},
    timestamp::Timestamp,
};

/// The function that this works in, and what it looks for.
pub trait Timekeeper {
    const FUNCTION: &'static str;
    const DUE: &'static [Due];
}

/// One task after the other. The letters come first: a fact that waited in one is older than whatever time has ended since, and may
/// well be what keeps it from ending.
#[derive(Clone, Debug)]
pub struct Rounds<T> {
    tasks: Vec<Task>,
    current: usize,
    tally: Tally,
    timekeeper: PhantomData<T>,
}

#[derive(Clone, Debug)]
enum Task {
    Due(DueRun),
    Awaited(Awaited),
}

impl<T: Timekeeper> Chore for Rounds<T> {
    const FUNCTION: &'static str = T::FUNCTION;
    const ORDERS: &'static [&'static str] = &[];

    fn ordered(_: &Fields<'_>) -> Result<Self, Malformed> {
        let due = T::DUE.iter().map(|due| Task::Due(DueRun::new(T::FUNCTION, due)));
        let tasks = iter::once(Task::Awaited(Awaited::default())).chain(due).collect();
        Ok(Rounds { tasks, current: 0, tally: Tally::default(), timekeeper: PhantomData })
    }

    fn keeps_place(&self) -> bool {
        true
    }

    /// At the beginning, if this release knows no such task.
    fn go_on_at(&mut self, place: Place) {
        if let Some(index) = self.tasks.iter().position(|task| task.name() == place.task) {
            self.current = index;
            self.tasks[index].go_on_after(place.after);
        }
    }

    fn next(&mut self, heard: Heard, now: Timestamp) -> Ask {
        let mut heard = heard;
        while let Some(task) = self.tasks.get_mut(self.current) {
            match task.next(heard, now, &mut self.tally) {
                Ask::Finish => self.current += 1,
                ask @ (Ask::Query(_) | Ask::Read(_) | Ask::Publish(_) | Ask::Pause { .. } | Ask::Stop) => return ask,
            }
            heard = Heard::Begin;
        }
        Ask::Finish
    }

    fn place(&self) -> Option<Place> {
        let task = self.tasks.get(self.current)?;
        Some(Place { task: task.name().to_owned(), after: task.after() })
    }

    fn account(&self) -> Account {
        self.tally.account()
    }
}

impl Task {
    fn name(&self) -> &'static str {
        match self {
            Task::Due(run) => run.collection(),
            Task::Awaited(_) => awaited::COLLECTION,
        }
    }

    fn next(&mut self, heard: Heard, now: Timestamp, tally: &mut Tally) -> Ask {
        match self {
            Task::Due(run) => run.next(heard, now, tally),
            Task::Awaited(run) => run.next(heard, now, tally),
        }
    }

    fn after(&self) -> Option<Cursor> {
        match self {
            Task::Due(run) => run.after.clone(),
            Task::Awaited(run) => run.after.clone(),
        }
    }

    fn go_on_after(&mut self, after: Option<Cursor>) {
        match self {
            Task::Due(run) => run.after = after,
            Task::Awaited(run) => run.after = after,
        }
    }
}

/// A task that can't read or publish is given up for this run, and the next task begins: they fail alone.
fn give_up(task: &str, fault: &Fault, tally: &mut Tally) -> Ask {
    tally.fault(format!("{task}: {fault}"));
    Ask::Finish
}

/// After so many messages in a row that couldn't be published, a task is given up.
const FAILURES_TO_GIVE_UP: u32 = 3;

const PAGE_DOCUMENTS: u32 = 100;

fn is_last_page(rows: &[Row]) -> bool {
    u32::try_from(rows.len()).is_ok_and(|count| count < PAGE_DOCUMENTS)
}
