//! What a delivery does about a document that isn't there, step by step.

use boma_core::{
    event::outbox::Batch,
    kernel::timestamp::Timestamp,
    protocol::{
        delivery::{Delivery, DeliveryReport, EventProcessor},
        outcome::{Outcome, Verdict},
        step::{Answer, Call, Failure, FailureClass, Reply, Step},
    },
    store::{
        document::{Document, UpdateTime},
        path::DocumentPath,
        query::Row,
        snapshot::{Snapshot, Stored},
        value::{Value, map},
        write::Expected,
    },
};

use crate::obedient::{Obedient, at, received, stored};

const USER: &str = "users/a158d2ce-5e11-5035-81bf-299f0e0d6b56";

/// A delivery of a customer's event, before whose registration it comes, and the world around it.
struct Early {
    delivery: Delivery<EventProcessor<Obedient>>,
    step: Step<DeliveryReport>,
    ms: i64,
    calls: usize,
    /// When the customer is registered.
    registered_ms: i64,
    may_wait: bool,
}

impl Early {
    fn new(registered_ms: i64, may_wait: bool) -> Early {
        let mut delivery = Delivery::to(received("await"));
        let step = delivery.next(Reply { answer: Answer::Begin, now: at(0), random: 99 });
        Early { delivery, step, ms: 0, calls: 0, registered_ms, may_wait }
    }

    fn answer(&mut self, answer: Answer) {
        self.step = self.delivery.next(Reply { answer, now: at(self.ms), random: 99 });
    }

    fn read(&self, paths: &[DocumentPath]) -> Answer {
        let mut snapshot = Snapshot::default();
        for path in paths {
            let is_there = path.to_string() == USER && self.ms >= self.registered_ms;
            snapshot.insert(path.clone(), is_there.then(|| stored(&[])));
        }
        Answer::Found(snapshot)
    }

    /// Up to the first step that `is_wanted`, or the end.
    fn until(&mut self, is_wanted: fn(&Step<DeliveryReport>) -> bool) {
        while !is_wanted(&self.step) {
            let answer = match self.step.clone() {
                Step::Call(Call::Read { paths, .. }) => {
                    self.calls += 1;
                    self.read(&paths)
                }
                Step::Call(Call::Commit { .. }) => {
                    self.calls += 1;
                    Answer::Committed
                }
                Step::Call(Call::Publish { .. }) => Answer::Published,
                Step::Call(Call::Query { .. } | Call::Append { .. }) => panic!("nobody said which letters there are"),
                Step::Wait { .. } if self.delivery.awaits_document() && !self.may_wait => no_place(),
                Step::Wait { ms } => {
                    self.ms += i64::from(ms);
                    Answer::Waited
                }
                Step::Done(_) => return,
            };
            self.answer(answer);
        }
    }

    fn outcome(&self) -> Outcome {
        let Step::Done(report) = &self.step else { panic!("not done: {:?}", self.step) };
        assert_eq!(report.verdict(), Verdict::Ack);
        report.outcome.clone().expect("an outcome")
    }

    fn letter(&self) -> DocumentPath {
        let Step::Call(Call::Commit { writes, .. }) = &self.step else { panic!("no commit: {:?}", self.step) };
        let [letter] = writes.as_slice() else { panic!("a letter and no record: {writes:?}") };
        letter.path.clone()
    }
}

fn is_commit(step: &Step<DeliveryReport>) -> bool {
    matches!(step, Step::Call(Call::Commit { .. }))
}

fn is_query(step: &Step<DeliveryReport>) -> bool {
    matches!(step, Step::Call(Call::Query { .. }))
}

fn is_publish(step: &Step<DeliveryReport>) -> bool {
    matches!(step, Step::Call(Call::Publish { .. }))
}

fn never(_: &Step<DeliveryReport>) -> bool {
    false
}

fn no_place() -> Answer {
    Answer::Failed(Failure { class: FailureClass::Permanent, status: "RESOURCE_EXHAUSTED".to_owned() })
}

fn row(path: DocumentPath, received_at: Timestamp, replays: i64) -> Row {
    letter(path, received_at, replays, USER)
}

/// Of a letter that waits for another document than the one that has come.
fn waiting(path: DocumentPath, received_at: Timestamp, awaits: &str) -> Row {
    letter(path, received_at, 0, awaits)
}

fn letter(path: DocumentPath, received_at: Timestamp, replays: i64, awaits: &str) -> Row {
    let fields = map([("receivedAt", received_at.into()), ("replays", Value::Int(replays)), ("awaits", awaits.into())]);
    Row { path, stored: Stored { document: Document { fields }, updated_at: UpdateTime { seconds: 1, nanos: 0 } } }
}

fn another(name: &str) -> DocumentPath {
    DocumentPath::parse(&format!("dead_letters/{name}")).expect("a path")
}

#[test]
fn rereads_for_a_second_and_then_files_and_acks() {
    let mut early = Early::new(i64::MAX, true);
    early.until(is_commit);
    assert_eq!(early.ms, 1_000, "the last wait ends with the second");
    early.until(never);
    assert_eq!(early.outcome(), Outcome::Awaited);
    assert!((8..=13).contains(&early.calls), "{} calls", early.calls);
}

