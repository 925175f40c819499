//! Gives the protocol every answer at every step: it never panics, always ends, and never acks before its commit.

#[path = "delivery_walk/awaiting.rs"]
mod awaiting;
#[path = "delivery_walk/obedient.rs"]
mod obedient;

use std::collections::{BTreeMap, VecDeque};

use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{
        deadlines,
        delivery::{Crashed, Delivery, DeliveryReport, EventProcessor, ReceivedMessage},
        outcome::{Fault, Outcome, Verdict},
        step::{Answer, Call, Failure, FailureClass, Reply, Step},
    },
    store::{path::DocumentPath, snapshot::Snapshot, write::Expected},
};

use crate::obedient::{Obedient, at, received, stored};

/// All answers that a host could give to a step, right or wrong.
fn answers(step: &Step<DeliveryReport>) -> Vec<Answer> {
    let failures = [FailureClass::Raced, FailureClass::Unknown, FailureClass::Permanent]
        .map(|class| Answer::Failed(Failure { class, status: "TEST".to_owned() }));
    let mut answers =
        vec![Answer::Begin, Answer::Found(Snapshot::default()), Answer::Committed, Answer::Published, Answer::Waited];
    answers.push(Answer::Rows(Vec::new()));
    answers.extend(failures);
    if let Step::Call(Call::Read { paths, .. }) = step {
        let of = |collection: &'static str, fields: &'static [(&'static str, Option<&'static str>)]| {
            move |path: &DocumentPath| path.to_string().starts_with(collection).then(|| stored(fields))
        };
        let all = [
            of("nothing/", &[]),
            of("dead_letters/", &[]),
            of("processed_events/", &[("digest", Some("1:another"))]),
            of("processed_events/", &[("digest", None)]),
            of("users/", &[]),
        ];
        for find in all {
            let mut snapshot = Snapshot::default();
            paths.iter().for_each(|path| snapshot.insert(path.clone(), find(path)));
            answers.push(Answer::Found(snapshot));
        }
    }
    answers
}

/// Walks every reachable state, and calls `judge` with the steps of each finished walk.
fn walk(plan: &str, now: Timestamp, mut judge: impl FnMut(&[Step<DeliveryReport>])) -> usize {
    let first = Delivery::<EventProcessor<Obedient>>::to(received(plan));
    let mut seen = std::collections::BTreeSet::new();
    let mut queue = VecDeque::from([(first, vec![], vec![Answer::Begin])]);
    let mut visited = 0;
    while let Some((delivery, steps, answers_to_try)) = queue.pop_front() {
        for answer in answers_to_try {
            let mut next = delivery.clone();
            let step = next.next(Reply { answer, now, random: 3 });
            let mut steps: Vec<Step<DeliveryReport>> = steps.clone();
            steps.push(step.clone());
            visited += 1;
            if matches!(step, Step::Done(_)) {
                judge(&steps);
                let again = next.next(Reply { answer: Answer::Begin, now, random: 3 });
                assert!(matches!(again, Step::Done(ref report) if matches!(report.outcome, Err(Fault::Protocol(_)))));
            } else if seen.insert(fingerprint(&next)) {
                queue.push_back((next, steps, answers(&step)));
            }
        }
    }
    visited
}

fn fingerprint(delivery: &Delivery<EventProcessor<Obedient>>) -> String {
    format!("{delivery:?}")
}

#[test]
fn every_answer_at_every_step_ends_well() {
    for plan in ["accept", "read also", "ignore", "refuse", "malform", "await", "read for ever", "unreadable"] {
        let mut endings = std::collections::BTreeSet::new();
        let visited = walk(plan, at(10), |steps| {
            let Some(Step::Done(report)) = steps.last() else { unreachable!("judged when done") };
            endings.insert(report.outcome.as_ref().map_or_else(|_| "FAULT", |outcome| outcome.name()));
            if report.outcome.is_err() {
                assert_eq!(report.verdict(), Verdict::Retry, "a fault is never acked");
            }
            acked_means_stored(steps, report.outcome.as_ref().ok().copied());
        });
        assert!(visited > 20, "{plan}: only {visited} steps");
        let wanted = match plan {
            "accept" | "read also" => "APPLIED",
            "malform" => "MALFORMED",
            "ignore" => "IGNORED",
            "refuse" => "REFUSED",
            "await" => "AWAITED",
            _ => "FAULT",
        };
        assert!(endings.contains(wanted), "{plan} ends as {endings:?}");
        assert!(endings.contains("FAULT") && endings.contains("CONFLICT"), "{plan} ends as {endings:?}");
    }
}

