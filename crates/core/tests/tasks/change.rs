//! The protocol of a document's change.

use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{
        change::{ChangeHandler, ChangeOutcome, ChangeRun, DocumentChange},
        outcome::Fault,
        response::{HttpResponse, LogValue},
        step::{Answer, FailureClass, Reply, Step},
    },
    store::{
        document::{Document, UpdateTime},
        snapshot::Stored,
    },
};

use crate::scripted::{failed, found, read, reply};

/// Reads a document, and looks for a name in the changed one.
#[derive(Clone, Debug)]
struct Reading(DocumentChange);

impl ChangeHandler for Reading {
    const FUNCTION: &'static str = "reading";

    fn receive(change: DocumentChange) -> Self {
        Reading(change)
    }

    fn next(&mut self, answer: Answer<Fault>, _: Timestamp) -> Step<ChangeOutcome> {
        match answer {
            Answer::Begin => Step::Call(read()),
            Answer::Failed(fault) => Step::Done(ChangeOutcome::Faulty(fault)),
            Answer::Found(_) => Step::Done(match self.0.after.as_ref().map(|it| it.document.string("name")) {
                Some(Err(unreadable)) => ChangeOutcome::Unreadable(unreadable),
                Some(Ok(_)) | None => ChangeOutcome::Finished,
            }),
            Answer::Rows(_) | Answer::Committed | Answer::Published | Answer::Appended { .. } | Answer::Waited => {
                unreachable!("nothing else asked")
            }
        }
    }
}

/// The response to a change after these answers.
fn response(after: Option<Document>, replies: impl IntoIterator<Item = Reply>) -> HttpResponse {
    let after = after.map(|document| Stored { document, updated_at: UpdateTime { seconds: 1, nanos: 0 } });
    let change = DocumentChange {
        event_id: "e-1".to_owned(),
        time: None,
        path: "probes/p-1".to_owned(),
        before: None,
        after,
        is_cut: false,
        traceparent: None,
    };
    let mut run = ChangeRun::<Reading>::new(change);
    let last = replies.into_iter().map(|reply| run.next(reply)).last();
    match last {
        Some(Step::Done(report)) => HttpResponse::from(report),
        other => panic!("not done: {other:?}"),
    }
}

fn logged<'a>(response: &'a HttpResponse, name: &str) -> &'a str {
    match response.log.get(name) {
        Some(LogValue::Text(text)) => text,
        Some(LogValue::Number(_)) | None => "",
    }
}

#[test]
fn a_change_whose_call_fails_for_good_comes_again() {
    let response = response(None, [reply(Answer::Begin, 0), reply(failed(FailureClass::Permanent), 1)]);
    assert_eq!((response.status, response.outcome(), response.severity), (500, "FAULT", "ERROR"));
    assert_eq!((logged(&response, "reason"), logged(&response, "eventId")), ("read: STATUS", "e-1"));
    assert!(response.is_fault());
}

#[test]
fn a_change_that_takes_45_seconds_comes_again() {
    let replies =
        [reply(Answer::Begin, 0), reply(failed(FailureClass::Unknown), 19_999), reply(Answer::Waited, 45_001)];
    let response = response(None, replies);
    assert_eq!((response.status, logged(&response, "reason")), (500, "out of time"));
}

#[test]
fn a_call_is_not_repeated_after_20_seconds_so_that_there_is_time_to_file_what_failed() {
    let response = response(None, [reply(Answer::Begin, 0), reply(failed(FailureClass::Unknown), 20_000)]);
    assert_eq!((response.status, logged(&response, "reason")), (500, "read: STATUS"));
}

#[test]
fn a_document_that_cannot_be_read_is_an_error_in_the_log_and_does_not_come_again() {
    let response = response(Some(Document::default()), [reply(Answer::Begin, 0), reply(found(), 1)]);
    assert_eq!((response.status, response.outcome(), response.severity), (204, "MALFORMED", "ERROR"));
    assert_eq!(logged(&response, "reason"), "stored name: missing");
    assert!(!response.is_fault());
}

#[test]
fn a_change_that_is_done_is_acknowledged() {
    let response = response(None, [reply(Answer::Begin, 0), reply(found(), 1)]);
    assert_eq!((response.status, response.outcome(), response.severity), (204, "FINISHED", "INFO"));
    assert_eq!(logged(&response, "consumer"), "reading");
}
