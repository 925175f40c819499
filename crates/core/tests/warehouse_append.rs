//! Changes of which nothing but the path could be read, because they were too large, and changes that nobody takes for long.

use boma_core::{
    jobs::warehouse::Append,
    kernel::timestamp::Timestamp,
    protocol::{
        change::DocumentChange,
        function::{Function, Trigger},
        response::{HttpResponse, LogValue},
        step::{Answer, Call, Failure, FailureClass, Reply, Step},
    },
    store::{
        document::{Document, UpdateTime},
        snapshot::{Snapshot, Stored},
    },
};

const FUNCTION: Function = Function::of_change::<Append>();
const NOW: &str = "2026-03-01T10:00:00Z";

fn first_step_of(path: &str) -> Step<HttpResponse> {
    let Trigger::Change { open } = FUNCTION.trigger else { panic!("not of changes") };
    let change = DocumentChange {
        event_id: "e-1".to_owned(),
        time: None,
        path: path.to_owned(),
        before: None,
        after: None,
        is_cut: true,
        traceparent: None,
    };
    open(change).next(Reply { answer: Answer::Begin, now: Timestamp::parse(NOW).expect("a time"), random: 7 })
}

#[test]
fn the_document_is_read() {
    let Step::Call(Call::Read { paths, .. }) = first_step_of("leads/l-1") else { panic!("not read") };
    assert_eq!(paths.iter().map(ToString::to_string).collect::<Vec<_>>(), ["leads/l-1"]);
}

#[test]
fn one_that_cant_be_read_is_named() {
    for (path, why) in [
        ("leads/l 1", "stored leads/l 1: too large, and its id isn't ours"),
        ("markets/CEZ.PX", "stored markets/CEZ.PX: of no table"),
        ("leads", "stored leads: no document's path"),
    ] {
        let Step::Done(response) = first_step_of(path) else { panic!("{path}: not done") };
        assert_eq!((response.status, response.outcome()), (204, "MALFORMED"), "{path}");
        assert_eq!(response.log.get("reason"), Some(&LogValue::Text(why.to_owned())));
    }
}

/// Twenty-one hours old, of a lead that was deleted.
fn late_change() -> DocumentChange {
    let updated_at = UpdateTime { seconds: 1_772_280_000, nanos: 0 };
    let document = Document::default();
    DocumentChange {
        event_id: "e-2".to_owned(),
        time: Timestamp::parse("2026-02-28T13:00:00Z").ok(),
        path: "leads/l-1".to_owned(),
        before: Some(Stored { document, updated_at }),
        after: None,
        is_cut: false,
        traceparent: None,
    }
}

#[test]
fn a_late_one_is_filed_within_its_delivery_though_each_append_takes_its_whole_time() {
    let Trigger::Change { open } = FUNCTION.trigger else { panic!("not of changes") };
    let mut run = open(late_change());
    let began = Timestamp::parse(NOW).expect("a time");
    let mut passed_ms: i64 = 0;
    let mut answer = Answer::Begin;
    let mut appends = 0;
    loop {
        let now = Timestamp::from_micros(began.micros() + passed_ms * 1_000).expect("a time");
        let step = run.next(Reply { answer, now, random: 7 });
        answer = match step {
            Step::Call(Call::Append { timeout_ms, .. }) => {
                appends += 1;
                passed_ms += i64::from(timeout_ms);
                Answer::Failed(Failure { class: FailureClass::Unknown, status: "DEADLINE_EXCEEDED".to_owned() })
            }
            Step::Call(Call::Read { paths, timeout_ms, .. }) => {
                passed_ms += i64::from(timeout_ms) - 1;
                let mut snapshot = Snapshot::default();
                for path in paths {
                    snapshot.insert(path, None);
                }
                Answer::Found(snapshot)
            }
            Step::Call(Call::Commit { timeout_ms, .. }) => {
                passed_ms += i64::from(timeout_ms) - 1;
                Answer::Committed
            }
            Step::Call(other) => panic!("{other:?}"),
            Step::Wait { ms } => {
                passed_ms += i64::from(ms);
                Answer::Waited
            }
            Step::Done(response) => {
                assert_eq!((response.status, response.outcome(), appends), (204, "EXHAUSTED", 2));
                assert!(passed_ms < 45_000, "{passed_ms}");
                return;
            }
        };
    }
}
