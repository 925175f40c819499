//! What a customer's KYC comes to, worked out from LIFECYCLES and from nothing else: the check, the suspensions beside it, and
//! what is told.

use std::collections::BTreeMap;

use boma_core::kernel::timestamp::Timestamp;
use serde_json::Value as Json;

use super::kyc_table::edge;
use crate::content::Claim;

/// A check that isn't finished after so many days is abandoned.
const DAYS_TO_FINISH: i64 = 30;
/// A review is on an operator's desk for so long.
const MINUTES_TO_REVIEW: i64 = 30;

const MINUTE_MICROS: i64 = 60 * 1_000_000;

/// The time so many days later, in RFC 3339.
fn days_after(time: &str, days: i64) -> String {
    let later = micros(time) + days * 24 * 60 * MINUTE_MICROS;
    Timestamp::from_micros(later).expect("a moment in our time").to_string()
}

pub fn micros(time: &str) -> i64 {
    Timestamp::parse(time).expect("sources tell the time").micros()
}

/// An event, and when it is decided. Texts in RFC 3339 with six decimals and Z compare as moments do; all of them here are
/// written that way.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub kind: &'a str,
    pub id: &'a str,
    pub data: &'a Json,
    pub time: &'a str,
    pub now: &'a str,
}

impl<'a> Told<'a> {
    pub fn of(claim: &'a Claim, data: &'a Json, now: &'a str) -> Told<'a> {
        Told { kind: &claim.kind, id: &claim.id, data, time: &claim.time, now }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub check: String,
    /// With their reasons.
    pub suspensions: BTreeMap<String, String>,
    pub version: i64,
    pub cycle: i64,
    pub attempt: i64,
    /// When time ends the check, if it ever does.
    pub due: Option<String>,
    pub valid_until: Option<String>,
    /// What the last result said, when, and which version it made.
    last: Option<([Json; 4], String, i64)>,
    reviews: Vec<String>,
    old_reviews: Vec<String>,
    claim: Option<(String, i64)>,
}

impl Default for State {
    fn default() -> State {
        State {
            check: "PENDING".to_owned(),
            suspensions: BTreeMap::new(),
            version: 0,
            cycle: 1,
            attempt: 1,
            due: None,
            valid_until: None,
            last: None,
            reviews: Vec::new(),
            old_reviews: Vec::new(),
            claim: None,
        }
    }
}

/// What an event comes to in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The follow-ups that it brings about.
    Applied(Vec<&'static str>),
    Stale,
    Refused,
}

impl State {
    /// The check is requested now.
    pub fn asked(&mut self, now: &str) {
        self.due = Some(days_after(now, DAYS_TO_FINISH));
    }

    /// kyc-request opens a case only where nothing is begun; a suspension begins nothing.
    pub fn is_begun(&self) -> bool {
        self.check != "PENDING" || self.due.is_some()
    }

    pub fn status(&self) -> &str {
        if self.suspensions.is_empty() || self.check == "CLOSED" { &self.check } else { "SUSPENDED" }
    }

    pub fn may_trade(&self) -> bool {
        self.check == "APPROVED" && self.suspensions.is_empty()
    }

    pub fn take(&mut self, told: Told<'_>) -> Expected {
        match told.kind {
            _ if self.is_stale(told) => Expected::Stale,
            "ReviewClaimed" | "ReviewReturned" => self.assign(told),
            _ => self.after(told).map_or(Expected::Refused, |next| {
                let told = self.follow_ups(&next);
                *self = next;
                Expected::Applied(told)
            }),
        }
    }

    fn is_stale(&self, Told { kind, id, data, time, .. }: Told<'_>) -> bool {
        match kind {
            "KycCompleted" => {
                let is_of_another = data["cycle"].as_i64().is_some_and(|cycle| cycle != self.cycle);
                let is_old = self.old_reviews.contains(&text(data, "reviewId"));
                let is_earlier = self.last.as_ref().is_some_and(|(_, at, _)| time < at.as_str());
                let is_over = matches!(self.check.as_str(), "EXPIRED" | "ABANDONED");
                let kept = self.valid_until.clone().filter(|_| !is_over);
                let ends_otherwise = self.keeps_end(data) && end(data).or(kept) != self.valid_until;
                let is_last = |(last, _, made): &([Json; 4], String, i64)| *made == self.version && says(data) == *last;
                let repeats = self.last.as_ref().is_some_and(is_last) && !ends_otherwise;
                is_of_another || is_old || is_earlier || repeats
            }
            "KycExpired" | "KycLapsed" => data["kycVersion"].as_i64() != Some(self.version),
            "KycHeld" => self.check == "ON_HOLD",
            "KycSuspended" => self.suspensions.contains_key(named(data).as_deref().unwrap_or(id)),
            "ReviewClaimed" => {
                self.running(time).is_some_and(|(who, at)| *who == text(data, "operator") && micros(time) <= *at)
            }
            "ReviewReturned" => self.running(time).is_none(),
            _ => false,
        }
    }

    /// Of an approval; and on hold of everything that stays there, for whoever releases it.
    fn keeps_end(&self, data: &Json) -> bool {
        data["decision"] == "APPROVED" || self.check == "ON_HOLD" && data["decision"] != "REJECTED"
    }

    fn running(&self, time: &str) -> Option<&(String, i64)> {
        self.claim.as_ref().filter(|(_, at)| micros(time) - at < MINUTES_TO_REVIEW * MINUTE_MICROS)
    }

    fn assign(&mut self, Told { kind, data, time, .. }: Told<'_>) -> Expected {
        let operator = text(data, "operator");
        let is_anothers = self.running(time).is_some_and(|(who, _)| *who != operator);
        if is_anothers || edge(&self.check, kind).is_none() {
            return Expected::Refused;
        }
        self.claim = (kind == "ReviewClaimed").then(|| (operator, micros(time)));
        Expected::Applied(Vec::new())
    }

    fn follow_ups(&self, next: &State) -> Vec<&'static str> {
        let trading = match (self.may_trade(), next.may_trade()) {
            (false, true) => Some("UserActive"),
            (true, false) => Some("UserRestricted"),
            _ => None,
        };
        let letter = match next.check.as_str() {
            "APPROVED" => Some("KYC_APPROVED"),
            "REJECTED" => Some("KYC_REJECTED"),
            "RESUBMISSION_REQUIRED" => Some("KYC_RESUBMISSION"),
            _ => None,
        };
        trading.into_iter().chain(letter.filter(|_| self.check != next.check)).collect()
    }

    fn after(&self, told @ Told { kind, data, time, now, .. }: Told<'_>) -> Option<State> {
        let decision = text(data, "decision");
        let event = if decision.is_empty() { kind.to_owned() } else { format!("{kind} {decision}") };
        let to = edge(&self.check, &event)?;
        let mut next = State { version: self.version + 1, suspensions: self.suspended(told)?, ..self.clone() };
        match kind {
            "KycSubmitted" if self.check == "RESUBMISSION_REQUIRED" => next.attempt += 1,
            "KycRestarted" | "KycAppealed" => next = next.cycle_after(),
            "KycCompleted" => next.note(told),
            "KycReviewed" if decision == "APPROVED" => {
                next.valid_until = end(data).or(next.valid_until);
            }
            _ => {}
        }
        let is_over = |at: &str| next.valid_until.as_deref().is_some_and(|until| until <= at);
        let approves = to == "APPROVED" && decision == "APPROVED";
        if approves && is_over(time) {
            return None;
        }
        let is_judged = approves || to == "APPROVED" && kind == "KycReinstated";
        let to = if is_judged && is_over(now) { "EXPIRED" } else { to };
        next.due = match to {
            "APPROVED" => next.valid_until.clone(),
            "PENDING" | "RESUBMISSION_REQUIRED" if matches!(kind, "KycSuspended" | "KycReinstated") => next.due,
            "PENDING" | "RESUBMISSION_REQUIRED" => Some(days_after(now, DAYS_TO_FINISH)),
            _ => None,
        };
        next.claim = next.claim.filter(|_| matches!(to, "IN_REVIEW" | "ON_HOLD"));
        to.clone_into(&mut next.check);
        Some(next)
    }

    /// None where no suspension is the one that is meant.
    fn suspended(&self, Told { kind, id, data, .. }: Told<'_>) -> Option<BTreeMap<String, String>> {
        let mut open = self.suspensions.clone();
        match (kind, named(data)) {
            ("KycSuspended", named) => _ = open.insert(named.unwrap_or(id.to_owned()), text(data, "reason")),
            ("KycCompleted", _) if self.check == "APPROVED" && data["decision"] == "REJECTED" => {
                let reasons = data["reasons"].as_array().into_iter().flatten().filter_map(Json::as_str);
                open.insert(id.to_owned(), reasons.collect::<Vec<_>>().join(", "));
            }
            ("KycReinstated", Some(named)) => _ = open.remove(&named)?,
            ("KycReinstated", None) if open.len() == 1 => open.clear(),
            ("KycReinstated", None) => return None,
            ("KycSuspensionConfirmed", _) if open.is_empty() => return None,
            ("KycSuspensionConfirmed" | "AccountClosed", _) => open.clear(),
            _ => {}
        }
        Some(open)
    }

    fn cycle_after(self) -> State {
        let old_reviews = [self.old_reviews, self.reviews].concat();
        let State { suspensions, version, cycle, .. } = self;
        State { suspensions, version, cycle: cycle + 1, old_reviews, ..State::default() }
    }

    fn note(&mut self, Told { data, time, .. }: Told<'_>) {
        if matches!(self.check.as_str(), "EXPIRED" | "ABANDONED") {
            self.valid_until = None;
        }
        if self.keeps_end(data) {
            self.valid_until = end(data).or(self.valid_until.take());
        }
        self.reviews.push(text(data, "reviewId"));
        self.last = Some((says(data), time.to_owned(), self.version));
    }
}

/// What a result says, but for its end: one that names none says the one that is known.
fn says(data: &Json) -> [Json; 4] {
    ["provider", "reviewId", "decision", "reasons"].map(|name| data[name].clone())
}

fn end(data: &Json) -> Option<String> {
    data["validUntil"].as_str().map(str::to_owned)
}

fn text(data: &Json, name: &str) -> String {
    data[name].as_str().unwrap_or_default().to_owned()
}

fn named(data: &Json) -> Option<String> {
    data["suspensionId"].as_str().map(str::to_owned)
}