/// APPLIED, IGNORED and REFUSED need a commit. APPLIED also needs three messages, published in two batches after it.
fn acked_means_stored(steps: &[Step<DeliveryReport>], outcome: Option<Outcome>) {
    let last_commit = steps.iter().rposition(|step| matches!(step, Step::Call(Call::Commit { .. })));
    let published_after: usize = steps
        .iter()
        .skip(last_commit.unwrap_or(0))
        .map(|step| if let Step::Call(Call::Publish { batch, .. }) = step { batch.messages.len() } else { 0 })
        .sum();
    match outcome {
        Some(Outcome::Applied) => assert!(last_commit.is_some() && published_after >= 3, "{steps:?}"),
        Some(Outcome::Ignored | Outcome::Refused) => assert!(last_commit.is_some(), "{steps:?}"),
        // Unless the letter is there.
        Some(Outcome::Awaited) => assert!(reads_again(steps), "{steps:?}"),
        Some(
            Outcome::Duplicate
            | Outcome::Conflict
            | Outcome::Malformed
            | Outcome::Crashed
            | Outcome::Exhausted
            | Outcome::Passed,
        )
        | None => {}
    }
}

/// What it awaits is looked at once more after all that it wrote.
fn reads_again(steps: &[Step<DeliveryReport>]) -> bool {
    let rest = steps.iter().rev().skip_while(|step| !matches!(step, Step::Call(Call::Read { .. })));
    rest.take(1).any(|step| matches!(step, Step::Call(Call::Read { paths, .. }) if paths.len() == 1))
}

fn begin(plan: &str) -> (Delivery<EventProcessor<Obedient>>, Step<DeliveryReport>) {
    let mut delivery = Delivery::to(received(plan));
    let step = delivery.next(Reply { answer: Answer::Begin, now: at(0), random: 0 });
    (delivery, step)
}

fn nothing_found(step: &Step<DeliveryReport>) -> Answer {
    let Step::Call(Call::Read { paths, .. }) = step else { panic!("not a read: {step:?}") };
    let mut snapshot = Snapshot::default();
    paths.iter().for_each(|path| snapshot.insert(path.clone(), None));
    Answer::Found(snapshot)
}

#[test]
fn every_write_of_the_commit_but_the_timelines_is_guarded_by_what_was_read() {
    let (mut delivery, step) = begin("accept");
    let Step::Call(Call::Commit { writes, .. }) =
        delivery.next(Reply { answer: nothing_found(&step), now: at(1), random: 0 })
    else {
        panic!("no commit")
    };
    let expected: BTreeMap<_, _> = writes.iter().map(|write| (write.path.to_string(), write.expected)).collect();
    let user = "users/a158d2ce-5e11-5035-81bf-299f0e0d6b56";
    let event = "obedient.00000000-0000-4000-8000-000000000001";
    assert_eq!(
        expected,
        BTreeMap::from([
            (user.to_owned(), Expected::Absent),
            (format!("{user}/timeline/{event}"), Expected::Whatever),
            (format!("processed_events/{event}"), Expected::Absent),
        ])
    );
}

#[test]
fn what_only_a_read_could_tell_is_read_with_all_the_rest_and_from_then_on() {
    let (mut delivery, step) = begin("read also");
    let second = delivery.next(Reply { answer: nothing_found(&step), now: at(1), random: 0 });
    let (Step::Call(Call::Read { paths: first, .. }), Step::Call(Call::Read { paths, .. })) = (&step, &second) else {
        panic!("no second read: {second:?}")
    };
    assert_eq!(paths[..first.len()], first[..], "all that the commit rests on was seen at one moment");
    assert_eq!(paths.len(), first.len() + 1);
    let commit = delivery.next(Reply { answer: nothing_found(&second), now: at(2), random: 0 });
    assert!(
        matches!(&commit, Step::Call(Call::Commit { writes, .. }) if writes.len() == 4),
        "with timeline and record: {commit:?}"
    );
    let raced = Answer::Failed(Failure { class: FailureClass::Raced, status: "ABORTED".to_owned() });
    delivery.next(Reply { answer: raced, now: at(3), random: 0 });
    let third = delivery.next(Reply { answer: Answer::Waited, now: at(4), random: 0 });
    assert!(matches!(&third, Step::Call(Call::Read { paths: again, .. }) if again == paths), "{third:?}");
}