#[test]
fn files_at_once_where_too_many_wait() {
    let mut early = Early::new(i64::MAX, false);
    early.until(never);
    assert_eq!((early.outcome(), early.ms), (Outcome::Awaited, 0));
    assert_eq!(early.calls, 3, "read, commit, and a look whether it has come");
}

#[test]
fn a_letter_that_is_there_already_is_not_overwritten() {
    let mut early = Early::new(i64::MAX, false);
    early.until(is_commit);
    let letter = early.letter();
    let Step::Call(Call::Commit { writes, .. }) = &early.step else { panic!("no commit: {:?}", early.step) };
    assert_eq!(writes[0].expected, Expected::Absent);
    early.answer(Answer::Failed(Failure { class: FailureClass::Raced, status: "ALREADY_EXISTS".to_owned() }));
    early.answer(Answer::Waited);
    let Step::Call(Call::Read { paths, .. }) = early.step.clone() else { panic!("no read: {:?}", early.step) };
    assert!(paths.contains(&letter), "{paths:?}");
    let Answer::Found(mut snapshot) = early.read(&paths) else { panic!("no snapshot") };
    snapshot.insert(letter, Some(stored(&[])));
    early.answer(Answer::Found(snapshot));
    early.until(never);
    assert_eq!(early.outcome(), Outcome::Awaited);
}

#[test]
fn what_comes_within_the_second_is_seen_by_the_same_delivery() {
    let mut early = Early::new(500, true);
    early.until(is_commit);
    assert!((500..700).contains(&early.ms), "after {} ms", early.ms);
    early.until(never);
    assert_eq!(early.outcome(), Outcome::Applied);
}

/// The customer is registered while the letter is written, so nobody who looked for letters then has found it.
fn came_in_between() -> (Early, DocumentPath) {
    let mut early = Early::new(1_001, true);
    early.until(is_commit);
    let letter = early.letter();
    early.ms = 1_002;
    early.until(is_query);
    (early, letter)
}

#[test]
fn what_came_while_it_was_filed_is_replayed_by_the_delivery_itself() {
    let (mut early, letter) = came_in_between();
    let Step::Call(Call::Query { query, .. }) = &early.step else { panic!("no query: {:?}", early.step) };
    let equal: Vec<_> = query.filters.iter().map(|filter| filter.field).collect();
    assert_eq!(equal, ["kind", "status", "subject"]);
    early.answer(Answer::Rows(vec![row(letter.clone(), at(1_000), 2), row(another("a.younger"), at(1_001), 0)]));
    let Step::Call(Call::Publish { batch: Batch { messages, .. }, .. }) = &early.step else {
        panic!("not published: {:?}", early.step)
    };
    let [message] = messages.as_slice() else { panic!("one message: {messages:?}") };
    let attribute = |name: &str| message.attributes.get(name).map(String::as_str);
    assert_eq!(attribute("replayOf"), Some(letter.id()));
    assert_eq!((attribute("replayFor"), attribute("replayNumber")), (Some("obedient"), Some("3")));
    assert_eq!(message.data, received("await").body);
    early.until(never);
    assert_eq!(early.outcome(), Outcome::Awaited, "the replay comes to its own end");
}

#[test]
fn an_older_letter_of_the_customer_goes_first() {
    let (mut early, letter) = came_in_between();
    early.answer(Answer::Rows(vec![row(another("an.older"), at(999), 0), row(letter, at(1_000), 0)]));
    assert_eq!(early.outcome(), Outcome::Awaited);
}

#[test]
fn an_older_one_that_waits_for_something_else_goes_first_where_that_is_there() {
    for (is_there, is_published) in [(true, false), (false, true)] {
        let (mut early, letter) = came_in_between();
        let other = "transactions/00000000-0000-4000-8000-000000000001";
        early.answer(Answer::Rows(vec![waiting(another("an.older"), at(999), other), row(letter, at(1_000), 0)]));
        let Step::Call(Call::Read { paths, .. }) = early.step.clone() else { panic!("no read: {:?}", early.step) };
        assert_eq!(paths.iter().map(ToString::to_string).collect::<Vec<_>>(), [other]);
        let mut snapshot = Snapshot::default();
        snapshot.insert(paths[0].clone(), is_there.then(|| stored(&[])));
        early.answer(Answer::Found(snapshot));
        assert_eq!(is_publish(&early.step), is_published);
    }
}

#[test]
fn a_letter_that_is_released_already_stays_so() {
    let (mut early, _) = came_in_between();
    early.answer(Answer::Rows(vec![row(another("a.younger"), at(2_000), 0)]));
    assert_eq!(early.outcome(), Outcome::Awaited);
}

#[test]
fn once_it_is_filed_a_failed_look_is_left_to_the_clock() {
    let (mut early, _) = came_in_between();
    early.answer(Answer::Failed(Failure { class: FailureClass::Unknown, status: "UNAVAILABLE".to_owned() }));
    assert_eq!(early.outcome(), Outcome::Awaited);
}

#[test]
fn a_replay_that_cannot_be_published_is_left_to_redelivery() {
    let (mut early, letter) = came_in_between();
    early.answer(Answer::Rows(vec![row(letter, at(1_000), 0)]));
    early.until(is_publish);
    early.answer(Answer::Failed(Failure { class: FailureClass::Permanent, status: "PERMISSION_DENIED".to_owned() }));
    let Step::Done(report) = &early.step else { panic!("not done: {:?}", early.step) };
    assert_eq!(report.verdict(), Verdict::Retry);
}
