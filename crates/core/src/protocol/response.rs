//! The one place where the result of a protocol becomes an HTTP response and a log line.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::{
    kernel::malformed::Malformed,
    protocol::{
        change::{ChangeOutcome, ChangeReport},
        delivery::DeliveryReport,
        job::{Finding, JobOutcome, JobReport, Severity},
        outcome::{Outcome, Verdict},
        request::{Problem, RequestReport, Success},
    },
};

/// The word of the log for a call that came to no outcome.
const FAULT: &str = "FAULT";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpResponse {
    pub status: u16,
    /// Beside those that HTTP itself needs.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Option<String>,
    /// The word of the log line, and of the header `boma-outcome`. None: the request was none at all, and no line is logged.
    pub outcome: Option<&'static str>,
    /// Cloud Logging's.
    pub severity: &'static str,
    /// For the one log line: ids and reasons, never a payload.
    pub log: BTreeMap<&'static str, LogValue>,
    /// Log lines of their own, each a JSON object.
    pub lines: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogValue {
    Text(String),
    Number(u32),
}

impl HttpResponse {
    fn new(status: u16, outcome: &'static str, severity: &'static str) -> HttpResponse {
        let headers = vec![("boma-outcome", outcome.to_owned())];
        HttpResponse { status, headers, outcome: Some(outcome), severity, ..HttpResponse::default() }
    }

    /// A request that isn't one that functions take. `header` names what they take.
    pub fn not_accepted(status: u16, header: (&'static str, &str)) -> HttpResponse {
        HttpResponse { status, headers: vec![(header.0, header.1.to_owned())], ..HttpResponse::default() }
    }

    /// A request of another caller. Nothing was read, written or acked: once the settings are mended a message comes again.
    pub fn forbidden(function: &str, status: u16, reason: &str) -> HttpResponse {
        let mut response = HttpResponse::new(status, "FORBIDDEN", "ERROR").logged(function, Some(reason));
        if status == 401 {
            // RFC 9110: a 401 must say how to authenticate.
            response.headers.push(("www-authenticate", "Bearer".to_owned()));
        }
        response
    }

    /// A request that can't be read.
    pub fn malformed(function: &str, malformed: &Malformed) -> HttpResponse {
        HttpResponse::new(400, "MALFORMED", "ERROR").logged(function, Some(malformed.reason()))
    }

    /// A run that broke its instance.
    pub fn crashed(function: &str, panic_text: &str) -> HttpResponse {
        let body = json!({ "faults": ["the function crashed"] }).to_string();
        HttpResponse::new(500, FAULT, "ERROR").logged(function, Some(panic_text)).with_body(body)
    }

    /// The word of the outcome; empty where there is none.
    pub fn outcome(&self) -> &'static str {
        self.outcome.unwrap_or_default()
    }

    /// Whether the function failed: the words of the call that failed last then belong into the log.
    pub fn is_fault(&self) -> bool {
        self.outcome == Some(FAULT)
    }

    pub fn with_body(mut self, json: String) -> HttpResponse {
        self.headers.push(("content-type", "application/json; charset=utf-8".to_owned()));
        HttpResponse { body: Some(json), ..self }
    }

    /// The same response, with a body that says what is wrong.
    pub fn with_problem(mut self, problem: &Problem) -> HttpResponse {
        self.headers.retain(|(name, _)| *name != "content-type");
        self.headers.push(("content-type", "application/problem+json".to_owned()));
        self.headers.extend(problem.headers.iter().cloned());
        HttpResponse { body: Some(problem.to_json().to_string()), ..self }
    }

    fn logged(mut self, function: &str, reason: Option<&str>) -> HttpResponse {
        self.log.insert("consumer", text(function));
        self.log.extend(reason.map(|reason| ("reason", text(reason))));
        self
    }
}

impl From<DeliveryReport> for HttpResponse {
    fn from(report: DeliveryReport) -> HttpResponse {
        let status = match report.verdict() {
            Verdict::Ack => 204,
            Verdict::Retry => 500,
        };
        let (outcome, severity) = match &report.outcome {
            Ok(outcome) => (outcome.name(), severity_of_outcome(*outcome)),
            Err(_) => (FAULT, "ERROR"),
        };
        HttpResponse { log: delivery_log(report), ..HttpResponse::new(status, outcome, severity) }
    }
}

impl From<JobReport> for HttpResponse {
    fn from(report: JobReport) -> HttpResponse {
        let (status, outcome, reason) = match &report.outcome {
            JobOutcome::Finished => (200, "FINISHED", None),
            JobOutcome::Stopped => (200, "STOPPED", None),
            JobOutcome::Faulty(reason) => (500, FAULT, Some(reason.as_str())),
            JobOutcome::Malformed(reason) => (400, "MALFORMED", Some(reason.as_str())),
        };
        let gravest = report.findings.iter().map(|finding| finding.severity).max();
        let severity = if reason.is_some() { "ERROR" } else { gravest.map_or("INFO", severity_of_finding) };
        // The counts; longer parts of the answer have lines of their own.
        let counts = report.answer.iter().filter_map(|(name, value)| Some((counted(name)?, number(value)?)));
        HttpResponse { log: counts.collect(), ..HttpResponse::new(status, outcome, severity) }
            .logged(report.function, reason)
            .with_body(Json::Object(report.answer).to_string())
            .with_lines(report.findings.into_iter().map(|finding| line(report.function, finding)).collect())
    }
}

impl From<ChangeReport> for HttpResponse {
    fn from(report: ChangeReport) -> HttpResponse {
        let (status, outcome, severity, reason) = match &report.outcome {
            ChangeOutcome::Finished | ChangeOutcome::Pooled { .. } => (204, "FINISHED", "INFO", None),
            ChangeOutcome::PoolFailed => (500, FAULT, "ERROR", None),
            ChangeOutcome::Appended { .. } => (204, "APPENDED", "INFO", None),
            ChangeOutcome::Filed { kind, reason } => (204, kind.name(), "ERROR", Some(reason.clone())),
            ChangeOutcome::Unreadable(field) => (204, "MALFORMED", "ERROR", Some(field.to_string())),
            ChangeOutcome::Faulty(fault) => (500, FAULT, "ERROR", Some(fault.to_string())),
        };
        let mut response = HttpResponse::new(status, outcome, severity).logged(report.function, reason.as_deref());
        response.log.insert("eventId", LogValue::Text(report.event_id));
        match report.outcome {
            ChangeOutcome::Appended { unknown_fields } => {
                response.log.insert("rows", LogValue::Number(1));
                if !unknown_fields.is_empty() {
                    response.log.insert("unknownFields", LogValue::Text(unknown_fields.join(" ")));
                }
            }
            ChangeOutcome::Pooled { changes: Some(changes) } => {
                response.log.insert("changes", LogValue::Number(changes));
            }
            // One line for the write, and none for each of those that it was made for.
            ChangeOutcome::Pooled { changes: None } | ChangeOutcome::PoolFailed => response.outcome = None,
            ChangeOutcome::Finished
            | ChangeOutcome::Filed { .. }
            | ChangeOutcome::Unreadable(_)
            | ChangeOutcome::Faulty(_) => {}
        }
        response
    }
}

impl From<RequestReport> for HttpResponse {
    fn from(RequestReport { function, outcome }: RequestReport) -> HttpResponse {
        match outcome {
            Ok(Success { status, body }) => {
                HttpResponse::new(status, "FINISHED", "INFO").logged(function, None).with_body(body.to_string())
            }
            Err(problem) => {
                let (outcome, severity) = if problem.status < 500 { ("REJECTED", "INFO") } else { (FAULT, "ERROR") };
                HttpResponse::new(problem.status, outcome, severity)
                    .logged(function, problem.reason().as_deref())
                    .with_problem(&problem)
            }
        }
    }
}

/// A head that an endpoint rejects. No line of ours: Cloud Run's own log has the request.
impl From<Problem> for HttpResponse {
    fn from(problem: Problem) -> HttpResponse {
        HttpResponse { status: problem.status, ..HttpResponse::default() }.with_problem(&problem)
    }
}

impl HttpResponse {
    fn with_lines(self, lines: Vec<String>) -> HttpResponse {
        HttpResponse { lines, ..self }
    }
}

fn text(text: &str) -> LogValue {
    LogValue::Text(text.to_owned())
}

/// The numbers of an answer that stand in the log line.
fn counted(name: &str) -> Option<&'static str> {
    const COUNTED: [&str; 11] = [
        "pages",
        "appended",
        "found",
        "published",
        "replays",
        "waiting",
        "overdue",
        "held",
        "users",
        "transactions",
        "wrong",
    ];
    COUNTED.into_iter().find(|known| *known == name)
}

