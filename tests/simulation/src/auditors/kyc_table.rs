//! The KYC table of LIFECYCLES, written a second time for the auditors: its edges, and the state after a history.

use std::sync::LazyLock;

use boma_core::kernel::timestamp::Timestamp;
use serde_json::Value as Json;

/// from, event, to, whether trading begins (+), ends (-) or neither.
const EDGES: &str = "
PENDING               KycSubmitted            SUBMITTED             .
RESUBMISSION_REQUIRED KycSubmitted            SUBMITTED             .
PENDING               KycCompleted_APPROVED   APPROVED              +
SUBMITTED             KycCompleted_APPROVED   APPROVED              +
IN_REVIEW             KycCompleted_APPROVED   APPROVED              +
PENDING               KycCompleted_REJECTED   REJECTED              .
SUBMITTED             KycCompleted_REJECTED   REJECTED              .
IN_REVIEW             KycCompleted_REJECTED   REJECTED              .
PENDING               KycCompleted_RESUBMIT   RESUBMISSION_REQUIRED .
SUBMITTED             KycCompleted_RESUBMIT   RESUBMISSION_REQUIRED .
IN_REVIEW             KycCompleted_RESUBMIT   RESUBMISSION_REQUIRED .
PENDING               KycCompleted_REVIEW     IN_REVIEW             .
SUBMITTED             KycCompleted_REVIEW     IN_REVIEW             .
APPROVED              KycCompleted_APPROVED   APPROVED              .
APPROVED              KycCompleted_REJECTED   SUSPENDED             -
SUBMITTED             KycHeld                 ON_HOLD               .
IN_REVIEW             KycHeld                 ON_HOLD               .
ON_HOLD               KycReleased             IN_REVIEW             .
IN_REVIEW             KycReviewed_APPROVED    APPROVED              +
ON_HOLD               KycReviewed_APPROVED    APPROVED              +
IN_REVIEW             KycReviewed_REJECTED    REJECTED              .
ON_HOLD               KycReviewed_REJECTED    REJECTED              .
PENDING               KycLapsed               ABANDONED             .
RESUBMISSION_REQUIRED KycLapsed               ABANDONED             .
ABANDONED             KycRestarted            PENDING               .
EXPIRED               KycRestarted            PENDING               .
REJECTED              KycAppealed             PENDING               .
APPROVED              KycExpired              EXPIRED               -
APPROVED              KycSuspended            SUSPENDED             -
EXPIRED               KycSuspended            SUSPENDED             -
SUSPENDED             KycReinstated           APPROVED              +
SUSPENDED             KycSuspensionConfirmed  REJECTED              .
PENDING               AccountClosed           CLOSED                .
SUBMITTED             AccountClosed           CLOSED                .
IN_REVIEW             AccountClosed           CLOSED                .
RESUBMISSION_REQUIRED AccountClosed           CLOSED                .
ON_HOLD               AccountClosed           CLOSED                .
APPROVED              AccountClosed           CLOSED                -
REJECTED              AccountClosed           CLOSED                .
EXPIRED               AccountClosed           CLOSED                .
ABANDONED             AccountClosed           CLOSED                .
SUSPENDED             AccountClosed           CLOSED                .
";

/// Every event, once for each decision.
pub const EVENTS: &[&str] = &[
    "KycSubmitted",
    "KycCompleted APPROVED",
    "KycCompleted REJECTED",
    "KycCompleted RESUBMIT",
    "KycCompleted REVIEW",
    "KycHeld",
    "KycReleased",
    "KycReviewed APPROVED",
    "KycReviewed REJECTED",
    "KycLapsed",
    "KycRestarted",
    "KycAppealed",
    "KycExpired",
    "KycSuspended",
    "KycReinstated",
    "KycSuspensionConfirmed",
    "AccountClosed",
];

struct Edge {
    from: &'static str,
    event: String,
    to: &'static str,
    may_trade: Option<bool>,
}

static TABLE: LazyLock<Vec<Edge>> = LazyLock::new(|| EDGES.lines().filter_map(read_edge).collect());

fn read_edge(line: &'static str) -> Option<Edge> {
    let mut words = line.split_ascii_whitespace();
    let (from, event, to, trading) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let may_trade = match trading {
        "+" => Some(true),
        "-" => Some(false),
        _ => None,
    };
    Some(Edge { from, event: event.replace('_', " "), to, may_trade })
}

/// The next status, and whether trading begins or ends.
pub fn edge(from: &str, event: &str) -> Option<(&'static str, Option<bool>)> {
    let edge = TABLE.iter().find(|edge| edge.from == from && edge.event == event)?;
    Some((edge.to, edge.may_trade))
}

/// A check that isn't finished after so many days is abandoned.
const DAYS_TO_FINISH: i64 = 30;

/// The time so many days later, in RFC 3339.
pub fn days_after(time: &str, days: i64) -> String {
    let at = Timestamp::parse(time).expect("sources tell the time");
    let later = at.micros() + days * 24 * 60 * 60 * 1_000_000;
    Timestamp::from_micros(later).expect("a moment in our time").to_string()
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub status: String,
    pub version: i64,
    pub cycle: i64,
    pub attempt: i64,
    /// The deadline of this state, if it has one.
    pub due: Option<String>,
    valid_until: Option<String>,
    last_review: Option<(String, String)>,
}

impl Default for State {
    fn default() -> State {
        State {
            status: "PENDING".to_owned(),
            version: 0,
            cycle: 1,
            attempt: 1,
            due: None,
            valid_until: None,
            last_review: None,
        }
    }
}

/// The outcome that an event must have in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Applied, and whether trading begins or ends.
    Applied(Option<bool>),
    Stale,
    Refused,
}

impl State {
    /// The state after a registration and nothing else.
    pub fn asked_for(registered: &str) -> State {
        State { due: Some(days_after(registered, DAYS_TO_FINISH)), ..State::default() }
    }

    /// Applies an event. Times are compared as strings: all are RFC 3339 with six decimals and Z.
    pub fn take(&mut self, kind: &str, data: &Json, time: &str) -> Expected {
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
        let decision = text("decision");
        let is_stale = match kind {
            "KycCompleted" => self.last_review == Some((text("reviewId"), decision.clone())),
            "KycExpired" | "KycLapsed" => data["kycVersion"].as_i64() != Some(self.version),
            _ => false,
        };
        if is_stale {
            return Expected::Stale;
        }
        let event = if decision.is_empty() { kind.to_owned() } else { format!("{kind} {decision}") };
        let Some((mut to, mut may_trade)) = edge(&self.status, &event) else { return Expected::Refused };
        if kind == "KycReinstated" && self.valid_until.as_deref().is_some_and(|until| until < time) {
            (to, may_trade) = ("EXPIRED", None);
        }
        if kind == "KycCompleted" {
            self.last_review = Some((text("reviewId"), decision.clone()));
            if decision == "APPROVED" {
                self.valid_until = data["validUntil"].as_str().map(str::to_owned);
            }
        }
        match (kind, self.status.as_str()) {
            ("KycSubmitted", "RESUBMISSION_REQUIRED") => self.attempt += 1,
            ("KycRestarted" | "KycAppealed", _) => (self.cycle, self.attempt) = (self.cycle + 1, 1),
            _ => {}
        }
        self.due = match to {
            "APPROVED" => self.valid_until.clone(),
            "PENDING" | "RESUBMISSION_REQUIRED" => Some(days_after(time, DAYS_TO_FINISH)),
            _ => None,
        };
        self.status = to.to_owned();
        self.version += 1;
        Expected::Applied(may_trade)
    }
}
