//! What the host answers and logs once a delivery is done.

use std::collections::BTreeMap;

use boma_core::{
    delivery::Report,
    outcome::{Outcome, Verdict},
};

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
        Settled { status, outcome, severity, log: log(report) }
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