fn number(value: &Json) -> Option<LogValue> {
    value.as_u64().map(|number| LogValue::Number(u32::try_from(number).unwrap_or(u32::MAX)))
}

fn line(function: &str, finding: Finding) -> String {
    let mut line = finding.fields;
    let severity = severity_of_finding(finding.severity);
    for (name, text) in [("consumer", function), ("severity", severity), ("message", finding.text.as_str())] {
        line.insert(name.to_owned(), text.into());
    }
    Json::Object(line).to_string()
}

fn severity_of_finding(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "WARNING",
        Severity::Error => "ERROR",
    }
}

fn severity_of_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied | Outcome::Ignored | Outcome::Duplicate | Outcome::Passed => "INFO",
        Outcome::Refused | Outcome::Awaited => "WARNING",
        Outcome::Conflict | Outcome::Malformed | Outcome::Crashed | Outcome::Exhausted => "ERROR",
    }
}

fn delivery_log(report: DeliveryReport) -> BTreeMap<&'static str, LogValue> {
    let mut log = BTreeMap::from([
        ("consumer", text(report.consumer)),
        ("attempt", LogValue::Number(report.attempt)),
        ("repeats", LogValue::Number(report.repeats)),
    ]);
    let texts = [
        ("eventId", report.event.event_id.map(|id| id.to_string())),
        ("type", report.event.event_type.map(|known| known.name().to_owned())),
        ("reason", report.reason),
        ("traceparent", report.traceparent),
    ];
    for (name, text) in texts {
        log.extend(text.map(|text| (name, LogValue::Text(text))));
    }
    log
}