#[test]
fn who_asks_for_what_was_read_is_not_read_for_ever() {
    let (mut delivery, step) = begin("read for ever");
    let Step::Done(report) = delivery.next(Reply { answer: nothing_found(&step), now: at(1), random: 0 }) else {
        panic!("not done")
    };
    assert_eq!(report.outcome, Err(Fault::Protocol("it asks for what was read")));
}

#[test]
fn no_delivery_outlives_its_45_seconds() {
    let (mut delivery, step) = begin("accept");
    let end = i64::from(deadlines::DELIVERY_MS);
    let mut almost = delivery.clone();
    let Step::Call(Call::Commit { timeout_ms, .. }) =
        almost.next(Reply { answer: nothing_found(&step), now: at(end - 7), random: 0 })
    else {
        panic!("no commit")
    };
    assert_eq!(timeout_ms, 7, "a wait is the smaller of its own and the rest");
    let Step::Done(report) = delivery.next(Reply { answer: nothing_found(&step), now: at(end), random: 0 }) else {
        panic!("not done")
    };
    assert_eq!(report.outcome, Err(Fault::OutOfTime));
}

#[test]
fn goes_back_to_reading_five_times_and_no_more() {
    let (mut delivery, mut step) = begin("accept");
    let (mut reads, mut ms) = (0, 0);
    loop {
        let answer = match &step {
            Step::Call(Call::Read { .. }) => {
                reads += 1;
                nothing_found(&step)
            }
            Step::Call(Call::Commit { .. }) => {
                Answer::Failed(Failure { class: FailureClass::Raced, status: "ABORTED".to_owned() })
            }
            Step::Call(Call::Query { .. } | Call::Append { .. }) => unreachable!("no delivery of a message queries"),
            Step::Wait { ms: wait } => {
                assert!(*wait <= 1_000, "a wait of {wait} ms");
                ms += i64::from(*wait);
                Answer::Waited
            }
            Step::Done(report) => {
                assert_eq!(report.repeats, deadlines::MAX_REPEATS);
                break assert_eq!(report.outcome, Err(Fault::Call { step: "commit", status: "ABORTED".to_owned() }));
            }
            Step::Call(Call::Publish { .. }) => panic!("published what was not stored"),
        };
        step = delivery.next(Reply { answer, now: at(ms), random: u64::MAX });
    }
    assert_eq!(reads, 6);
}

#[test]
fn what_traps_is_left_to_redelivery_four_times_and_filed_at_the_fifth() {
    for attempt in 1..=6 {
        let received = ReceivedMessage { attempt, ..received("accept") };
        let mut delivery =
            Delivery::<Crashed<EventProcessor<Obedient>>>::after_trap(received, "index out of bounds".to_owned());
        let step = delivery.next(Reply { answer: Answer::Begin, now: at(0), random: 0 });
        if attempt < 5 {
            let Step::Done(report) = step else { panic!("{step:?}") };
            assert_eq!(report.outcome, Err(Fault::Trap("index out of bounds".to_owned())));
            continue;
        }
        let answer = nothing_found(&step);
        let Step::Call(Call::Commit { writes, .. }) = delivery.next(Reply { answer, now: at(1), random: 0 }) else {
            panic!("not filed at attempt {attempt}")
        };
        assert_eq!(writes.len(), 1, "a letter and no record: {writes:?}");
        let done = delivery.next(Reply { answer: Answer::Committed, now: at(2), random: 0 });
        let Step::Done(report) = done else { panic!("{done:?}") };
        assert_eq!((report.outcome.clone(), report.verdict()), (Ok(Outcome::Crashed), Verdict::Ack));
    }
}
