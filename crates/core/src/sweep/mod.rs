//! The protocol of a scheduled function, without I/O, as [`crate::delivery`] is that of one message: it is told the time,
//! chance and what its last step came to, and says the next step.
//!
//! It ends before its function's own end comes, and leaves word of where it stopped: the next run goes on there. So what stays in
//! a query for whatever reason can be passed by, however much of it there is, and never keeps a run from what stands behind
//! it. Running twice at once, or being broken off, does no harm: a chore does nothing that may not be done twice.

mod chore;
mod place;
mod query;
mod report;
mod step;

pub use self::{
    chore::{Account, Ask, Chore, Heard},
    place::Place,
    query::{Comparison, Cursor, Filter, Query, Row},
    report::{Ending, Remark, Report, Weight},
    step::{Answer, Reply, Step},
};
use crate::{
    delivery::{Failure, FailureClass, GuardedWrite, patience},
    document::DocumentPath,
    fields::Fields,
    handler::Snapshot,
    json,
    malformed::{Malformed, path_to},
    outcome::Fault,
    timestamp::Timestamp,
};

/// From then on nothing new is begun. The longest call takes 30 s and is repeated no more, so a run ends well within 9 minutes.
pub const SWEEP_MS: u64 = 420_000;
const QUERY_MS: u32 = 30_000;

#[derive(Clone, Debug)]
pub struct Sweep<C> {
    chore: Result<C, Malformed>,
    began: Option<Timestamp>,
    /// How often the present step was repeated.
    repeats: u32,
    /// Whether the last run left word of where it stopped.
    is_marked: bool,
    /// What failed around the chore.
    fault: Option<Fault>,
    is_stopped: bool,
    at: At,
}

/// Which step was said last.
#[derive(Clone, Debug)]
enum At {
    Start,
    /// Reading the bookmark.
    Opening,
    Asking(Ask),
    /// Keeping the bookmark.
    Closing(Vec<GuardedWrite>),
    /// Until that is said again.
    BackingOff(Box<At>),
    Done,
}

impl<C: Chore> Sweep<C> {
    /// `body` is what the caller posted: nothing, or an object.
    pub fn new(body: &[u8]) -> Self {
        let (began, fault) = (None, None);
        Sweep { chore: ordered(body), began, repeats: 0, is_marked: false, fault, is_stopped: false, at: At::Start }
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, reply: Reply) -> Step {
        let now = reply.now;
        self.began.get_or_insert(now);
        let at = std::mem::replace(&mut self.at, At::Done);
        match (at, reply.answer) {
            (At::Start, Answer::Begin) => self.start(now),
            (At::BackingOff(at), Answer::Waited) => self.say(*at, now),
            (at, Answer::Failed(failure)) => self.repeat_or_give_up(at, failure, now, reply.random),
            (At::Opening, Answer::Found(bookmark)) => self.open(&bookmark, now),
            (At::Closing(_), Answer::Committed) => self.done(),
            (At::Asking(Ask::Query(_)), Answer::Rows(rows)) => self.hear(Heard::Rows(rows), now),
            (At::Asking(Ask::Read(_)), Answer::Found(snapshot)) => self.hear(Heard::Found(snapshot), now),
            (At::Asking(Ask::Publish(_)), Answer::Published) => self.hear(Heard::Published, now),
            (At::Asking(Ask::Pause { .. }), Answer::Waited) => self.hear(Heard::Paused, now),
            (
                At::Start | At::Opening | At::Asking(_) | At::Closing(_) | At::BackingOff(_) | At::Done,
                Answer::Begin
                | Answer::Rows(_)
                | Answer::Found(_)
                | Answer::Published
                | Answer::Committed
                | Answer::Waited,
            ) => self.fail(Fault::Protocol("an answer to another step")),
        }
    }

    fn start(&mut self, now: Timestamp) -> Step {
        match &self.chore {
            Err(_) => self.done(),
            Ok(chore) if chore.keeps_place() => self.say(At::Opening, now),
            Ok(_) => self.hear(Heard::Begin, now),
        }
    }

    /// A bookmark that can't be read is as good as none.
    fn open(&mut self, bookmark: &Snapshot, now: Timestamp) -> Step {
        let bookmark = bookmark.get(&Self::bookmark_path());
        self.is_marked = bookmark.is_some_and(|document| document.fields.contains_key("task"));
        let place = bookmark.and_then(|document| Place::read(document).ok().flatten());
        if let (Ok(chore), Some(place)) = (&mut self.chore, place) {
            chore.go_on_at(place);
        }
        self.hear(Heard::Begin, now)
    }

    fn hear(&mut self, heard: Heard, now: Timestamp) -> Step {
        self.repeats = 0;
        let Ok(chore) = &mut self.chore else { return self.done() };
        match chore.next(heard, now) {
            Ask::Finish => self.close(now),
            Ask::Stop => self.stop(now),
            ask @ (Ask::Query(_) | Ask::Read(_) | Ask::Publish(_) | Ask::Pause { .. }) => {
                if self.is_over(now) {
                    self.stop(now)
                } else {
                    self.say(At::Asking(ask), now)
                }
            }
        }
    }

