//! The protocol of a request: what its sender is told, and what the log.

use boma_core::{
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        outcome::Fault,
        request::{Endpoint, Problem, Request, RequestHead, RequestRun, Success},
        response::{HttpResponse, LogValue},
        step::{Answer, FailureClass, Reply, Step},
    },
};
use serde_json::{Value as Json, json};

use crate::scripted::{failed, found, read, reply};

/// Answers with the length of the body, once it has read a document.
#[derive(Clone, Debug)]
struct Counting(usize);

impl Endpoint for Counting {
    const FUNCTION: &'static str = "counting";

    fn reject(_: &RequestHead) -> Option<Problem> {
        None
    }

    fn receive(request: Request) -> Self {
        Counting(request.body.bytes.len())
    }

    fn next(&mut self, answer: Answer<Fault>, _: Timestamp) -> Step<Result<Success, Problem>> {
        match answer {
            Answer::Begin if self.0 == 0 => Step::Done(Err(Malformed::new("body", "empty").into())),
            Answer::Begin => Step::Call(read()),
            Answer::Failed(fault) => Step::Done(Err(fault.into())),
            Answer::Found(_) => Step::Done(Ok(Success { status: 201, body: json!({ "bytes": self.0 }) })),
            Answer::Rows(_) | Answer::Committed | Answer::Published | Answer::Appended { .. } | Answer::Waited => {
                unreachable!("nothing else asked")
            }
        }
    }
}

fn response(body: &str, replies: impl IntoIterator<Item = Reply>) -> HttpResponse {
    let mut run = RequestRun::<Counting>::new(Request {
        head: RequestHead::default(),
        body: body.as_bytes().to_vec().into(),
        caller: None,
    });
    let last = replies.into_iter().map(|reply| run.next(reply)).last();
    match last {
        Some(Step::Done(report)) => HttpResponse::from(report),
        other => panic!("not done: {other:?}"),
    }
}

fn body(response: &HttpResponse) -> Json {
    serde_json::from_str(response.body.as_deref().expect("a body")).expect("JSON")
}

fn header<'a>(response: &'a HttpResponse, name: &str) -> Vec<&'a str> {
    response.headers.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.as_str()).collect()
}

fn reason(response: &HttpResponse) -> Option<&LogValue> {
    response.log.get("reason")
}

#[test]
fn how_a_call_failed_is_told_to_the_log_and_not_to_the_sender() {
    let response = response("x", [reply(Answer::Begin, 0), reply(failed(FailureClass::Permanent), 1)]);
    assert_eq!((response.status, response.outcome(), response.severity), (503, "FAULT", "ERROR"));
    assert_eq!(body(&response), json!({ "title": "Service Unavailable", "status": 503 }));
    assert_eq!(reason(&response), Some(&LogValue::Text("read: STATUS".to_owned())));
    assert!(response.is_fault());
}

#[test]
fn a_request_that_takes_45_seconds_is_answered_with_503() {
    let replies =
        [reply(Answer::Begin, 0), reply(failed(FailureClass::Unknown), 44_999), reply(Answer::Waited, 45_001)];
    let response = response("x", replies);
    assert_eq!((response.status, reason(&response)), (503, Some(&LogValue::Text("out of time".to_owned()))));
}

#[test]
fn a_bug_of_ours_is_500() {
    let response = response("x", [reply(Answer::Begin, 0), reply(Answer::Committed, 1)]);
    assert_eq!((response.status, body(&response)["title"].clone()), (500, json!("Internal Server Error")));
}

#[test]
fn a_request_that_cannot_be_read_is_a_problem_and_no_fault() {
    let response = response("", [reply(Answer::Begin, 0)]);
    assert_eq!((response.status, response.outcome(), response.severity), (400, "REJECTED", "INFO"));
    assert_eq!(body(&response), json!({ "title": "Bad Request", "status": 400, "detail": "body: empty" }));
    assert_eq!(header(&response, "content-type"), ["application/problem+json"]);
    assert_eq!(reason(&response), Some(&LogValue::Text("body: empty".to_owned())));
    assert!(!response.is_fault());
}

#[test]
fn a_rejected_head_is_answered_and_not_logged() {
    let response = HttpResponse::from(Problem::method_not_allowed("GET, POST"));
    assert_eq!((response.status, response.outcome), (405, None));
    assert_eq!(body(&response), json!({ "title": "Method Not Allowed", "status": 405 }));
    assert_eq!(header(&response, "allow"), ["GET, POST"]);
}

#[test]
fn a_success_is_json_with_a_status_of_its_own() {
    let response = response("four", [reply(Answer::Begin, 0), reply(found(), 1)]);
    assert_eq!((response.status, response.outcome(), response.severity), (201, "FINISHED", "INFO"));
    assert_eq!(body(&response), json!({ "bytes": 4 }));
    assert_eq!(header(&response, "content-type"), ["application/json; charset=utf-8"]);
    assert_eq!(header(&response, "boma-outcome"), ["FINISHED"]);
}

#[test]
fn a_problem_takes_the_place_of_a_body() {
    let response = HttpResponse::crashed("counting", "boom").with_problem(&Problem::new(500));
    assert_eq!(body(&response), json!({ "title": "Internal Server Error", "status": 500 }));
    assert_eq!(header(&response, "content-type"), ["application/problem+json"]);
}

fn head(path: &str, headers: &[(&str, &str)]) -> RequestHead {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    RequestHead { method: "POST".to_owned(), path: path.to_owned(), headers }
}

#[test]
fn of_a_header_that_comes_twice_neither_counts() {
    let twice = head("/", &[("content-type", "application/json"), ("content-type", "text/plain")]);
    assert_eq!((twice.value("content-type"), twice.media_type()), (None, None));
    assert_eq!(twice.values("content-type"), ["application/json", "text/plain"]);
    assert!(head("/", &[("content-encoding", "identity"), ("content-encoding", "gzip")]).is_encoded());
    assert!(!head("/", &[("content-encoding", "Identity")]).is_encoded());
}

#[test]
fn a_path_ends_at_its_question_mark_and_a_media_type_at_its_semicolon() {
    let parts = |path: &str| {
        let head = head(path, &[]);
        (head.pathname().to_owned(), head.query().map(str::to_owned))
    };
    assert_eq!(parts("/a/b"), ("/a/b".to_owned(), None));
    assert_eq!(parts("/a?"), ("/a".to_owned(), Some(String::new())));
    assert_eq!(parts("/a?b=?c"), ("/a".to_owned(), Some("b=?c".to_owned())));
    let media_type = |value: &str| head("/", &[("content-type", value)]).media_type();
    assert_eq!(media_type("Application/JSON; charset=utf-8").as_deref(), Some("application/json"));
    assert_eq!(media_type("").as_deref(), Some(""));
}
