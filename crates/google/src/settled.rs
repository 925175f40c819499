//! What the host answers and logs once a delivery is done.

use std::collections::BTreeMap;

use boma_core::{
    delivery::Report,
    outcome::{Outcome, Verdict},
    sweep::{self, Ending, Remark, Weight},
};
use serde_json::{Value as Json, json};

use crate::caller::Stranger;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The HTTP status: 204 acks, everything else makes the message come again.
    pub status: u16,
    /// For the header `boma-outcome`.
    pub outcome: &'static str,
    /// Cloud Logging's.
    pub severity: &'static str,
    /// For the one log line: ids and reasons, never a payload.
    pub log: BTreeMap<&'static str, LogValue>,
    /// JSON for whoever called, where somebody asks for more than the status.
    pub answer: Option<String>,
    /// Log lines of their own, each a JSON object.
    pub lines: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogValue {
    Text(String),
    Number(u32),
}

impl From<Report> for Settled {
    fn from(report: Report) -> Settled {
        let status = match (&report.ending, report.verdict()) {
            (_, Verdict::Ack) => 204,
            (Ok(_), Verdict::Retry) => 503,
            (Err(_), Verdict::Retry) => 500,
        };
        let (outcome, severity) = match &report.ending {
            Ok(outcome) => (outcome.name(), severity(*outcome)),
            Err(_) => ("FAULT", "ERROR"),
        };
        Settled { status, outcome, severity, log: log(report), answer: None, lines: Vec::new() }
    }
}

impl From<sweep::Report> for Settled {
    fn from(report: sweep::Report) -> Settled {
        let (status, outcome, reason) = match &report.ending {
            Ending::Finished => (200, "FINISHED", None),
            Ending::Stopped => (200, "STOPPED", None),
            Ending::Faulty(reason) => (500, "FAULT", Some(reason)),
            Ending::Malformed(reason) => (400, "MALFORMED", Some(reason)),
        };
        let heaviest = report.remarks.iter().map(|remark| remark.weight).max();
        let severity = if reason.is_some() { "ERROR" } else { heaviest.map_or("INFO", severity_of) };
        // The counts; what is longer has lines of its own.
        let numbers = report.answer.iter().filter_map(|(name, value)| Some((counted(name)?, value)));
        let mut log: BTreeMap<_, _> = numbers.filter_map(|(name, value)| Some((name, number(value)?))).collect();
        log.insert("consumer", LogValue::Text(report.function.to_owned()));
        log.extend(reason.map(|reason| ("reason", LogValue::Text(reason.clone()))));
        let lines = report.remarks.into_iter().map(|remark| line(report.function, remark)).collect();
        Settled { status, outcome, severity, log, answer: Some(Json::Object(report.answer).to_string()), lines }
    }
}

impl Settled {
    /// Nothing was read, written or acked: once the settings are mended the message comes again.
    pub fn forbidden(function: &str, stranger: &Stranger) -> Settled {
        let text = |text: &str| LogValue::Text(text.to_owned());
        let log = BTreeMap::from([("consumer", text(function)), ("reason", text(&stranger.to_string()))]);
        let status = stranger.status();
        Settled { status, outcome: "FORBIDDEN", severity: "ERROR", log, answer: None, lines: Vec::new() }
    }

    /// A run that broke its instance.
    pub(crate) fn broken(function: &'static str, panic_text: &str) -> Settled {
        let text = |text: &str| LogValue::Text(text.to_owned());
        let log = BTreeMap::from([("consumer", text(function)), ("reason", text(panic_text))]);
        let answer = Some(json!({ "faults": ["the function crashed"] }).to_string());
        Settled { status: 500, outcome: "FAULT", severity: "ERROR", log, answer, lines: Vec::new() }
    }
}

/// The numbers of an answer that stand in the log line.
fn counted(name: &str) -> Option<&'static str> {
    const COUNTED: [&str; 9] =
        ["pages", "found", "published", "replays", "waiting", "held", "users", "transactions", "wrong"];
    COUNTED.into_iter().find(|known| *known == name)
}

fn number(value: &Json) -> Option<LogValue> {
    value.as_u64().map(|number| LogValue::Number(u32::try_from(number).unwrap_or(u32::MAX)))
}

fn line(function: &str, remark: Remark) -> String {
    let mut line = remark.fields;
    for (name, text) in
        [("consumer", function), ("severity", severity_of(remark.weight)), ("message", remark.text.as_str())]
    {
        line.insert(name.to_owned(), text.into());
    }
    Json::Object(line).to_string()
}

fn severity_of(weight: Weight) -> &'static str {
    match weight {
        Weight::Warning => "WARNING",
        Weight::Error => "ERROR",
    }
}

fn severity(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied | Outcome::Ignored | Outcome::Duplicate | Outcome::Passed | Outcome::Deferred => "INFO",
        Outcome::Refused | Outcome::Awaited => "WARNING",
        Outcome::Conflict | Outcome::Malformed | Outcome::Crashed | Outcome::Exhausted => "ERROR",
    }
}

fn log(report: Report) -> BTreeMap<&'static str, LogValue> {
    let mut log = BTreeMap::from([
        ("consumer", LogValue::Text(report.consumer.to_owned())),
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