    fn say(&mut self, at: At, now: Timestamp) -> Step {
        let step = match &at {
            At::Opening => Step::Read { paths: vec![Self::bookmark_path()], timeout_ms: patience::READ_MS },
            At::Asking(Ask::Query(query)) => Step::Query { query: query.clone(), timeout_ms: QUERY_MS },
            At::Asking(Ask::Read(paths)) => Step::Read { paths: paths.clone(), timeout_ms: patience::READ_MS },
            At::Asking(Ask::Publish(batch)) => Step::Publish { batch: batch.clone(), timeout_ms: patience::PUBLISH_MS },
            At::Asking(Ask::Pause { ms }) => Step::Wait { ms: *ms },
            At::Closing(writes) => Step::Commit { writes: writes.clone(), timeout_ms: patience::COMMIT_MS },
            At::Asking(Ask::Finish | Ask::Stop) | At::Start | At::BackingOff(_) | At::Done => return self.close(now),
        };
        self.at = at;
        step
    }

    fn repeat_or_give_up(&mut self, at: At, failure: Failure, now: Timestamp, random: u64) -> Step {
        let is_hopeless = match failure.class {
            FailureClass::Raced | FailureClass::Unknown => self.repeats == patience::MAX_REPEATS || self.is_over(now),
            FailureClass::Permanent => true,
        };
        if !is_hopeless {
            let ms = patience::backoff_ms(self.repeats, random);
            self.repeats += 1;
            self.at = At::BackingOff(Box::new(at));
            return Step::Wait { ms };
        }
        match at {
            At::Asking(Ask::Query(_)) => self.hear(Heard::Failed(call("query", failure)), now),
            At::Asking(Ask::Read(_)) => self.hear(Heard::Failed(call("read", failure)), now),
            At::Asking(Ask::Publish(_)) => self.hear(Heard::Failed(call("publish", failure)), now),
            At::Opening => self.fail(call("read", failure)),
            At::Closing(_) => self.fail(call("commit", failure)),
            At::Asking(Ask::Pause { .. } | Ask::Finish | Ask::Stop) | At::Start | At::BackingOff(_) | At::Done => {
                self.fail(Fault::Protocol("an answer to another step"))
            }
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.began.is_some_and(|began| now.ms_since(began) >= SWEEP_MS)
    }

    fn stop(&mut self, now: Timestamp) -> Step {
        self.is_stopped = true;
        self.close(now)
    }

    /// Leaves word of where it stopped, or takes that of the last run away. Where something failed the last word stands: what it
    /// points to is still to be done.
    fn close(&mut self, now: Timestamp) -> Step {
        let Ok(chore) = &self.chore else { return self.done() };
        let path = Self::bookmark_path();
        let place = if self.is_stopped { chore.place() } else { None };
        let is_due = place.is_some() || (self.is_marked && chore.account().faults.is_empty());
        if !is_due || !chore.keeps_place() {
            return self.done();
        }
        self.say(At::Closing(vec![Place::keep(path, place.as_ref(), now)]), now)
    }

    fn fail(&mut self, fault: Fault) -> Step {
        self.fault = Some(fault);
        self.done()
    }

    fn done(&mut self) -> Step {
        self.at = At::Done;
        let (account, place) = match &self.chore {
            Ok(chore) => (chore.account(), chore.place()),
            Err(malformed) => {
                let ending = Ending::Malformed(malformed.reason().to_owned());
                let answer = [("error".to_owned(), malformed.reason().into())].into_iter().collect();
                return Step::Done(Report { function: C::FUNCTION, ending, answer, remarks: Vec::new() });
            }
        };
        let mut faults = account.faults;
        faults.extend(self.fault.as_ref().map(Fault::to_string));
        let mut answer = account.answer;
        let is_partial = self.is_stopped || !faults.is_empty();
        answer.insert("stoppedAt".to_owned(), place.filter(|_| is_partial).map(|place| place.to_json()).into());
        answer.insert("faults".to_owned(), faults.clone().into());
        let ending = match faults.first() {
            Some(first) => Ending::Faulty(first.clone()),
            None if self.is_stopped => Ending::Stopped,
            None => Ending::Finished,
        };
        Step::Done(Report { function: C::FUNCTION, ending, answer, remarks: account.remarks })
    }

    fn bookmark_path() -> DocumentPath {
        DocumentPath::sweep(C::FUNCTION)
    }
}

fn ordered<C: Chore>(body: &[u8]) -> Result<C, Malformed> {
    let orders = if body.is_empty() { Default::default() } else { json::parse_object(body)? };
    if let Some(unknown) = orders.keys().find(|name| !C::ORDERS.contains(&name.as_str())) {
        return Err(Malformed::new(&path_to("", unknown), "unknown"));
    }
    C::ordered(&Fields::new("", &orders))
}

fn call(step: &'static str, failure: Failure) -> Fault {
    Fault::Call { step, status: failure.status }
}
