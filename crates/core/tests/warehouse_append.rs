//! Changes of which nothing but the path could be read, because they were too large.

use boma_core::{
    jobs::warehouse::Append,
    kernel::timestamp::Timestamp,
    protocol::{
        change::DocumentChange,
        function::{Function, Trigger},
        response::{HttpResponse, LogValue},
        step::{Answer, Call, Reply, Step},
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
